"""Rules in Chinese words, for whoever asks on a command line or reads a generated table. Needs no catalogue."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from jiyue.domain.limits import (
    FixedDate,
    Limit,
    NotALimit,
    Period,
    Rate,
    SameDay,
    Span,
    Unit,
    WithEvent,
    parse_least,
    parse_span,
)
from jiyue.domain.rule_terms import (
    REASON,
    ClassLimit,
    Deadline,
    Eligibility,
    Kind,
    Quota,
    Ratio,
    Recurrence,
    Retention,
    Setting,
    Terms,
)
from jiyue.domain.rulesets import UNDATED, Answer, Basis, Copy, Level, Parameter, Passed, Since, Supplement, Text, Value
from jiyue.domain.working_days import DayKind, Why
from jiyue.rules.code_words import PARTS, WORDS

KINDS: Final[Mapping[Kind, str]] = {
    Kind.DEADLINE: "期限",
    Kind.RECURRENCE: "频次",
    Kind.QUOTA: "数量",
    Kind.RATIO: "比例",
    Kind.RETENTION: "保存期",
    Kind.ELIGIBILITY: "资格",
    Kind.SETTING: "设置",
}
LEVELS: Final[Mapping[Level, str]] = {
    Level.NATION: "国家",
    Level.PROVINCE: "省级",
    Level.CITY: "市级",
    Level.COUNTY: "县级",
}
COPIES: Final[Mapping[Copy, str]] = {
    Copy.ISSUED: "已读印发原文",
    Copy.REPRINT: "据转载",
    Copy.SECONDARY: "据他人转述",
    Copy.NOTES: "据资料摘记",
    Copy.UNSOURCED: "无出处",
    Copy.CONVENTION: "平台约定，不是规定",
}
UNITS: Final[Mapping[Unit, str]] = {
    Unit.HOURS: "小时",
    Unit.DAYS: "日",
    Unit.WORKING_DAYS: "个工作日",
    Unit.WEEKS: "周",
    Unit.MONTHS: "个月",
    Unit.YEARS: "年",
}
PERIODS: Final[Mapping[Period, str]] = {
    Period.DAY: "每日",
    Period.WORKING_DAY: "每个工作日",
    Period.WEEK: "每周",
    Period.MONTH: "每月",
    Period.QUARTER: "每季度",
    Period.HALF_YEAR: "每半年",
    Period.YEAR: "每年",
}
NOT_SET: Final = "未规定"
_WEEKDAYS: Final = "一二三四五六日"


def limit(found: Limit) -> str:
    match found:
        case Span():
            return f"{found.amount} {UNITS[found.unit]}"
        case SameDay():
            return "当日"
        case WithEvent():
            return "同步"
        case FixedDate():
            return f"{found.month} 月 {found.day} 日前"


def terms(found: Terms) -> str:
    """The whole rule in one phrase."""
    match found:
        case Deadline():
            return _deadline(found)
        case Recurrence():
            return _recurrence(found)
        case Quota():
            return "，".join(_rate(rate) for rate in (found.at_least, found.at_most) if rate is not None)
        case Ratio():
            return f"不低于 {found.at_least}"
        case Retention():
            return f"至少 {limit(found.at_least)}"
        case Eligibility():
            return "；".join(_ruling(ruling.subject, ruling.answer, ruling.most) for ruling in found.rulings)
        case Setting():
            return setting(found.value)


def value(found: Value) -> str:
    """What one pack says: its figure, its word, or both."""
    return _said(found.word, found.terms)


def supplement(found: Supplement) -> str:
    """What a pack further up says of the subjects that the text leaves open, and on what basis."""
    bases = "；".join(map(basis, found.value.basis))
    return f"文中没有规定的对象，按{found.title}：{value(found.value)}（{bases}）"


def _said(word: str, rule: Terms | None) -> str:
    return "，".join(filter(None, (f"“{word}”" if word else "", terms(rule) if rule else "")))


def answer(found: Answer) -> str:
    """What holds; where only words are said, these; or that nothing is set."""
    if found.value is not None:
        return _said(found.value.word, found.terms)
    words = dict.fromkeys(passed.value.word for passed in found.words if passed.value is not None)
    return "，".join(f"“{word}”" for word in words) + "，没有数值" if words else NOT_SET


def setting(found: Any) -> str:
    """A setting's value in one line; of a list of named things, the names."""
    if isinstance(found, bool):
        return "是" if found else "否"
    if isinstance(found, list):
        return (
            "；".join(map(_row, found))
            if any(isinstance(each, Mapping) for each in found)
            else "、".join(map(setting, found))
        )
    if isinstance(found, Mapping):
        return "，".join(f"{PARTS.get(name, name)}：{setting(each)}" for name, each in found.items())
    return code(found) if isinstance(found, str) else str(found)


def code(found: str) -> str:
    """The word of a code, a span or a rate; anything else as it was written."""
    if found in WORDS:
        return WORDS[found]
    try:
        if " per " in found:
            return _rate(parse_least(found))
        return limit(parse_span(found))
    except NotALimit:
        return found


