"""Who may read which letter, and in which part a person meets it. Staff reach a letter only through these functions."""

from collections.abc import Iterable
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet
from django.http import Http404

from jiyue.domain.cases import Kind, State, Who
from jiyue.estate.models import Block, Site
from jiyue.estate.policies import appointments_of, is_operator, is_supervisor, sites_with
from jiyue.identity.models import Organisation, User
from jiyue.identity.persons import accounts_of_same_person
from jiyue.identity.queries import superiors_of
from jiyue.identity.roles import Permission, Role
from jiyue.interaction.leaders import leads, mailboxes_kept
from jiyue.interaction.models import BroughtFile, Case, CaseFile, HandedFile, Help, PublicVersion, Reply, SetAside


def visible_cases(user: User) -> QuerySet[Case]:
    """Letters written to a site, answered by it or helped with by it, on which the person reads letters.

    Reports of a wrong are for those alone who have to deal with them, and never for the unit that is reported.
    """
    return Case.objects.filter(reduce(or_, ways_of(user)))


def visible_among(user: User, condition: Q) -> QuerySet[Case]:
    """As `visible_cases`, of those that meet the condition; for lists. Each way to a letter goes by its own index."""
    return any_of([Q(way, condition) for way in ways_of(user)])


def ways_of(user: User) -> list[Q]:
    """The ways on which letters become readable for the person; each has an index of its own."""
    sites, reviewed = keys_of(user, Permission.READ_LETTERS), keys_of(user, Permission.REVIEW_REPLIES)
    helped = Help.objects.filter(helper__in=sites).values("case")
    above = list(Site.objects.filter(pk__in=reviewed).values_list("owner", flat=True)) if reviewed else []
    ways = [Q(site__in=sites), Q(desk__in=sites), Q(pk__in=helped), Q(state=State.PASSING, level__in=above)]
    kept = mailboxes_kept(user)  # what was handed on stays in sight of who put it before the leader
    ways += [Q(mailbox__in=kept)] if kept else []
    return [*(Q(way, ~Q(kind=Kind.REPORT)) for way in ways), *_ways_to_reports(user, reviewed)]


def any_of(conditions: Iterable[Q]) -> QuerySet[Case]:
    """Letters that meet one of the conditions, which are asked one by one: together no database finds an index for them."""
    keys = [Case.objects.filter(condition).order_by().values("pk") for condition in conditions]
    return Case.objects.filter(pk__in=keys[0].union(*keys[1:]))


def keys_of(user: User, permission: Permission) -> list[int]:
    """The sites on which the person has the permission, read at once: a database that is given a question for them
    guesses how many it will find, and then reads all letters.
    """
    return list(sites_with(user, permission).values_list("pk", flat=True))


def fetch_case_for(user: User, ref: int) -> Case:
    """Raises Http404 for a letter that the person may not read."""
    rows = visible_cases(user).select_related(
        "site__owner", "desk__owner", "handler", "level", "merged_into", "parent", "accused", "mailbox"
    )
    found = rows.filter(pk=ref).first()
    if found is None:
        raise Http404
    return found


def fetch_file_for(user: User, ref: int) -> CaseFile:
    """Raises Http404 for an attachment of a letter that the person may not read."""
    found = CaseFile.objects.filter(pk=ref, case__in=visible_cases(user)).select_related("case__desk").first()
    if found is None:
        raise Http404
    return found


def parts_of(user: User, case: Case) -> frozenset[Who]:
    """In which parts the person meets this letter now; nobody is both writer and reviewer of a reply."""
    held = _held(user, case)
    is_report = case.kind == Kind.REPORT
    parts: set[Who] = set()
    if is_report and case.accused is not None and concerns(case.accused, user.organisation):
        return frozenset()
    receiving = {case.desk_id} if is_report else {case.desk_id, case.site_id}
    if any((site, Role.LETTER_CLERK) in held for site in receiving) or (keeps(user, case) and held):
        parts.add(Who.DESK)
    if (case.desk_id, Role.LETTER_HANDLER) in held and case.handler_id in (
        (user.pk,) if is_report else (None, user.pk)
    ):
        parts.add(Who.HANDLER)
    if _helps(user, case):
        parts.add(Who.HELPER)
    if case.state == State.REVIEWING and (case.desk_id, Role.REPLY_REVIEWER) in held and not _wrote(user, case):
        parts.add(Who.REVIEWER)
    if case.state == State.PASSING and may_speak_for_level(user, case):
        parts.add(Who.LEVEL)
    if case.mailbox_id is not None:
        parts |= {Who.KEEPER} if case.mailbox_id in mailboxes_kept(user) else set()
        parts |= {Who.LEADER} if leads(user, case.mailbox) else set()
    return frozenset(parts)


