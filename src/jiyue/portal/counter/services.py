"""The guide from whose page somebody came to write, read from the signed data beside that page (SERV-10)."""

import json
from dataclasses import dataclass
from typing import Final

GUIDE: Final = "guide"  # its address stands in the query of every page that asks about it


@dataclass(frozen=True)
class Asked:
    """The service item that is asked about: address and title of its guide on this site, and its code."""

    address: str
    title: str
    code: str


def asked_of(data: bytes, address: str) -> Asked | None:
    """What a page of the deployed tree is the guide of; None for every other page, and for a guide of no item."""
    try:
        guide = json.loads(data)["record"]
        item = guide["detail"]["item"] if guide["kind"] == "service_guide" else None
        return Asked(address, str(guide["title"]), str(item["code"])) if item else None
    except (ValueError, KeyError, TypeError):
        return None
