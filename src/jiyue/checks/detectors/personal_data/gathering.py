"""From hits to findings: what overlaps is one, a column is one, many people together are one more."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from jiyue.checks.detectors.personal_data import wording
from jiyue.checks.detectors.personal_data.columns import (
    ILL,
    POOR,
    YOUNG,
    Column,
    cell_hits,
    columns,
    is_statistics,
)
from jiyue.checks.detectors.personal_data.facts import facts
from jiyue.checks.detectors.personal_data.hits import BASES, MINOR_LAW, PERSON_LAW, SENSITIVE_LAW, Hit
from jiyue.checks.detectors.personal_data.masking import masked
from jiyue.checks.detectors.personal_data.numbers import numbers
from jiyue.checks.detectors.personal_data.numbers_known import birth_of
from jiyue.checks.detectors.personal_data.written import written
from jiyue.checks.findings import Finding, Fix, Severity
from jiyue.checks.matter import Matter
from jiyue.checks.own_words import own_words
from jiyue.checks.settings import Settings

_EXCERPT = 60
# A list without cells: so many on lines that follow each other, so near.
_FEWEST_IN_RUN, _NEAR = 5, 160
ADULT = 18
# Of two that overlap the surer kind stays.
_ORDER = ("id-number", "bank-card", "account", "passport", "e-mail", "mobile", "plate", "address", "birth-date",
          "landline", "sensitive", "minor", "name")  # fmt: skip


def find(matter: Matter, settings: Settings) -> Iterator[Finding]:
    """Personal data in the text and in the columns of its tables."""
    found = list(columns(matter))
    scanned = [*numbers(matter.text, today=settings.now), *written(matter.text), *facts(matter.text)]
    hits = _apart([*scanned, *(hit for column in found for hit in cell_hits(matter.text, column))])
    by_column, rest = _sorted_in(hits, found)
    few = settings.threshold("personal-data.column")
    for column, kinds in by_column:
        for kind, members in kinds.items():
            if kind == "name" or (kind == "mobile" and is_statistics(column)):
                continue
            if len(members) >= few:
                yield _of_many(settings, kind, members, _place(column))
            else:
                rest += members
    for members in _runs(matter.text, rest):
        if len(members) > 1:
            yield _of_run(matter, settings, members)
        else:
            yield _of_one(settings, members[0])
    yield from _own_words(matter, settings)
    yield from _lists(settings, found, by_column)
    yield from _young_numbers(settings, hits)


def _apart(hits: Sequence[Hit]) -> list[Hit]:
    """Hits without overlaps."""
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda one: (one.start, _ORDER.index(one.kind), -one.severity.weight, -one.end)):
        if kept and hit.start < kept[-1].end:
            if _ORDER.index(hit.kind) < _ORDER.index(kept[-1].kind):
                kept[-1] = hit
            continue
        kept.append(hit)
    return kept


def _runs(text: str, hits: Iterable[Hit]) -> Iterator[list[Hit]]:
    """Hits one by one, but five and more of one kind on lines that follow each other together: a list without cells."""
    by_kind: defaultdict[str, list[list[Hit]]] = defaultdict(list)
    for hit in sorted(hits, key=lambda one: one.start):
        groups = by_kind[hit.kind]
        last = groups[-1][-1] if groups else None
        if last and hit.start - last.end < _NEAR and "\n" in text[last.end : hit.start]:
            groups[-1].append(hit)
        else:
            groups.append([hit])
    for kind, groups in by_kind.items():
        for group in groups if kind != "name" else ():
            yield from [group] if len(group) >= _FEWEST_IN_RUN and kind in wording.RUN else ([hit] for hit in group)


def _of_run(matter: Matter, settings: Settings, members: Sequence[Hit]) -> Finding:
    place = f"{matter.place(members[0].start)}至{matter.place(members[-1].start)}"
    return _of_many(settings, members[0].kind, members, place)


Kinds = dict[str, list[Hit]]


def _sorted_in(hits: Iterable[Hit], found: Sequence[Column]) -> tuple[list[tuple[Column, Kinds]], list[Hit]]:
    """Hits by the column whose cell holds them, and those in no table."""
    cells = sorted((start, end, place) for place, column in enumerate(found) for start, end in column.cells)
    sorted_hits: defaultdict[int, Kinds] = defaultdict(dict)
    rest: list[Hit] = []
    at = 0
    for hit in hits:
        while at < len(cells) and cells[at][1] <= hit.start:
            at += 1
        if at < len(cells) and cells[at][0] <= hit.start:
            sorted_hits[cells[at][2]].setdefault(hit.kind, []).append(hit)
        else:
            rest.append(hit)
    return [(found[place], kinds) for place, kinds in sorted(sorted_hits.items())], rest


def _of_one(settings: Settings, hit: Hit) -> Finding:
    shown = masked(hit, settings)
    doubt = wording.DOUBTS.get((hit.kind, hit.doubt), wording.ONE[hit.kind])
    values = {"masked": shown, **({"fact": hit.doubt} if hit.kind == "sensitive" else {})}
    return Finding(
        detector=f"personal-data.{hit.kind}",
        severity=hit.severity,
        message=doubt,
        start=hit.start,
        end=hit.end,
        excerpt=shown[:_EXCERPT],
        suggestion=wording.ASK_MINOR if hit.kind == "minor" else wording.MASK,
        basis=BASES.get(hit.kind, PERSON_LAW),
        fix=Fix(hit.start, hit.end, shown),
        values=values,
    )


def _of_many(settings: Settings, kind: str, members: Sequence[Hit], place: str) -> Finding:
    """Many of one kind are one finding whose fixes mask all; a list of numbers is never a public contact."""
    fixes = _fixes(settings, members)
    return Finding(
        detector=f"personal-data.{kind}",
        severity=max((hit.severity for hit in members), key=lambda one: one.weight),
        message=wording.MANY[kind],
        start=members[0].start,
        end=members[-1].end,
        excerpt="、".join(fix.replacement for fix in fixes[:2]) + ("……" if len(fixes) > 2 else ""),
        suggestion=wording.MASK_ALL,
        basis=BASES.get(kind, PERSON_LAW),
        fix=fixes[0],
        place=place,
        values={"place": place, "count": str(len(members))},
        more_fixes=fixes[1:],
    )


def _fixes(settings: Settings, hits: Iterable[Hit]) -> tuple[Fix, ...]:
    return tuple(Fix(hit.start, hit.end, masked(hit, settings)) for hit in hits)


def _place(column: Column) -> str:
    head = " ".join(column.head.split())
    return f"{column.table.place} “{head[:20]}”列" if head else f"{column.table.place} 第 {column.number + 1} 列"


def _lists(settings: Settings, found: Sequence[Column], by_column: Sequence[tuple[Column, Kinds]]) -> Iterator[Finding]:
    """Lists of people: with illness or need, of minors, and of many."""
    tables: defaultdict[int, list[tuple[Column, Kinds]]] = defaultdict(list)
    for column, kinds in by_column:
        tables[column.table.start].append((column, kinds))
    heads: defaultdict[int, list[Column]] = defaultdict(list)
    for column in found:
        heads[column.table.start].append(column)
    for start, members in tables.items():
        names = [hit for _column, kinds in members for hit in kinds.get("name", ())]
        if names:
            yield from _named_list(settings, heads[start], names)
        yield from _bulk(settings, members)


def _named_list(settings: Settings, heads: Sequence[Column], names: Sequence[Hit]) -> Iterator[Finding]:
    for pattern, message, kind, severity, law in (
        (ILL, wording.ILL, "sensitive", Severity.BLOCK, SENSITIVE_LAW),
        (POOR, wording.POOR, "sensitive", Severity.WARN, SENSITIVE_LAW),
        (YOUNG, wording.YOUNG, "minor", Severity.WARN, MINOR_LAW),
    ):
        told = next((column for column in heads if pattern.search(column.head) and column.cells), None)
        if told is not None:
            yield _about_list(settings, told, names, message, kind, severity, law)
            if kind == "sensitive":
                continue


def _about_list(
    settings: Settings, told: Column, names: Sequence[Hit], message: str, kind: str, severity: Severity, law: str
) -> Finding:
    fixes = _fixes(settings, names)
    place = told.table.place
    return Finding(
        detector=f"personal-data.{kind}",
        severity=severity,
        message=message,
        start=names[0].start,
        end=names[-1].end,
        excerpt="、".join(fix.replacement for fix in fixes[:2]) + ("……" if len(fixes) > 2 else ""),
        suggestion=wording.ASK_MINOR if kind == "minor" else wording.DROP_NAMES,
        basis=law,
        fix=fixes[0],
        place=place,
        values={"place": place, "count": str(len(names)), "head": " ".join(told.head.split())[:20]},
        more_fixes=fixes[1:],
    )


def _bulk(settings: Settings, members: Sequence[tuple[Column, Kinds]]) -> Iterator[Finding]:
    """Many people at once, each with a name or number and something more (PRIV-07)."""
    counts = {kind: len(hits) for _column, kinds in members for kind, hits in kinds.items() if kind in wording.KINDS}
    most = max(counts.values(), default=0)
    common = [kind for kind in wording.KINDS if counts.get(kind, 0) * 2 >= most]
    if most < settings.threshold("personal-data.aggregation") or len(common) < 2:
        return
    table = members[0][0].table
    yield Finding(
        detector="personal-data.aggregation",
        severity=Severity.WARN,
        message=wording.BULK,
        start=table.start,
        end=table.end,
        suggestion=wording.LESS,
        basis="《中华人民共和国个人信息保护法》第六条、第五十五条",
        place=table.place,
        values={"count": str(most), "kinds": "、".join(wording.KINDS[kind] for kind in common)},
    )


def _own_words(matter: Matter, settings: Settings) -> Iterator[Finding]:
    """What the unit itself counts as sensitive personal data."""
    for word, start, end in own_words(matter.text, settings.words_of("personal-data")):
        yield Finding(
            detector="personal-data.sensitive", severity=word.severity, message=wording.OWN, start=start, end=end,
            excerpt=word.text, suggestion=word.suggestion or wording.LOOK, basis=word.basis or SENSITIVE_LAW,
        )  # fmt: skip


def _young_numbers(settings: Settings, hits: Sequence[Hit]) -> Iterator[Finding]:
    young = [hit for hit in hits if hit.kind == "id-number" and not hit.doubt and _is_minor(hit.value, settings)]
    if not young:
        return
    fixes = _fixes(settings, young)
    yield Finding(
        detector="personal-data.minor",
        severity=Severity.BLOCK,
        message=wording.YOUNG_ID,
        start=young[0].start,
        end=young[-1].end,
        excerpt=fixes[0].replacement,
        suggestion=wording.ASK_MINOR,
        basis=MINOR_LAW,
        fix=fixes[0],
        values={"count": str(len(young))},
        more_fixes=fixes[1:],
    )


def _is_minor(value: str, settings: Settings) -> bool:
    born = birth_of("".join(sign for sign in value if sign.isalnum()))
    if born is None:
        return False
    today = settings.now
    age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    return age < ADULT
