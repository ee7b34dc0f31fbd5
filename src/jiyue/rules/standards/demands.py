"""What a unit asks beyond a shipped standard, field by field: filled, no longer than, one of. Never less than it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from jiyue.rules.standards.validating import Schema

LONGEST: Final = 100_000
MOST_VALUES: Final = 200


class DemandRefused(ValueError):
    """A demand that says nothing, or about a field that the standard does not have. `field` names it."""

    def __init__(self, field: str, code: str) -> None:
        super().__init__(f"{field}: {code}")
        self.field, self.code = field, code


@dataclass(frozen=True)
class Demand:
    """Of one field (`summary`, `detail.index_number`): must be filled; at most so many characters; one of these."""

    filled: bool = False
    longest: int | None = None
    allowed: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self.filled or self.longest is not None or bool(self.allowed)

    def as_json(self) -> dict[str, Any]:
        return {name: value for name, value in asdict(self).items() if value}


def fields_of(schema: Schema, prefix: str = "") -> dict[str, Schema]:
    """The fields of a record's standard about which something can be asked, by their dotted names."""
    found: dict[str, Schema] = {}
    for name, part in schema.get("properties", {}).items():
        if part.get("type") == "object":
            found |= fields_of(part, f"{prefix}{name}.")
        elif not part.get("x-given"):
            found[prefix + name] = part
    return found


def demands_of(given: Mapping[str, Any], schema: Schema) -> dict[str, Demand]:
    """Stored demands, read and judged against the standard they add to. Raises DemandRefused."""
    fields, found = fields_of(schema), {}
    for name, asked in given.items():
        if name not in fields:
            raise DemandRefused(name, "unknown")
        if not isinstance(asked, Mapping) or asked.keys() - {"filled", "longest", "allowed"}:
            raise DemandRefused(name, "form")
        demand = Demand(bool(asked.get("filled")), asked.get("longest"), tuple(asked.get("allowed", ())))
        _refuse_senseless(name, demand, fields[name])
        if demand:
            found[name] = demand
    return found


def as_schema(demands: Mapping[str, Demand], base: Schema) -> dict[str, Any]:
    """The demands as a JSON Schema of their own: a record must conform to the shipped one and to this."""
    fields = fields_of(base)
    root: dict[str, Any] = {"type": "object", "required": [], "properties": {}}
    for name, demand in demands.items():
        here, *below = name.split(".")
        target = root
        for part in below:
            target["required"] += [here] if here not in target["required"] else []
            target = target["properties"].setdefault(here, {"type": "object", "required": [], "properties": {}})
            here = part
        target["properties"][here] = _part(demand, fields[name])
        if demand.filled:
            target["required"].append(here)
    return root


def _part(demand: Demand, field: Schema) -> dict[str, Any]:
    part: dict[str, Any] = {"title": field.get("title", "")}
    is_list = field.get("type") == "array"
    if demand.filled:
        part |= {"minItems": 1} if is_list else {"minLength": 1, "x-filled": True}
    bounds: dict[str, Any] = {}
    if demand.longest is not None:
        bounds["maxLength"] = demand.longest
    if demand.allowed:
        # What need not be filled may stay empty.
        empty: list[Any] = [] if demand.filled or is_list else ["", None]
        bounds["enum"] = [*demand.allowed, *empty]
        bounds["x-names"] = field.get("x-names", {})
    return part | ({"items": {"title": part["title"], **bounds}} if is_list and bounds else bounds)


def _refuse_senseless(name: str, demand: Demand, field: Schema) -> None:
    if demand.longest is not None:
        known = field.get("maxLength", LONGEST)
        if not isinstance(demand.longest, int) or isinstance(demand.longest, bool) or not 0 < demand.longest <= known:
            raise DemandRefused(name, "longest")
    values = demand.allowed
    if len(values) > MOST_VALUES or any(not isinstance(value, str) or not value.strip() for value in values):
        raise DemandRefused(name, "allowed")
    if "enum" in field and set(values) - set(field["enum"]):
        raise DemandRefused(name, "wider")
