"""All packs in one table, as `docs/rules/packs.md`: every parameter, what each pack says, since when, on what article."""

from collections.abc import Iterator
from typing import Final

from jiyue.domain.rulesets import UNDATED, Pack, Parameter, Value
from jiyue.rules import wording
from jiyue.rules.library import Library

_LONGEST: Final = 160  # characters of a cell; the files hold the rest
_COPIES: Final = {"issued": "", "reprint": "¹", "secondary": "²", "notes": "³", "unsourced": "⁴", "convention": "⁵"}
_HEAD: Final = """\
# All packs

Written by `make rules` from `rulepacks/`; do not edit. A cell is what the pack itself says; an empty one falls back to the
pack it extends, and where that is empty too the answer is "not set". “…” is the text's own word without a figure. The small
number says which kind of copy of the text was read: none the issued one, ¹ a reprint, ² restated by others, ³ field notes
only, ⁴ no source found, ⁵ no text at all, a convention of the platform. A value without “自” has no known day of effect
and applies to every day.
"""


def packs_table(library: Library) -> str:
    """The whole page."""
    packs = [library.pack(name) for name in library.names]
    return "\n".join([_HEAD, *_texts(packs), *_parameters(library, packs)]) + "\n"


def _texts(packs: list[Pack]) -> Iterator[str]:
    yield "| Pack | 适用 | Extends | Version | Texts |"
    yield "|---|---|---|---|---|"
    for pack in packs:
        texts = "<br>".join(f"`{text.key}` {wording.text(text)}" for text in pack.texts.values())
        yield f"| `{pack.name}` | {pack.title} | {pack.extends or '—'} | {pack.version} | {texts} |"


def _parameters(library: Library, packs: list[Pack]) -> Iterator[str]:
    """One table for each first word of the names, with only those packs that say anything there."""
    areas: dict[str, list[Parameter]] = {}
    for parameter in library.parameters.values():
        areas.setdefault(parameter.name.split(".")[0], []).append(parameter)
    for area, parameters in areas.items():
        speaking = [pack for pack in packs if any(parameter.name in pack.values for parameter in parameters)]
        yield f"\n## {area}\n"
        yield _row(["Parameter", *(pack.name for pack in speaking)])
        yield "|---" * (len(speaking) + 1) + "|"
        for parameter in parameters:
            yield _row([_name(parameter), *(_cell(pack, parameter) for pack in speaking)])


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _name(parameter: Parameter) -> str:
    numbers = f" {', '.join(parameter.ids)}" if parameter.ids else ""
    return f"`{parameter.name}`{numbers}<br>{wording.KINDS[parameter.kind]}：{parameter.title}"


def _cell(pack: Pack, parameter: Parameter) -> str:
    return "<br>".join(_value(value) for value in pack.values.get(parameter.name, ()))


def _value(value: Value) -> str:
    since = "" if value.since.stated == UNDATED else f"自 {value.since.stated}："
    said = wording.value(value)
    if len(said) > _LONGEST:
        said = f"{said[:_LONGEST]}…"
    article = "、".join(f"{basis.text} {basis.article}".strip() + _COPIES[basis.source.value] for basis in value.basis)
    return f"{since}{said}（{article}）".replace("|", "\\|").replace("\n", " ")
