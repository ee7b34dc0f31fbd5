"""The process that reads attachments. Foreign files may crash it, make it loop or eat memory: that harms nothing else.

A line on its standard input names a file, its kind, and where its text is to be kept; it answers with one byte a line.
"""

import json
import os
import resource
import sys
from pathlib import Path

from jiyue.checks.reading import matter_of_file

LARGEST = 60 << 20  # bytes
LONGEST = 400_000  # signs of one attachment that are looked up
MEMORY = 1536 << 20  # bytes
PATIENT = 10  # steps behind those who answer visitors


def main() -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    os.nice(PATIENT)
    answers = os.dup(1)
    os.dup2(2, 1)  # whatever a library prints must not look like an answer
    for line in sys.stdin:
        path, kind, kept = json.loads(line)
        keep(Path(kept), text_of(Path(path), kind))
        os.write(answers, b".")
    return 0


def text_of(path: Path, kind: str) -> str | None:
    """The text of a file, at most LONGEST signs; None when it cannot be read."""
    try:
        if path.stat().st_size > LARGEST:
            return None
        matter = matter_of_file(path.read_bytes(), f"file.{kind}")
    except (OSError, MemoryError) as error:
        sys.stderr.write(f"{path.name}: {type(error).__name__} {error}\n")
        return None
    return matter.text[:LONGEST] if matter.text or not matter.troubles else None


def keep(path: Path, text: str | None) -> None:
    """Write it whole or not at all; lost in a power cut, it is read again."""
    part = path.with_suffix(f".part{os.getpid()}")
    part.write_text(json.dumps(text), encoding="ascii")
    part.replace(path)


if __name__ == "__main__":
    raise SystemExit(main())
