"""What a file of each kind looks like. UNSOURCED: no layout is published by anybody, so all columns are this platform's own."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from jiyue.domain.cases import Kind
from jiyue.interaction.models import Case
from jiyue.interaction.own_limits import is_limit
from jiyue.interaction.telling import is_address
from jiyue.interaction.words import CATEGORIES, KINDS

PLATFORM: Final = "我为政府网站找错平台"  # who handed it down; stands in the letter as `handed_by`
KEPT_IN: Final = "zh-hans"  # the language of all that is read from files, written into them and kept of them


@dataclass(frozen=True)
class Column:
    """One column: its key in JSONL, its heading in a workbook, and how it is filled in. `longest` in characters."""

    key: str
    heading: Any
    longest: int
    how: Any = ""
    needed: bool = False


@dataclass(frozen=True)
class Layout:
    """One kind of file: what is read of a line, what is written of an answer, and what else is wrong with a line (`wrong`)."""

    source: Case.Source
    taken: tuple[Column, ...]
    handed: tuple[Column, ...]
    wrong: Callable[[Mapping[str, str]], str]

    @property
    def needed(self) -> tuple[Column, ...]:
        return tuple(column for column in self.taken if column.needed)

    @property
    def number(self) -> Column:
        """The column of the outer number."""
        return next(column for column in self.taken if column.key == NUMBER)


NUMBER, SITE, PAGE, CATEGORY, TITLE, TEXT, SENT_AT, NAME, PHONE, EMAIL = (
    "number", "site", "page", "category", "title", "text", "sent_at", "name", "phone", "email",
)  # fmt: skip
TAKEN: Final = (
    Column(NUMBER, _("平台编号"), 60, _("国家平台上的编号；同一个编号只登记一次"), needed=True),
    Column(SITE, _("网站"), 120, _("有错网站的域名，或者 10 位网站标识码"), needed=True),
    Column(PAGE, _("网址"), 500, _("有错网页的完整网址，以“http://”或者“https://”开头"), needed=True),
    Column(TEXT, _("内容"), 5000, _("网民写的原文"), needed=True),
    Column(
        SENT_AT,
        _("提交时间"),
        40,
        _("写到分，例如 2026-11-20 09:30；没有时区的按北京时间，期限从这时算起"),
        needed=True,
    ),
    Column(CATEGORY, _("问题类型"), 20, _("可以不填：打不开、没有更新、内容不准确、没有答复、错别字、虚假内容、其他")),
    Column(TITLE, _("标题"), 60, _("可以不填，不填时用内容的开头")),
    Column(NAME, _("网民姓名"), 40, _("可以不填；加密保存，只给办理的人看")),
    Column(PHONE, _("网民电话"), 40, _("可以不填；加密保存，只给办理的人看")),
    Column(EMAIL, _("网民邮箱"), 120, _("可以不填；加密保存，只给办理的人看")),
)
HANDED: Final = (
    Column(NUMBER, _("平台编号"), 60), Column("case", _("本平台编号"), 24), Column(SITE, _("网站"), 120),
    Column(PAGE, _("网址"), 500), Column("state", _("状态"), 20), Column("unit", _("办理单位"), 120),
    Column("level", _("报到哪一级"), 120), Column(TEXT, _("答复内容"), 20_000), Column(SENT_AT, _("提交时间"), 40),
    Column("proposed_at", _("提出答复意见时间"), 40), Column("decided_at", _("这一步的时间"), 40),
    Column("answered_at", _("答复时间"), 40),
)  # fmt: skip
CENTRE, ACCOUNT, LINK, KIND, PUBLIC, YES = "centre", "account", "link", "kind", "public", "是"
_SENT = _("写到分，例如 2026-11-20 09:30；没有时区的按北京时间，期限从这时算起")
_KINDS = _("可以不填，不填算咨询；可以填：咨询、投诉、建议、求助、网站找错、举报")
_TITLE = Column(TITLE, _("标题"), 60, _("可以不填，不填时用内容的开头"))
_CALLS_TAKEN: Final = (
    Column(NUMBER, _("工单号"), 60, _("热线的工单号；同一条热线的同一个工单只登记一次"), needed=True),
    Column(CENTRE, _("热线"), 120, _("热线或者呼叫中心的名称，每次写法要一样"), needed=True),
    Column(TEXT, _("内容"), 5000, _("来电人说的话"), needed=True),
    Column(SENT_AT, _("来电时间"), 40, _SENT, needed=True),
    Column(KIND, _("类别"), 20, _KINDS),
    _TITLE,
    Column(NAME, _("来电人姓名"), 40, _("可以不填；加密保存，只给办理的人看")),
    Column(PHONE, _("回复电话"), 40, _("可以不填；加密保存，只给办理的人看")),
    Column(PUBLIC, _("同意公开"), 1, _("来电人同意隐去个人信息后公开的，填“是”")),
)
_COMMENTS_TAKEN: Final = (
    Column(ACCOUNT, _("账号"), 120, _("平台和账号名称，例如“微博 澄湖发布”，每次写法要一样"), needed=True),
    Column(LINK, _("链接"), 500, _("评论所在的完整网址，以“http://”或者“https://”开头"), needed=True),
    Column(TEXT, _("评论内容"), 5000, _("网友写的原文"), needed=True),
    Column(SENT_AT, _("评论时间"), 40, _SENT, needed=True),
    Column(NUMBER, _("评论编号"), 60, _("账号平台给的编号；可以不填，不填时按账号、链接、时间和内容认")),
    Column(KIND, _("类别"), 20, _KINDS),
    _TITLE,
    Column(NAME, _("网名"), 40, _("可以不填；加密保存，只给办理的人看")),
)
SUPERIOR, LIMIT = "superior", "limit"
_SUPERIORS_TAKEN: Final = (
    Column(NUMBER, _("上级编号"), 60, _("上级转办时给的编号；同一个上级的同一个编号只登记一次"), needed=True),
    Column(SUPERIOR, _("转办单位"), 120, _("转来的上级单位的名称，每次写法要一样"), needed=True),
    Column(TEXT, _("内容"), 5000, _("来信人写的原文"), needed=True),
    Column(SENT_AT, _("转办时间"), 40, _SENT, needed=True),
    Column(LIMIT, _("办理期限"), 20, _("上级另有要求的才填：日期，或者“7个工作日”“10日”；比适用的规定长的，按规定")),
    Column(KIND, _("类别"), 20, _KINDS),
    _TITLE,
    Column(NAME, _("来信人姓名"), 40, _("可以不填；加密保存，只给办理的人看")),
    Column(PHONE, _("来信人电话"), 40, _("可以不填；加密保存，只给办理的人看")),
    Column(EMAIL, _("来信人邮箱"), 120, _("可以不填；加密保存，只给办理的人看")),
    Column(PUBLIC, _("同意公开"), 1, _("来信人同意隐去个人信息后公开的，填“是”")),
)
_ANSWER: Final = (
    Column("state", _("状态"), 20), Column("unit", _("办理单位"), 120), Column("answer", _("答复内容"), 20_000),
    Column(SENT_AT, _("收到时间"), 40), Column("decided_at", _("答复审核时间"), 40), Column("answered_at", _("答复时间"), 40),
)  # fmt: skip
_CALLS_HANDED: Final = (
    Column(NUMBER, _("工单号"), 60), Column(CENTRE, _("热线"), 120), Column("case", _("本平台编号"), 24), *_ANSWER,
    Column("told", _("答复方式"), 80),
)  # fmt: skip
_SUPERIORS_HANDED: Final = (
    Column(NUMBER, _("上级编号"), 60), Column(SUPERIOR, _("转办单位"), 120), Column("case", _("本平台编号"), 24), *_ANSWER,
)  # fmt: skip
_COMMENTS_HANDED: Final = (
    Column(ACCOUNT, _("账号"), 120), Column(LINK, _("链接"), 500), Column(NUMBER, _("评论编号"), 60),
    Column("case", _("本平台编号"), 24), Column(TEXT, _("评论内容"), 5000), *_ANSWER,
)  # fmt: skip


def headings(columns: tuple[Column, ...]) -> dict[str, str]:
    """Key by heading. Headings are Chinese, whatever language the person at the console reads."""
    with override(KEPT_IN):
        return {str(column.heading): column.key for column in columns}


def categories() -> dict[str, str]:
    """Code by what a kind of error is called in a file, in Chinese."""
    with override(KEPT_IN):
        return {str(label): code for code, label in CATEGORIES.items()}


def kinds() -> dict[str, str]:
    """Code by what a kind of letter is called in a file, in Chinese. A leader is written to on the site."""
    with override(KEPT_IN):
        return {str(label): kind.value for kind, label in KINDS.items() if kind != Kind.LEADER_LETTER}


def layout_of(source: str) -> Layout:
    """Raises KeyError for a channel from which no files come."""
    return LAYOUTS[source]


def _wrong_report(values: Mapping[str, str]) -> str:
    if not is_address(values[PAGE]):
        return gettext("“网址”要是完整的网页地址，以“http://”或者“https://”开头")
    known = categories()
    if values[CATEGORY] and values[CATEGORY] not in {*known, *known.values()}:
        return gettext("没有填的这种问题类型；可以填：%(known)s") % {"known": "、".join(known)}
    return ""


def _wrong_call(values: Mapping[str, str]) -> str:
    if values[KIND] and values[KIND] not in kinds():
        return gettext("没有填的这种类别；可以填：%(known)s") % {"known": "、".join(kinds())}
    return ""


def _wrong_comment(values: Mapping[str, str]) -> str:
    if not is_address(values[LINK]):
        return gettext("“链接”要是完整的网页地址，以“http://”或者“https://”开头")
    return _wrong_call(values)


def _wrong_superior(values: Mapping[str, str]) -> str:
    if values[SUPERIOR] == PLATFORM:
        return gettext("国家平台的留言请在“找错文件”里接收")
    if values[LIMIT] and not is_limit(values[LIMIT]):
        return gettext("看不懂“办理期限”，请写成 2026-12-10 这样的日期，或者“7个工作日”“10日”")
    return _wrong_call(values)


ERRORS: Final = Layout(Case.Source.PLATFORM, TAKEN, HANDED, _wrong_report)
CALLS: Final = Layout(Case.Source.HOTLINE, _CALLS_TAKEN, _CALLS_HANDED, _wrong_call)
COMMENTS: Final = Layout(Case.Source.ACCOUNT, _COMMENTS_TAKEN, _COMMENTS_HANDED, _wrong_comment)
SUPERIORS: Final = Layout(Case.Source.SUPERIOR, _SUPERIORS_TAKEN, _SUPERIORS_HANDED, _wrong_superior)
LAYOUTS: Final[Mapping[str, Layout]] = {layout.source: layout for layout in (ERRORS, CALLS, COMMENTS, SUPERIORS)}