def basis(found: Basis) -> str:
    """《title》 number, article, and how the text was read."""
    number = f"（{found.number}）" if found.number else ""
    return f"{title(found.document)}{number}{found.article or '（条号未记）'}，{COPIES[found.source]}"


def title(found: str) -> str:
    """The title of a text between its marks; titles inside it get the inner ones."""
    if found.startswith("《"):
        return found
    return f"《{found.replace('《', '〈').replace('》', '〉')}》"


def since(found: Since) -> str:
    if found.stated == UNDATED:
        return "施行日未载明"
    return f"自 {found.stated} 起" if found.is_exact else f"自 {found.stated} 起（文中未写到日）"


def passed(found: Passed) -> str:
    """Why a pack did not answer."""
    if found.value is not None:
        return f"{found.title}只写“{found.value.word}”，没有数值"
    if found.later is not None:
        return f"{found.title}{since(found.later)}才有规定"
    return f"{found.title}未规定"


def not_set(found: Answer) -> str:
    """Nobody sets it: all who were asked."""
    return f"没有规定：{'；'.join(map(passed, found.passed))}"


def parameter(found: Parameter) -> str:
    numbers = f"，{'、'.join(found.ids)}" if found.ids else ""
    return f"{found.title}（{found.name}{numbers}）"


def text(found: Text) -> str:
    parts = [title(found.title), found.number, f"{found.issued.stated} 印发" if found.issued else "",
             f"{found.in_force.stated} 施行" if found.in_force else "施行日未载明", COPIES[found.source]]  # fmt: skip
    return "，".join(filter(None, parts))


def why(found: Why) -> str:
    """The reason of a day of the calendar."""
    match found.kind:
        case DayKind.HOLIDAY:
            return f"{found.name}放假{_set_by(found)}"
        case DayKind.SHIFTED_WORK:
            return f"{found.name}调休上班{_set_by(found)}"
        case DayKind.WEEKEND:
            return "周末"
        case DayKind.WORKDAY:
            return "工作日"
        case DayKind.UNPUBLISHED_WORKDAY:
            return "工作日（当年放假安排未公布或未载入）"
        case DayKind.UNPUBLISHED_HOLIDAY:
            return f"{found.name}，法定假日（当年放假安排未公布或未载入）"
        case DayKind.UNPUBLISHED_WEEKEND:
            return "周末（当年放假安排未公布或未载入）"
        case DayKind.UNKEPT_WORKDAY:
            return "工作日（平台没有收录当年的放假安排）"
        case DayKind.UNKEPT_WEEKEND:
            return "周末（平台没有收录当年的放假安排）"
        case DayKind.UNSETTLED_WORKDAY:
            return "工作日（下一年放假安排尚未公布，可能调整）"
        case DayKind.UNSETTLED_WEEKEND:
            return "周末（下一年放假安排尚未公布，可能调整）"


def _set_by(found: Why) -> str:
    return f"（{found.by}规定）" if found.by else ""


def day(found: date) -> str:
    return f"{found.isoformat()} 周{_WEEKDAYS[found.weekday()]}"


def moment(found: datetime) -> str:
    return found.strftime("%Y-%m-%d %H:%M:%S")


def _deadline(found: Deadline) -> str:
    classes = "，".join(f"{each.name} {_limits(each)}" for each in found.classes)
    return f"没有分类时 {_limits(found)}；{classes}" if classes else _limits(found)


def class_limit(found: ClassLimit) -> str:
    """The limits of a class, without its name."""
    return _limits(found)


def _limits(found: Deadline | ClassLimit) -> str:
    """The normal limit, with the latest one where there is one."""
    if found.latest is None:
        return limit(found.limit)
    if isinstance(found, ClassLimit):
        return f"{limit(found.limit)}（最迟 {limit(found.latest)}）"
    when = f"{found.latest_when}，" if found.latest_when else ""
    needs = "，须说明理由" if found.latest_needs == REASON else ""
    return f"{limit(found.limit)}（{when}最迟 {limit(found.latest)}{needs}）"


def _recurrence(found: Recurrence) -> str:
    if found.gap:
        return f"间隔不超过 {limit(found.gap)}"
    if found.rate:
        return _rate(found.rate)
    return f"每年 {limit(found.by)}" if found.by else f"随“{found.event}”"


def _rate(found: Rate) -> str:
    bound = f"至多 {found.most}" if found.least is None else f"至少 {found.least}"
    return f"{PERIODS[found.per]}{bound} 次" if found.per else f"{bound} 个"


def _ruling(subject: str, answers: tuple[str, ...], most: int | None) -> str:
    return f"{code(subject)}：{'、'.join(map(code, answers))}" + (f"（至多 {most} 个）" if most is not None else "")


def _row(found: Any) -> str:
    if isinstance(found, Mapping) and isinstance(found.get("name"), str):
        return str(found["name"])
    return f"（{setting(found)}）" if isinstance(found, Mapping) else setting(found)
