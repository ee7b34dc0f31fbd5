"""The matter of a proposal in one line, the same on its screens and in the list of work."""

from django.utils.translation import gettext as _

from jiyue.console.rule_names import named
from jiyue.obligations.noticing import RuleChange
from jiyue.rules.library import shipped
from jiyue.rules.models import (
    CalendarRevision,
    LocalPack,
    LocalStandard,
    Override,
    PackAssignment,
    PackEdition,
    Proposal,
)
from jiyue.rules.queries import library
from jiyue.rules.standards import shipped as standards


def what(row: Proposal) -> str:
    """Whose rule, and which."""
    packs = library()
    titles = {name: packs.pack(name).title for name in packs.names}
    match row:
        case Override():
            whose = row.organisation.name if row.organisation else titles.get(row.pack, row.pack)
            return f"{whose}：{named(row.parameter)}"
        case LocalPack():
            return f"{titles.get(row.name, row.name)} {row.version}"
        case CalendarRevision():
            year = _("%(year)s 年") % {"year": row.year}
            return f"{row.organisation.name}：{year}" if row.organisation else year
        case PackAssignment():
            return f"{row.organisation.name}：{titles.get(row.pack, row.pack)}"
        case LocalStandard():
            edition = standards().in_force(row.standard, row.from_on)
            title = edition.title if edition else row.standard
            whose = row.organisation.name if row.organisation else _("全平台")
            return _("%(whose)s：%(title)s的数据要求") % {"whose": whose, "title": title}
    raise TypeError(row)


def what_changes(change: RuleChange) -> str:
    """The matter of a change of rules in one line; of an upgrade, the pack and the version that came."""
    row = change.row
    if isinstance(row, CalendarRevision):
        return _("%(what)s放假安排") % {"what": what(row)}
    if not isinstance(row, PackEdition):
        return what(row)
    if change.of_days:
        return _("随程序更新装入 %(years)s 年的放假安排") % {"years": row.version}
    if change.of_data:
        register = standards()
        named = [edition.title for name, _since in row.values if (edition := register.in_force(name, change.since))]
        return _("随程序更新启用的数据标准：%(names)s") % {"names": "、".join(named)}
    facts = {"pack": shipped().pack(row.name).title, "version": row.version}
    return _("规则包“%(pack)s”更新为 %(version)s 版") % facts
