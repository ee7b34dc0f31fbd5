"""What a command ends with (design 10): done and clean, done and something found or refused, wrong use."""

import argparse
import json
import sys
from collections.abc import Callable

DONE, FOUND, WRONG_USE = 0, 1, 2


class WrongUse(Exception):
    """The call cannot be carried out as written; the message says what and how to mend it."""


def show(options: argparse.Namespace, rows: list[dict], line: Callable[[dict], str]) -> None:
    """Write what was found: one JSON document where it was asked for, else a line each."""
    if options.json:
        sys.stdout.write(json.dumps(rows, ensure_ascii=False, indent=1, default=str) + "\n")
        return
    for row in rows:
        sys.stdout.write(line(row) + "\n")
