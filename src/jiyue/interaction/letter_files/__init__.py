"""Files of letters that others took down, and what is handed back as files: the national platform of error reports (X-02,
S-07), call centres (INT-21), comments of accounts (NM-12).

One way in and one way out; a `Layout` is what differs. No layout of any of them is published: columns and their names are
ours and say so wherever they are seen; when one is known, `layouts` is the one place that changes.
"""
