"""What stops publishing, told to the operator in words."""

from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from jiyue.estate.models import Site
from jiyue.foundation import reserve
from jiyue.foundation.home import Home
from jiyue.foundation.objects import ObjectDamaged, ObjectMissing, StoreFull
from jiyue.publishing import full_disk, incidents
from jiyue.publishing.agenda import latest_try
from jiyue.publishing.deploying import ChainDamaged, ClockBehind, DeployFull
from jiyue.publishing.models import Incident, Publication, SitePublication
from jiyue.publishing.reconciling import LedgerBehind, LedgerDamaged
from jiyue.publishing.sealed import SealBroken

# What stops a whole site: told to the operator in words, and tried again.
TROUBLES = (DeployFull, StoreFull, ChainDamaged, ClockBehind, LedgerBehind, LedgerDamaged, ObjectMissing, ObjectDamaged)


def report_seal(site: Site, broken: SealBroken, now: datetime) -> None:
    """A row of the projection is not what was signed."""
    what = _("%(subject)s 的封签不符：有人绕过平台改动了数据库，已停止使用这一行") % {"subject": broken.subject}
    incidents.report(kind=Incident.Kind.SEAL, subject=f"{site.host} {broken.subject}", what=what, now=now, site=site)


def report_put_off(site: Site, at: datetime) -> None:
    """Progress rows that somebody put off beyond the longest wait."""
    put_off = Publication.objects.filter(site=site, next_try_at__gt=latest_try(at))
    for sequence in put_off.exclude(state=Publication.State.DEPLOYED).values_list("sign_off__sequence", flat=True):
        what = _("签发第 %(number)d 号被推迟到不可能的时间，已立即处理") % {"number": sequence}
        subject = f"publication:{sequence}"
        incidents.report(kind=Incident.Kind.MIRROR, subject=subject, what=what, now=at, site=site)


def report_trouble(site: Site, error: Exception, now: datetime) -> None:
    """One of TROUBLES; the site shows it until its next release."""
    if isinstance(error, DeployFull | StoreFull):
        reserve.give_up(Home(settings.JIYUE_HOME))
    kind, what = _told(error)
    incidents.report(kind=kind, subject=site.host, what=what, now=now, site=site)
    SitePublication.objects.filter(site=site).update(problem=what)


def _told(error: Exception) -> tuple[str, str]:
    """The kind of an incident, and what to tell the operator."""
    match error:
        case DeployFull() | StoreFull():
            return Incident.Kind.DISK, full_disk.sentence()
        case ClockBehind():
            return Incident.Kind.DEPLOY, _("服务器时间早于上一批次的发布时间，已停止发布；请校准时间")
        case LedgerBehind():
            return Incident.Kind.LEDGER, _(
                "台账里没有最新批次所依据的签发记录，可能恢复了较早的数据库；已停止发布。"
                "确认无误后，对该网站执行一次回退并恢复发布，即以现在的台账为准"
            )
        case LedgerDamaged():
            return Incident.Kind.LEDGER, _("台账本身受损，无法重新计算；该网站停止更新，请从备份恢复台账")
        case ChainDamaged():
            return Incident.Kind.DEPLOY, _("最新发布批次的文件不可信，已停止发布；请运行 jiyue verify")
    return Incident.Kind.DEPLOY, _("文件库中的文件缺失或损坏：%(which)s") % {"which": str(error)}
