"""领导信箱: opened and closed by the site's manager, in words that the site signs; letters go to its desk and keeper (INT-15)."""

from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from jiyue.content.models import Leader, LeaderMailbox
from jiyue.content.models.mailboxes import LONGEST_WORDING
from jiyue.domain.letters import tidied
from jiyue.estate.models import Site
from jiyue.estate.policies import may_manage
from jiyue.foundation.audit import record
from jiyue.identity.models import User
from jiyue.identity.persons import accounts_of_same_person
from jiyue.interaction.events import LeaderNamed, LeaderUnnamed, MailboxMoved
from jiyue.interaction.leaders import KEEPING, persons_for, reads_all, seal_of, signed
from jiyue.interaction.policies import desks_of, takes_letters

OPENED, CHANGED, CLOSED = "opened", "changed", "closed"


def leaders_of(site: Site) -> list[Leader]:
    """The leaders whom the site has published, in their order; only they can have a mailbox."""
    rows = Leader.objects.filter(site=site).order_by("position", "pk")
    return [leader for leader in rows if signed(leader) is not None]


def keepers_at(site: Site) -> QuerySet[User]:
    """Who may keep a mailbox whose letters go to this site: its people for letters."""
    serving = User.objects.filter(is_active=True, appointments__site=site, appointments__role__in=KEEPING)
    return serving.distinct().order_by("name", "pk")


@transaction.atomic
def open_mailbox(
    *,
    leader: Leader,
    wording: str,
    desk: Site,
    keeper: User | None,
    by: User,
    now: datetime,
    person: User | None = None,
) -> LeaderMailbox:
    """Open a leader's mailbox, open it again, or change who takes its letters and what stands beside the name.

    `person` is the leader's own account, if he reads his letters here; naming none takes the reading away.
    Public from the next sign-off of the structure on. Raises PermissionDenied, ValidationError.
    """
    site = leader.site
    _require_manager(by, site)
    if signed(leader) is None:
        raise ValidationError({"leader": _("只能为网站上已经公开的领导开通信箱")})
    if not takes_letters(site):
        raise ValidationError(_("网站没有开通互动交流，不能开通领导信箱"))
    _refuse_desk(site, desk, keeper)
    _refuse_person(leader, person, by)
    found = LeaderMailbox.objects.select_for_update().filter(leader=leader).first()
    act = CHANGED if found is not None and found.is_open else OPENED
    row = found or LeaderMailbox(site=site, leader=leader)
    row.wording, row.desk, row.keeper = _words(wording, "wording"), desk, keeper
    row.is_open, row.closed_why, row.closed_at = True, "", None
    row.opened_at = now if act == OPENED else row.opened_at
    before, row.person = row.person, person
    row.save()
    _name(row, before, by=by, now=now)
    return _told(row, act, by=by, now=now)


@transaction.atomic
def close_mailbox(*, mailbox: LeaderMailbox, why: str, by: User, now: datetime) -> LeaderMailbox:
    """Take no more letters, and say why where they were written. What came already is handled, and its leader reads it no more.

    Raises as `open_mailbox`.
    """
    row = (
        LeaderMailbox.objects.select_for_update(of=("self",))
        .select_related("leader", "site", "desk", "person")
        .get(pk=mailbox.pk)
    )
    _require_manager(by, row.site)
    words = _words(why, "why")
    if not row.is_open:
        raise ValidationError(_("这个信箱已经停用"))
    before, row.person = row.person, None
    row.is_open, row.closed_why, row.closed_at = False, words, now
    row.save(update_fields=["is_open", "closed_why", "closed_at", "person"])
    _name(row, before, by=by, now=now)
    return _told(row, CLOSED, by=by, now=now)


def mailbox_of(site: Site, identity: str) -> LeaderMailbox | None:
    """The mailbox a letter was written to, open or closed since; None for an identity that is none of the site's."""
    try:
        key = UUID(identity)
    except ValueError:
        return None
    rows = LeaderMailbox.objects.filter(site=site, leader__identity=key)
    return rows.select_related("leader", "desk__owner").first()


def addressee_of(mailbox: LeaderMailbox) -> str:
    """Post and name of the leader as they are signed, or as they stand where the record was withdrawn since."""
    content = signed(mailbox.leader)
    post = content["detail"].get("post", "") if content else mailbox.leader.post
    return f"{post} {content['title'] if content else mailbox.leader.title}".strip()[:120]


def _require_manager(by: User, site: Site) -> None:
    if not may_manage(by, site):
        raise PermissionDenied(_("领导信箱由网站管理员开通和停用"))


def _refuse_desk(site: Site, desk: Site, keeper: User | None) -> None:
    if not desks_of(site).filter(pk=desk.pk).exists() or not (desk.pk == site.pk or takes_letters(desk)):
        raise ValidationError({"desk": _("只能由同级政府所属、开通了互动交流的单位承办")})
    if keeper is not None and not keepers_at(desk).filter(pk=keeper.pk).exists():
        raise ValidationError({"keeper": _("只能由承办网站的信件受理人或者承办人经办")})


def _refuse_person(leader: Leader, person: User | None, by: User) -> None:
    """Whose account it is must be told by its name, and it must read no other letters, nor be another one of the manager's."""
    if person is None:
        return
    if not persons_for(leader.site, [leader]).filter(pk=person.pk).exists():
        raise ValidationError({"person": _("只能选择与领导同名、职责类别为监督的有效账号")})
    if reads_all(person):
        raise ValidationError({"person": _("这个账号按角色能看到别的来信，请为领导另开账号")})
    if accounts_of_same_person(by).filter(pk=person.pk).exists():
        raise PermissionDenied(_("不能指定自己的账号"))


def _name(row: LeaderMailbox, before: User | None, *, by: User, now: datetime) -> None:
    """Seal who the leader is, and tell the trail where that changed."""
    row.person_seal = seal_of(row)
    row.save(update_fields=["person_seal"])
    facts = {"subject": f"site:{row.site.host}", "site": row.site.host, "leader": row.leader.title}
    if before is not None and before.pk != row.person_id:
        record(LeaderUnnamed(**facts, username=before.username), by=by.actor(), at=now)
    if row.person is not None and (before is None or before.pk != row.person_id):
        record(LeaderNamed(**facts, username=row.person.username), by=by.actor(), at=now)


def _words(text: str, field: str) -> str:
    words = tidied(text)
    if not words:
        raise ValidationError({field: _("请填写，写信人会看到")})
    if len(words) > LONGEST_WORDING:
        raise ValidationError({field: _("不能超过 %(n)s 字") % {"n": LONGEST_WORDING}})
    return words


def _told(row: LeaderMailbox, act: str, *, by: User, now: datetime) -> LeaderMailbox:
    host = row.site.host
    event = MailboxMoved(
        subject=f"site:{host}", site=host, leader=row.leader.title, mailbox_act=act, desk=row.desk.name
    )  # fmt: skip
    record(event, by=by.actor(), at=now)
    return row
