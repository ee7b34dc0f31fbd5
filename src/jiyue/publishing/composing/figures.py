"""来信办理统计: figures of a year as charts and as tables, from the newest sealed statement."""

import re
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from jiyue.domain import talk_figures
from jiyue.domain.letter_figures import Sum, median_days, satisfaction, share_in_time, total
from jiyue.interaction.models import Case
from jiyue.publishing import answered, figures, pages
from jiyue.publishing.composing.answers import FIGURES, answers_columns, kind_word
from jiyue.publishing.composing.ground import ground
from jiyue.publishing.frame import Link
from jiyue.publishing.framing import address_of_column
from jiyue.publishing.pages import Crumb, LetterFiguresPage
from jiyue.publishing.read_keys import group_key
from jiyue.publishing.reading import Reader

OF_YEAR = re.compile(r"(?:(?P<year>[12]\d{3})/)?")
NOTHING = "—"


def compose_figures(reader: Reader, address: str) -> LetterFiguresPage | None:
    """The figures at an address: of the newest year, or of one; None for every other address."""
    for column in answers_columns(reader):
        base = f"{address_of_column(column)}{FIGURES}"
        found = OF_YEAR.fullmatch(address.removeprefix(base)) if address.startswith(base) else None
        if found and column.get("publishes_figures"):
            return _page(reader, column, base, int(found["year"] or 0))
    return None


def figure_addresses(reader: Reader) -> list[str]:
    """Every address of figures: of all columns that carry the order, and all years told of."""
    columns = [column for column in answers_columns(reader) if column.get("publishes_figures")]
    told = figures.newest(reader.site) if columns else None
    years = told.years()[1:] if told else []
    bases = [f"{address_of_column(column)}{FIGURES}" for column in columns]
    return [address for base in bases for address in (base, *(f"{base}{year}/" for year in years))]


def _page(reader: Reader, column: dict[str, Any], base: str, year: int) -> LetterFiguresPage | None:
    reader.note(group_key(reader.site.pk))
    told = figures.newest(reader.site)
    years = told.years() if told else []
    if year and year not in years[1:]:
        return None
    chosen = year or (years[0] if years else reader.at.year)
    title = _("来信办理统计（%(year)s 年）") % {"year": chosen}
    ground_of = ground(reader, title, f"{base}{year}/" if year else base, column)
    crumbs = (*ground_of["crumbs"], Crumb(title=_("来信办理统计"), address=base))
    shared: dict[str, Any] = {
        **ground_of, "crumbs": crumbs, "year": chosen,
        "entrance": Link(title=column["name"], address=address_of_column(column)),
    }  # fmt: skip
    if told is None:
        return LetterFiguresPage(**shared, as_of=None, whole=None)
    of = told.of_year(chosen)
    links = (
        Link(title=str(each), address=base if each == years[0] else f"{base}{each}/", current=each == chosen)
        for each in years
    )
    return LetterFiguresPage(
        **shared, as_of=told.as_of, whole=_line(_("合计"), of.whole()), charts=tuple(_charts(of)),
        kinds=tuple(_line(kind_word(kind), one) for kind, one in _known(of.by("kind")).items()),
        channels=tuple(_line(word, one) for word, one in _channels(of).items()),
        classes=tuple(_line(name, one) for name, one in of.by("class").items()),
        units=tuple(_line(unit, one) for unit, one in of.by("unit").items()),
        talks=tuple(_talks(of)), years=tuple(links) if len(years) > 1 else (),
    )  # fmt: skip


def _known(by_kind: dict[str, Sum]) -> dict[str, Sum]:
    """Kinds in the order of the forms; a kind of letter that has no word here counts as other letters."""
    words = answered.KINDS.values
    found: dict[str, Sum] = {code: by_kind[code] for code in words if code in by_kind}
    rest = [one for code, one in by_kind.items() if code not in words]
    if rest:
        found["other"] = total([*([found["other"]] if "other" in found else []), *rest])
    return found


def _channels(of: figures.Figures) -> dict[str, Sum]:
    """Channels in words, in their own order; none while some letters of the year are not counted by channel."""
    named, words = of.by("channel"), dict(Case.Source.choices)
    if sum(one["received"] for one in named.values()) != of.whole()["received"]:
        return {}
    return {str(words[code]): named[code] for code in words if code in named}


def _talks(of: figures.Figures) -> Iterable[pages.TalkLine]:
    """Live enquiries by unit, and all of them where there are several."""
    for line in of.talks:
        yield _talk_line(line["unit"], line["talks"])
    if len(of.talks) > 1:
        yield _talk_line(_("合计"), talk_figures.total(line["talks"] for line in of.talks))


def _talk_line(title: str, one: talk_figures.Sum) -> pages.TalkLine:
    share = talk_figures.share_in_time(one)
    return pages.TalkLine(
        title=title, held=one["held"], taken=one["taken"], letters=one["letters"],
        in_time=NOTHING if share is None else f"{share}%", satisfaction=_satisfied(one),
    )  # fmt: skip


def _charts(of: figures.Figures) -> Iterable[pages.Chart]:
    kinds = {kind_word(kind): one["received"] for kind, one in _known(of.by("kind")).items()}
    units = {unit: one["received"] for unit, one in of.by("unit").items()}
    scores = of.whole()["ratings"]
    yield _chart(_("按类别收到的来信（件）"), kinds)
    if len(units) > 1:
        yield _chart(_("按承办单位收到的来信（件）"), units)
    if scores:
        named = {_("%(score)s 分") % {"score": score}: scores.get(score, 0) for score in "54321"}
        yield _chart(_("来信人评价（人次）"), named)


def _chart(title: str, values: dict[str, int]) -> pages.Chart:
    longest = max(values.values(), default=0) or 1
    bars = (pages.Bar(title=word, value=value, length=1000 * value // longest) for word, value in values.items())
    return pages.Chart(title=title, bars=tuple(bars))


def _line(title: str, one: Sum) -> pages.FigureLine:
    share, days = share_in_time(one), median_days(one)
    return pages.FigureLine(
        title=title, received=one["received"], answered=one["answered"],
        in_time=NOTHING if share is None else f"{share}%",
        median=NOTHING if days is None else _("%(days)s 个工作日") % {"days": f"{days:g}"},
        satisfaction=_satisfied(one),
    )  # fmt: skip


def _satisfied(one: Sum) -> str:
    happy = satisfaction(one)
    return NOTHING if happy is None else _("%(share)s%%（%(count)s 人评价）") % {"share": happy[0], "count": happy[1]}
