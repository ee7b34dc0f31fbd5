"""开通检查: what a site must have before it opens (PLAT-04; Hebi art. 23, 27), each line in words."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from jiyue.content.models import Column
from jiyue.content.structure import identity_of
from jiyue.estate.models import Appointment, Site
from jiyue.identity.roles import Role
from jiyue.review import ledger

MARKS = ("identification_code", "icp_number", "police_number", "party_mark", "contact", "error_report_url")
NEEDED = (Role.SITE_MANAGER, Role.EDITOR, Role.FIRST_REVIEWER, Role.SECOND_REVIEWER, Role.FINAL_REVIEWER)


@dataclass(frozen=True)
class Check:
    """One line: what is asked, whether it is met, what is missing, and where to mend it."""

    label: Any
    met: bool
    missing: str
    url: str


def readiness_of(site: Site) -> list[Check]:
    """The checklist of a site. Five queries, whatever the size of the site."""
    marks = [str(Site._meta.get_field(name).verbose_name) for name in MARKS if not getattr(site, name)]
    open_columns = Column.objects.filter(site=site, closed_at__isnull=True)
    kinds = set(open_columns.values_list("channel", "kind"))
    channels = [label for code, label in Column.Channel.choices if code not in {channel for channel, _kind in kinds}]
    pages = {Column.Kind.DISCLOSURE_GUIDE, Column.Kind.INSTITUTIONS, Column.Kind.LEADERS, Column.Kind.POLICY_DOCUMENTS}
    lacking = [Column.Kind(code).label for code in sorted(pages - {kind for _channel, kind in kinds})]
    ownerless = open_columns.filter(responsible=None).values_list("name", flat=True)
    held = set(Appointment.objects.filter(site=site, user__is_active=True).values_list("role", flat=True))
    vacant = [role.label for role in NEEDED if role not in held]
    blocks = sorted(site.compulsory_blocks - set(site.blocks))
    signed = ledger.current(identity_of(site)) is not None
    return [
        _check(_("标识与备案齐全"), marks, "console_profile", site),
        _check(_("必须开通的功能都已开通"), blocks, "console_profile", site),
        _check(_("五个频道齐全"), channels, "console_columns", site),
        _check(_("法定公开栏目齐全"), lacking if site.kind != Site.Kind.SUBSITE else [], "console_columns", site),
        _check(_("每个栏目都有责任单位"), list(ownerless), "console_columns", site),
        _check(_("必要的人员都已任命"), vacant, "console_people", site),
        _check(_("设置与栏目已签发"), [] if signed else [str(_("还没有签发"))], "console_structure", site),
    ]


def _check(label: Any, missing: list, view_name: str, site: Site) -> Check:
    words = "、".join(str(word) for word in missing)
    return Check(label, not missing, words, reverse(view_name, args=[site.pk]))
