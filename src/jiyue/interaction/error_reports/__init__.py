"""“我为政府网站找错”: reports handed over as files by the national platform, and what is handed back as files (X-02, S-07).

No interface of the national platform is published. Columns and their names are ours (`columns`), and say so wherever they
are seen; when its layout is known, this package is the one place that changes.
"""