def keeps(user: User, case: Case) -> bool:
    """Is this the keeper of the leader's mailbox to which it was written, as long as it was not handed on?"""
    mailbox = case.mailbox
    return mailbox is not None and mailbox.keeper_id == user.pk and mailbox.desk_id == case.desk_id


def may_speak_for_level(user: User, case: Case) -> bool:
    """A reviewer of the level's own site; where it has none here, the desk's reviewer records what was decided there."""
    if case.level_id is None or _wrote(user, case):
        return False
    reviewing = sites_with(user, Permission.REVIEW_REPLIES)
    if level_is_here(case):
        return reviewing.filter(owner=case.level_id).exists()
    return reviewing.filter(pk=case.desk_id).exists()


def level_is_here(case: Case) -> bool:
    """Does the level whose word is waited for review replies on this platform?"""
    sites = Site.objects.filter(owner=case.level_id)
    return sites.filter(appointments__role=Role.REPLY_REVIEWER, appointments__user__is_active=True).exists()


def may_see_sender(user: User, case: Case) -> bool:
    """Who has to reach the sender: the desk, and who handles the letter. Supervisors and helpers need no names.

    Who reported a wrong is known to the desk until somebody handles it, and then to her alone.
    """
    if case.kind == Kind.REPORT and case.handler_id is not None:
        return Who.HANDLER in parts_of(user, case)
    return bool(parts_of(user, case) & {Who.DESK, Who.HANDLER})


def may_prepare_public(user: User, case: Case) -> bool:
    """Who answered prepares what of it is public: the desk and the handlers of the site whose unit answers."""
    held = _held(user, case)
    return bool({(case.desk_id, Role.LETTER_CLERK), (case.desk_id, Role.LETTER_HANDLER)} & held)


def may_confirm_public(user: User, version: PublicVersion) -> bool:
    """A reviewer of replies of that site, never who prepared it, under whichever account."""
    if (version.case.desk_id, Role.REPLY_REVIEWER) not in _held(user, version.case):
        return False
    return not accounts_of_same_person(user).filter(pk=version.prepared_by_id).exists()


def may_mark_reply(user: User, reply: Reply) -> bool:
    """Its reviewer while it is under review; afterwards a supervisor who reads the letter, or another reviewer of the desk.

    Nobody marks what she wrote.
    """
    case = reply.case
    if accounts_of_same_person(user).filter(pk=reply.drafted_by_id).exists():
        return False
    reviews = (case.desk_id, Role.REPLY_REVIEWER) in _held(user, case)
    if reply.state == Reply.State.SUBMITTED:
        return reviews
    if reply.state != Reply.State.SENT or not visible_cases(user).filter(pk=case.pk).exists():
        return False
    return reviews or is_supervisor(user)


def may_register(user: User, site: Site) -> bool:
    """Letters that a superior hands down are entered by the desk of the site."""
    return sites_with(user, Permission.RECEIVE_LETTERS).filter(pk=site.pk).exists()


def sites_reported_at(desk: Site) -> QuerySet[Site]:
    """The sites about which a desk takes error reports: of its own unit and of all that obey it."""
    below = Q(owner=desk.owner_id) | Q(owner__lineage__contains=f"/{desk.owner_id}/")
    return Site.objects.filter(below).exclude(status=Site.Status.CLOSED)


def brought_files_of(user: User) -> QuerySet[BroughtFile]:
    """Files that came in at desks where the person registers letters."""
    return BroughtFile.objects.filter(site__in=keys_of(user, Permission.RECEIVE_LETTERS)).select_related("site", "by")


def handed_files_of(user: User) -> QuerySet[HandedFile]:
    """Files of answers that went out from those desks."""
    return HandedFile.objects.filter(site__in=keys_of(user, Permission.RECEIVE_LETTERS)).select_related("site", "by")


