"""What a new edition of a shipped standard asks that the one before it did not, field by field."""

from dataclasses import dataclass

from jiyue.rules.standards.demands import fields_of
from jiyue.rules.standards.register import Edition, Register
from jiyue.rules.standards.validating import Schema


@dataclass(frozen=True)
class Difference:
    """An edition against the one before it (None for a standard that is new). Fields are given by their titles."""

    edition: Edition
    before: Edition | None
    added: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    altered: tuple[str, ...] = ()


def difference(register: Register, words: str) -> Difference | None:
    """Of the edition with this name; None for one that this program does not bring any more."""
    edition = register.edition(words)
    if edition is None:
        return None
    earlier = [each for each in register.editions[edition.name] if each.since < edition.since]
    if not earlier:
        return Difference(edition, None)
    old, new = fields_of(earlier[-1].schema), fields_of(edition.schema)
    must, had = _required(edition.schema), _required(earlier[-1].schema)
    return Difference(
        edition, earlier[-1],
        added=tuple(_title(new, name) for name in new if name not in old),
        dropped=tuple(_title(old, name) for name in old if name not in new),
        required=tuple(_title(new, name) for name in new if name in must - had),
        altered=tuple(_title(new, name) for name in new if name in old and new[name] != old[name]),
    )  # fmt: skip


def _required(schema: Schema, prefix: str = "") -> frozenset[str]:
    """The dotted names of the fields that must be there."""
    found = {prefix + name for name in schema.get("required", ())}
    for name, part in schema.get("properties", {}).items():
        if part.get("type") == "object":
            found |= _required(part, f"{prefix}{name}.")
    return frozenset(found)


def _title(fields: dict[str, Schema], name: str) -> str:
    return str(fields[name].get("title") or name)
