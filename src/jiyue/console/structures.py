"""What differs in a site's settings, columns and notices, in words: the body of a structure review."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.utils import timezone
from django.utils.translation import gettext as _

from jiyue.content.models import Column, Leader, Record
from jiyue.estate.models import Block, MarkPicture, Notice, Site

COLUMN_FACTS = (
    "name", "path", "kind", "channel", "description", "keywords", "update_class", "responsible", "position", "closed",
    "publishes_figures",
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One thing that is new, gone or different."""

    where: str
    what: str
    before: str
    after: str
    pictures: tuple[str, str] = ("", "")  # digests of the pictures of a mark, before and after


def structure_rows(before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> list[Row]:
    """All differences; everything is new when nothing was signed before."""
    old = before or {"profile": {}, "columns": [], "notices": []}
    profile = _profile(old["profile"], after["profile"])
    rest = (
        _columns(old, after), _notices(old, after), _windows(old, after), _mailboxes(old, after),
        _comment_orders(old, after),
    )  # fmt: skip
    return [*profile, *_marks(old, after), *chain.from_iterable(rest)]


def _profile(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Row]:
    for name in dict.fromkeys([*new, *old]):  # an entry that was taken out stands in the old one alone
        value = new.get(name)
        if value != old.get(name):
            yield Row(_("网站设置"), _label(Site, name), _worded(Site, name, old.get(name)), _worded(Site, name, value))


def _marks(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Row]:
    was = {facts["mark"]: facts for facts in old.get("marks", ())}
    now = {facts["mark"]: facts for facts in new.get("marks", ())}
    for mark in MarkPicture.Mark:
        before, after = was.get(mark), now.get(mark)
        if before != after:
            pictures = (before or {}).get("digest", ""), (after or {}).get("digest", "")
            yield Row(_("标识图片"), mark.label, _mark(before), _mark(after), pictures)


def _mark(facts: Mapping[str, Any] | None) -> str:
    if facts is None:
        return _("无")
    size = _("%(width)s×%(height)s 像素的图片") % {"width": facts["width"], "height": facts["height"]}
    return f"{size}，{_('链接：')}{facts['address']}" if facts["address"] else size


def _columns(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Row]:
    was = {column["id"]: column for column in old["columns"]}
    now = {column["id"]: column for column in new["columns"]}
    for key, column in now.items():
        if key not in was:
            yield Row(_("栏目"), _("新增"), "", f"{column['name']}（/{column['path']}/）")
            if column.get("publishes_figures"):  # a standing order is signed with open eyes
                yield Row(column["name"], _label(Column, "publishes_figures"), "", _("是"))
            continue
        yield from _column(was[key], column)
    for key in was.keys() - now.keys():
        yield Row(_("栏目"), _("删去"), was[key]["name"], "")


def _column(was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Row]:
    where = _("栏目“%(name)s”") % {"name": now["name"]}
    for name in COLUMN_FACTS:
        if was.get(name) != now.get(name):
            label = _("关闭") if name == "closed" else _label(Column, name)
            yield Row(where, label, _worded(Column, name, was.get(name)), _worded(Column, name, now.get(name)))


def _notices(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Row]:
    kinds = dict(Notice.Kind.choices)
    for notice in new["notices"]:
        if notice not in old["notices"]:
            yield Row(_("网站公告"), _("新增"), "", f"{kinds[notice['kind']]}：{notice['text']}")
    for notice in old["notices"]:
        if notice not in new["notices"]:
            yield Row(_("网站公告"), _("删去"), f"{kinds[notice['kind']]}：{notice['text']}", "")


def _windows(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Row]:
    before, after = old.get("windows", ()), new.get("windows", ())
    for window in after:
        if window not in before:
            yield Row(_("首页飘窗"), _("新增"), "", f"{window['title']} {window['address']}")
    for window in before:
        if window not in after:
            yield Row(_("首页飘窗"), _("删去"), f"{window['title']} {window['address']}", "")


def _mailboxes(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Row]:
    was = {facts["leader"]: facts for facts in old.get("mailboxes", ())}
    now = {facts["leader"]: facts for facts in new.get("mailboxes", ())}
    names = dict(Leader.objects.filter(identity__in=[*was, *now]).values_list("identity", "title"))
    for identity in dict.fromkeys([*now, *was]):
        before, after = was.get(identity), now.get(identity)
        if before != after:
            name = next((title for key, title in names.items() if str(key) == identity), identity)
            yield Row(_("领导信箱"), name, _mailbox(before), _mailbox(after))


def _mailbox(facts: Mapping[str, Any] | None) -> str:
    if facts is None:
        return _("无")
    return f"{_('开通') if facts['open'] else _('暂停收信')}：{facts['words']}"


def _comment_orders(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Row]:
    """A standing order is signed with open eyes: where, what, until when, and whose accounts decide."""
    was = {(facts["column"], facts["page"]): facts for facts in old.get("comments", ())}
    now = {(facts["column"], facts["page"]): facts for facts in new.get("comments", ())}
    columns = {column["id"]: column["name"] for told in (old, new) for column in told.get("columns", ())}
    titles = {str(key): title for key, title in Record.objects.filter(
        identity__in=[page for _column_id, page in (*was, *now) if page]
    ).values_list("identity", "title")}  # fmt: skip
    for place in dict.fromkeys([*now, *was]):
        before, after = was.get(place), now.get(place)
        if before != after:
            name = titles.get(place[1], place[1]) or columns.get(place[0]) or _("整个网站")
            yield Row(_("评论和评价"), name, _comment_order(before), _comment_order(after))


def _comment_order(facts: Mapping[str, Any] | None) -> str:
    if facts is None:
        return _("无")
    taken = [
        word
        for taken, word in ((facts["takes_comments"], _("可以评论")), (facts["takes_votes"], _("可以评价")))
        if taken
    ]
    times = [
        f"{word}{timezone.localtime(datetime.fromisoformat(facts[name])):%Y-%m-%d %H:%M}"
        for name, word in (("opens_at", _("开始：")), ("closes_at", _("结束："))) if facts[name]
    ]  # fmt: skip
    keepers = [_("评论管理员：%(named)s，审核账号：%(accounts)s") % {
        "named": facts["named"], "accounts": "、".join(facts["keepers"])
    }] if facts["takes_comments"] else []  # fmt: skip
    return "；".join([*(taken or [_("关闭")]), *times, *keepers])


def _label(model, name: str) -> str:
    if name == "mourning":
        return _("哀悼模式")
    try:
        return str(model._meta.get_field(name).verbose_name)
    except FieldDoesNotExist:
        return name


def _worded(model, name: str, value: Any) -> str:
    if value in (None, "", [], False, ["", ""]):
        return _("无")
    if value is True:
        return _("是")
    if name == "blocks":
        return "、".join(str(Block(block).label) for block in value)
    if isinstance(value, dict):
        return str(value.get("name", ""))
    if isinstance(value, list):
        return "、".join(str(item) for item in value)
    try:
        choices = dict(model._meta.get_field(name).flatchoices or [])
    except FieldDoesNotExist:
        choices = {}
    return str(choices.get(value, value))
