"""领导: which account is the leader's own, and who keeps the mailbox; what follows for letters written to it (INT-15).

The site's manager names the account, and it counts only under a seal: who writes another account into the database opens
no letter with it. It counts no more once his record is signed under another name or withdrawn, or the account was given a
role that reads letters. A leader reads the letters of that mailbox alone, on ways of his own: `policies.visible_cases` knows
nothing of him, so nothing that asks it opens for him.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404

from jiyue.content.models import Leader, LeaderMailbox
from jiyue.domain.cases import Kind
from jiyue.estate.models import Appointment, Site
from jiyue.estate.policies import appointments_of, sites_with
from jiyue.identity.models import Organisation, User
from jiyue.identity.roles import Duty, Permission, Role
from jiyue.interaction.models import Case, CaseFile
from jiyue.review import ledger
from jiyue.review.models import SignOff
from jiyue.review.sealing import seals

PURPOSE = "mailbox-leader"
KEEPING = (Role.LETTER_CLERK, Role.LETTER_HANDLER)


def seal_of(mailbox: LeaderMailbox) -> str:
    """The seal on who the leader of this mailbox is; empty where nobody is named."""
    return seals().seal(PURPOSE, _facts(mailbox)) if mailbox.person_id else ""


def leads(user: User, mailbox: LeaderMailbox | None) -> bool:
    """Is this the leader's own account, named under an unbroken seal and still of the name that is signed?"""
    if mailbox is None or mailbox.person_id != user.pk or not _may_lead(user):
        return False
    if not seals().check_seal(PURPOSE, _facts(mailbox), mailbox.person_seal):
        return False
    return _plain(user.name) == _signed_name(mailbox.leader)


def has_reader(mailbox: LeaderMailbox | None) -> bool:
    """Is there somebody before whom a letter of this mailbox can be put?"""
    return mailbox is not None and mailbox.person is not None and leads(mailbox.person, mailbox)


def mailboxes_led(user: User) -> list[LeaderMailbox]:
    """The mailboxes whose leader the person is."""
    if not user.is_authenticated or user.duty != Duty.SUPERVISING:
        return []
    rows = LeaderMailbox.objects.filter(person=user.pk).select_related("leader", "site").order_by("pk")
    return [mailbox for mailbox in rows if leads(user, mailbox)]


def mailboxes_kept(user: User) -> list[int]:
    """The mailboxes that the person keeps: named for it, or of a desk where she receives letters and no named keeper serves."""
    held = appointments_of(user)
    serving = held.filter(role__in=KEEPING).values("site")
    receiving = held.filter(role=Role.LETTER_CLERK).values("site")
    serves = Appointment.objects.filter(user=OuterRef("keeper"), site=OuterRef("desk"), role__in=KEEPING)
    unkept = Q(keeper=None) | Q(keeper__is_active=False) | ~Exists(serves)
    rows = LeaderMailbox.objects.filter(Q(keeper=user.pk, desk__in=serving) | Q(unkept, desk__in=receiving))
    return list(rows.values_list("pk", flat=True))


def keeper_of(mailbox: LeaderMailbox) -> User | None:
    """Who is named to keep it, as long as she serves at its desk."""
    keeper = mailbox.keeper
    if keeper is None or not keeper.is_active:
        return None
    return keeper if keeper.appointments.filter(site=mailbox.desk_id, role__in=KEEPING).exists() else None


def signed(leader: Leader) -> dict[str, Any] | None:
    """The leader's record as it is signed now; None where it never was, or was withdrawn."""
    row = ledger.current(leader.identity)
    if row is None or row.act == SignOff.Act.WITHDRAW or row.version is None:
        return None
    return ledger.content_of(row.version, digest=row.version_digest)


def letters_led(user: User) -> QuerySet[Case]:
    """The letters that were written to the person as a leader; no report of a wrong is among them."""
    return Case.objects.filter(mailbox__in=[row.pk for row in mailboxes_led(user)], kind=Kind.LEADER_LETTER)


def fetch_led_for(user: User, ref: int) -> Case:
    """Raises Http404 for every letter that was not written to this leader."""
    rows = letters_led(user).select_related(
        "site__owner", "desk__owner", "handler", "level", "merged_into", "parent", "accused", "mailbox"
    )
    return _found(rows, ref)


def fetch_led_file_for(user: User, ref: int) -> CaseFile:
    """Raises Http404 for an attachment of a letter that was not written to this leader."""
    rows = CaseFile.objects.filter(case__in=letters_led(user)).select_related("case__desk")
    return _found(rows, ref)


def persons_for(site: Site, leaders: Iterable[Leader]) -> QuerySet[User]:
    """Accounts that can be a leader's own: of the supervising duty, of the government to which the site belongs,
    of the name that is signed.

    A name alone says little; that it is the leader's is for the manager to know, and the trail tells who said so.
    """
    names = {_signed_name(leader) for leader in leaders} - {""}
    root = site.owner
    while root.kind != Organisation.Kind.GOVERNMENT and root.superior is not None:
        root = root.superior
    below = Q(organisation=root.pk) | Q(organisation__lineage__contains=f"/{root.pk}/")
    rows = User.objects.filter(below, is_active=True, duty=Duty.SUPERVISING).order_by("name", "pk")
    return rows.filter(pk__in=[user.pk for user in rows if _plain(user.name) in names])


def reads_all(user: User) -> bool:
    """Does the person read letters by a role? A leader's account must not."""
    return sites_with(user, Permission.READ_LETTERS).exists()


def _may_lead(user: User) -> bool:
    """A role that was given later must not combine with the mailbox."""
    return user.is_active and user.duty == Duty.SUPERVISING and not reads_all(user)


def _facts(mailbox: LeaderMailbox) -> dict[str, Any]:
    return {"mailbox": mailbox.pk, "leader": mailbox.leader_id, "person": mailbox.person_id}


def _signed_name(leader: Leader) -> str:
    content = signed(leader)
    return _plain(content["title"]) if content else ""


def _plain(name: str) -> str:
    return "".join(name.split())


def _found(rows: QuerySet[Any], ref: int) -> Any:
    found = rows.filter(pk=ref).first()
    if found is None:
        raise Http404
    return found