def desks_of(site: Site) -> QuerySet[Site]:
    """Sites of the group whose units may answer what was written here: of the nearest government and all below it."""
    root = _government(site.owner)
    group = Q(owner=root.pk) | Q(owner__lineage__contains=f"/{root.pk}/")
    return Site.objects.filter(group).exclude(status=Site.Status.CLOSED).order_by("owner__lineage", "name")


def concerns(accused: Organisation, unit: Organisation | None) -> bool:
    """Is `unit` the one that is reported, or does it obey it? Of a government, its departments are other bodies."""
    if unit is None:
        return False
    below = accused.kind != Organisation.Kind.GOVERNMENT and f"/{accused.pk}/" in unit.lineage
    return unit.pk == accused.pk or below


def desk_for_reports(site: Site, *, accused: Organisation | None = None) -> Site | None:
    """Which desk takes reports of a wrong written on `site`: the government's own, so that no unit receives those about
    itself; the site where the government has none. None where that desk is the reported unit's.
    """
    owned = Site.objects.filter(owner=_government(site.owner)).exclude(status=Site.Status.CLOSED).order_by("pk")
    served = owned.filter(appointments__role=Role.LETTER_CLERK, appointments__user__is_active=True).distinct()
    found = next((each for each in served.select_related("owner") if takes_letters(each)), site)
    return None if accused is not None and concerns(accused, found.owner) else found


def handlers_at(site: Site) -> QuerySet[User]:
    """Active people who handle letters of the site."""
    serving = User.objects.filter(is_active=True, appointments__site=site, appointments__role=Role.LETTER_HANDLER)
    return serving.distinct().order_by("name", "pk")


def levels_above(case: Case) -> list[Organisation]:
    """The superiors through which an error report's answer goes, the nearest first, up to the provincial one (S-07)."""
    levels: list[Organisation] = []
    for unit in superiors_of(case.desk.owner):
        levels.append(unit)
        if unit.level == Organisation.Level.PROVINCE:
            break
    return levels


def takes_letters(site: Site) -> bool:
    """Is interaction switched on for the site?"""
    return Block.INTERACTION in site.blocks


def visible_set_aside(user: User) -> QuerySet[SetAside]:
    """What lay damaged in the box belongs to no site: the operator looks at it."""
    return SetAside.objects.all() if is_operator(user) else SetAside.objects.none()


def fetch_set_aside_for(user: User, ref: int) -> SetAside:
    """Raises Http404 for everybody but the operator."""
    found = visible_set_aside(user).filter(pk=ref).first()
    if found is None:
        raise Http404
    return found


def _ways_to_reports(user: User, reviewed: list[int]) -> list[Q]:
    """Reports that the person receives, handles herself, reviews the reply of, or helps with; none about her own unit."""
    receives, handles = keys_of(user, Permission.RECEIVE_LETTERS), keys_of(user, Permission.HANDLE_LETTERS)
    helped = Help.objects.filter(helper__in=[*receives, *handles]).values("case")
    ways = [
        Q(desk__in=receives), Q(desk__in=handles, handler=user.pk), Q(pk__in=helped),
        Q(desk__in=reviewed, state__in=(State.REVIEWING, State.READY)),
    ]  # fmt: skip
    unit = user.organisation
    own = [] if unit is None else [unit.pk, *(each.pk for each in superiors_of(unit) if concerns(each, unit))]
    return [Q(way, ~Q(accused__in=own), kind=Kind.REPORT) for way in ways]


def _held(user: User, case: Case) -> set[tuple[int, str]]:
    rows = appointments_of(user).filter(site__in={case.site_id, case.desk_id})
    return set(rows.values_list("site_id", "role"))


def _helps(user: User, case: Case) -> bool:
    sites = Site.objects.filter(
        Q(pk__in=sites_with(user, Permission.HANDLE_LETTERS).values("pk"))
        | Q(pk__in=sites_with(user, Permission.RECEIVE_LETTERS).values("pk"))
    )
    return Help.objects.filter(case=case, helper__in=sites, answered_at=None).exists()


def _wrote(user: User, case: Case) -> bool:
    return Reply.objects.filter(case=case, drafted_by__in=accounts_of_same_person(user)).exists()


def _government(unit: Organisation) -> Organisation:
    found = unit
    while found.kind != Organisation.Kind.GOVERNMENT and found.superior is not None:
        found = found.superior
    return found
