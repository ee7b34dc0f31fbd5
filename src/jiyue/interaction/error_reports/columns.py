"""The columns of both files. UNSOURCED: no layout of the national platform is published, so these are this platform's own."""

from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from jiyue.interaction.words import CATEGORIES

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
NEEDED: Final = tuple(column for column in TAKEN if column.needed)


def headings(columns: tuple[Column, ...]) -> dict[str, str]:
    """Key by heading. Headings are Chinese, whatever language the person at the console reads."""
    with override(KEPT_IN):
        return {str(column.heading): column.key for column in columns}


def categories() -> dict[str, str]:
    """Code by what a kind of error is called in a file, in Chinese."""
    with override(KEPT_IN):
        return {str(label): code for code, label in CATEGORIES.items()}
