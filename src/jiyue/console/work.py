"""What waits for a person, of all apps and sites, by the clock (D5). `duties.mine` shows it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, time

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jiyue.concerns.models import Concern
from jiyue.console.gate import may_open
from jiyue.console.library import placements
from jiyue.console.proposals import what, what_changes
from jiyue.console.rule_names import named
from jiyue.console.rules import roles_of
from jiyue.content import exchanging, rights
from jiyue.content.policies import may_set_review_date
from jiyue.content.queries import plans_todo_for, services_todo_for
from jiyue.content.queries import reprint_todo_for as reprints_to_decide
from jiyue.content.queries import stewardship_todo_for as stewardship
from jiyue.content.queries import todo_for as unfinished
from jiyue.disclosure import queries as disclosure
from jiyue.disclosure.models import CONSULTATION as CONSULTATIONS
from jiyue.disclosure.models import SUBJECT as REQUESTS
from jiyue.domain.deadlines import SHANGHAI
from jiyue.domain.todo import Todo, by_the_clock
from jiyue.estate.models import Site
from jiyue.estate.policies import sites_with
from jiyue.identity.models import User
from jiyue.identity.roles import Permission, Role, roles_with
from jiyue.interaction import public_queries
from jiyue.interaction import queries as interaction
from jiyue.interaction.comments import queries as comment_queries
from jiyue.interaction.models import SUBJECT as LETTERS
from jiyue.interaction.policies import visible_set_aside
from jiyue.obligations import queries as obligations
from jiyue.obligations.noticing import STANDARD, RuleChange, unread_for
from jiyue.publishing import conformity
from jiyue.publishing.batches import refusals
from jiyue.publishing.concerns import unanswered_for
from jiyue.publishing.models import Publication
from jiyue.publishing.page_rules import keeping as page_rules
from jiyue.publishing.stewardship import DatedRecord, outdated
from jiyue.review import answering, casework, inspection_todos, rectifying
from jiyue.review.models import Batch, Review
from jiyue.review.queries import todo_for as reviews
from jiyue.rules.actions import answer_by, matter_of
from jiyue.rules.models import Proposal
from jiyue.rules.policies import to_answer

MOST_SHOWN = 50
RULE_CHANGE = "rule-change"
RULE_NOTICE = "rule-notice"
OUTDATED = "outdated"
CONCERN = "concern"
SET_ASIDE = "set-aside"


def failed_publications(user: User) -> list[Todo]:
    """Publications that failed on the sites the person manages."""
    return failed_in(Publication.objects.filter(state=Publication.State.FAILED), user)


def failed_in(publications: QuerySet[Publication], user: User) -> list[Todo]:
    """Of these failed publications, those of sites the person manages."""
    found = publications.filter(site__in=sites_with(user, Permission.MANAGE_SITE))
    found = found.select_related("site", "sign_off__version__record").defer("sign_off__version__content")
    return [_failed(row) for row in found[:MOST_SHOWN]]


def _failed(row: Publication) -> Todo:
    record = row.sign_off.version.record
    return Todo(
        kind="failed", ref=str(row.site_id), site=row.site.name, title=record.title if record else row.site.name,
        what=str(row.get_state_display()), state="failed", since=row.sign_off.effective_at, note=row.problem,
    )  # fmt: skip


def refused_batches(user: User) -> list[Todo]:
    """Batches the person submitted that are signed for, and whose documents the ledger refuses."""
    signing = Review.objects.filter(submitted_by=user, status=Review.Status.SIGNING).select_related("site")[:MOST_SHOWN]
    mine = {review.pk: review for review in signing}
    names = dict(Batch.objects.filter(pk__in=[row.instruction["batch"] for row in signing]).values_list("pk", "name"))
    return [
        Todo(
            kind="refused-batch", ref=str(pk), site=mine[pk].site.name, title=names[mine[pk].instruction["batch"]],
            what=gettext("批次没有登记"), state="failed", since=incident.found_at, note=incident.what,
        )
        for pk, incident in refusals(signing).items()
    ]  # fmt: skip


def offered(user: User) -> list[Todo]:
    """What other sites offered to the person's sites, and delayed offers whose day has come."""
    return placements.todo_for(user, today=timezone.localdate())


def duties(user: User) -> list[Todo]:
    """What a rule demands of the person soon or late, and requests for a waiver that she may answer."""
    # A letter and a disclosure request stand in the list themselves, with this very clock.
    owed = obligations.todo_for(user, timezone.now(), apart_from=(LETTERS, REQUESTS, CONSULTATIONS))
    return [replace(todo, what=named(todo.what)) for todo in owed]


def rule_changes(user: User) -> list[Todo]:
    """Changes of rules that wait for the person's answer; after its day has begun, one cannot be approved any more."""
    return [_rule_change(row) for row in to_answer(user)[:MOST_SHOWN]]


def _rule_change(row: Proposal) -> Todo:
    unit = getattr(row, "organisation", None)
    return Todo(
        kind=RULE_CHANGE, ref=f"{matter_of(row)}/{row.pk}", site=unit.name if unit else gettext("全平台"), title=what(row),
        what=str(row._meta.verbose_name), state=row.state, since=row.proposed_at, due=answer_by(row), note=row.grounds,
    )  # fmt: skip


def rule_notices(user: User) -> list[Todo]:
    """Changes of rules, asked for or decided, that touch what the person answers for; until she takes note of each."""
    return [_rule_notice(change) for change in unread_for(user, timezone.now())[:MOST_SHOWN]]


def _rule_notice(change: RuleChange) -> Todo:
    day = {"day": change.since.isoformat()}
    asked, decided = _what_it_does(change)
    unit = getattr(change.row, "organisation", None)
    return Todo(
        kind=RULE_NOTICE, ref=change.ref, site=unit.name if unit else gettext("全平台"), title=what_changes(change),
        what=gettext("规则变动"), state=f"rule-{change.stage}", since=change.told_at,
        note=(asked if change.is_asked else decided) % day,
    )  # fmt: skip


def _what_it_does(change: RuleChange) -> tuple[str, str]:
    """While it is asked for, and once it was decided."""
    if change.of_days:
        asked = gettext("等待批准，批准后未完成事项的期限重新计算；看看哪些会变")
        return asked, gettext("未完成事项的期限已按新的日历重新计算；看看哪些变了")
    if change.matter == STANDARD:
        asked = gettext("等待批准，批准后自 %(day)s 起送审的稿件按新要求")
        return asked, gettext("自 %(day)s 起送审的稿件按新要求；已经公开的页面不变")
    asked = gettext("等待批准，批准后自 %(day)s 起用；看看您有哪些事项受影响")
    return asked, gettext("自 %(day)s 起用；以前开始的事项仍按原规定")


def services(user: User) -> list[Todo]:
    """What the comparisons of services with their platform found on the sites the person manages."""
    return services_todo_for(user, now=timezone.now())


def plans(user: User) -> list[Todo]:
    """Plans of columns and stories that the person has to decide, or to carry out."""
    return plans_todo_for(user, now=timezone.now())


def outdated_records(user: User) -> list[Todo]:
    """Public matter whose day of re-examination or end of validity has come, and that the person may look at again."""
    sites = Site.objects.filter(
        Q(pk__in=sites_with(user, Permission.WRITE_CONTENT).values("pk"))
        | Q(pk__in=sites_with(user, Permission.MANAGE_SITE).values("pk"))
    )
    found = outdated(sites, now=timezone.now())[:MOST_SHOWN]
    return [_outdated(record) for record in found if may_set_review_date(user, record)]


def _outdated(record: DatedRecord) -> Todo:
    since = datetime.combine(record.on_day, time.min, SHANGHAI)
    return Todo(
        kind=OUTDATED, ref=str(record.pk), site=record.site.name, title=record.title, what=gettext("到期复查"),
        state=record.state, since=since, note=record.column.name,
    )  # fmt: skip


def unanswered_concerns(user: User) -> list[Todo]:
    """Concerns of the sites the person keeps that still want their first answer, or their report upward."""
    return [_concern(row) for row in unanswered_for(user, most=MOST_SHOWN)]


def _concern(row: Concern) -> Todo:
    return Todo(
        kind=CONCERN, ref=str(row.pk), site=row.site.name, title=row.title, what=row.get_kind_display(), state="unanswered",
        since=row.began_at, emergency=row.kind == Concern.Kind.EMERGENCY, note=row.unit.name,
    )  # fmt: skip


def cases(user: User) -> list[Todo]:
    """Cases of document and interpretation that the person has to bring on, or can sign."""
    now = timezone.now()
    return [*casework.todo_for(user, now=now), *casework.signable_for(user, now=now)]


def public_questions(user: User) -> list[Todo]:
    """What the public asked about documents of the person's sites and no interpretation answers yet."""
    return answering.todo_for(user)


def letters(user: User) -> list[Todo]:
    """Letters of citizens on which the person has the next word."""
    return interaction.todo_for(user, now=timezone.now())


def comments(user: User) -> list[Todo]:
    """Comments under pages about which the person has the next word, and answers to them that she reviews."""
    return comment_queries.todo_for(user)


def public_versions(user: User) -> list[Todo]:
    """Answered letters of which the public version is to be made, confirmed or sent for review."""
    return public_queries.public_todo_for(user)


def disclosure_requests(user: User) -> list[Todo]:
    """Requests for information on which the person has the next word."""
    return disclosure.todo_for(user, now=timezone.now())


def damaged_letters(user: User) -> list[Todo]:
    """What lay damaged in the letter box, for the operator."""
    rows = visible_set_aside(user).filter(settled_at=None).order_by("found_at")[:MOST_SHOWN]
    return [
        Todo(
            kind=SET_ASIDE, ref=str(row.pk), site=gettext("全平台"), title=row.token, what=gettext("待查来信"),
            state="failed", since=row.found_at, note=row.problem,
        )
        for row in rows
    ]  # fmt: skip


# Each app says what it has for a person; adding a duty to the list is adding its function here.
SOURCES: list[Callable[[User], list[Todo]]] = [
    reviews,
    unfinished,
    failed_publications,
    refused_batches,
    offered,
    duties,
    stewardship,
    rule_changes,
    rule_notices,
    outdated_records,
    unanswered_concerns,
    cases,
    services,
    public_questions,
    rights.todo_for,
    conformity.todo_for,
    page_rules.todo_for,
    exchanging.todo_for,
    reprints_to_decide,
    letters,
    comments,
    public_versions,
    disclosure_requests,
    damaged_letters,
    plans,
    rectifying.todo_for,
    inspection_todos.todo_for,
]


# Whoever holds none of these roles anywhere can have nothing of a source, and it is not asked.
_KEEP = roles_with(Permission.WRITE_CONTENT) | roles_with(Permission.MANAGE_SITE)
_MANAGE, _OVERSEE = roles_with(Permission.MANAGE_SITE), roles_with(Permission.OVERSEE)
_WRITE, _LETTERS = roles_with(Permission.WRITE_CONTENT), roles_with(Permission.READ_LETTERS)
NEEDS: dict[Callable[[User], list[Todo]], frozenset[str]] = {
    failed_publications: _MANAGE, offered: _WRITE, stewardship: _MANAGE | _OVERSEE, outdated_records: _KEEP,
    services: _MANAGE, public_questions: _WRITE, rights.todo_for: _KEEP, conformity.todo_for: _KEEP,
    page_rules.todo_for: _MANAGE, exchanging.todo_for: _WRITE, reprints_to_decide: _OVERSEE,
    public_versions: _LETTERS, disclosure_requests: _LETTERS, damaged_letters: frozenset({Role.OPERATOR}),
}  # fmt: skip


@dataclass(frozen=True)
class Act:
    """The one next thing to do with a todo: its words and the route that opens it."""

    label: object
    view_name: str


ACTS: dict[str, Act] = {
    "review": Act(_("审核"), "console_review"),
    "returned": Act(_("修改"), "console_edit"),
    "draft": Act(_("继续编写"), "console_edit"),
    "structure": Act(_("查看并送审"), "console_structure"),
    "placement": Act(_("处理"), "console_placement"),
    "finding": Act(_("处理"), "console_finding"),
    rectifying.KIND: Act(_("整改"), "console_rectification"),
    inspection_todos.KIND: Act(_("办理"), "console_inspection_finding"),
    "finding-waiver": Act(_("批复豁免"), "console_review"),
    "failed": Act(_("查看"), "console_publications"),
    "refused-batch": Act(_("查看"), "console_review"),
    answering.KIND: Act(_("查看问题"), "console_questions_about"),
    casework.KIND: Act(_("查看案件"), "console_case"),
    "column-decision": Act(_("处理"), "console_decision"),
    "service-differences": Act(_("处理"), "console_site_differences"),
    "service-comparison": Act(_("查看"), "console_site_synchronisations"),
    "plan-decide": Act(_("决定"), "console_plan"),
    "plan-carry": Act(_("办理"), "console_plan"),
    "column-filing": Act(_("处理"), "console_filing"),
    OUTDATED: Act(_("复查"), "console_looked_at"),
    CONCERN: Act(_("回应"), "console_concern"),
    rights.KIND: Act(_("补登授权"), "console_file"),
    exchanging.KIND: Act(_("处理"), "console_exchange_source"),
    conformity.KIND: Act(_("查看"), "console_nonconforming"),
    page_rules.KIND: Act(_("查看"), "console_page_rules_of"),
    RULE_NOTICE: Act(_("知悉"), "console_rule_notice"),
    RULE_CHANGE: Act(_("批复"), "console_change"),
    "withholding": Act(_("处理"), "console_withholding"),
    "reprint-entry": Act(_("决定"), "console_entry_order"),
    "reprint-source": Act(_("批复"), "console_source"),
    obligations.KIND: Act(_("办理"), "console_duty"),
    interaction.KIND: Act(_("办理"), "console_letter"),
    comment_queries.KIND: Act(_("审核"), "console_comment"),
    interaction.LED: Act(_("批示"), "console_led_letter"),
    disclosure.KIND: Act(_("办理"), "console_disclosure"),
    public_queries.KIND: Act(_("办理"), "console_letter_public"),
    SET_ASIDE: Act(_("查看"), "console_letter_aside"),
    obligations.WAIVER_KIND: Act(_("批复豁免"), "console_waiver"),
}


@dataclass(frozen=True)
class Line:
    """A todo with where its one act leads; no address where the person is offered none."""

    todo: Todo
    act: Act
    address: str


def lines_for(user: User) -> list[Line]:
    """Everything that waits for the person, in the order it should be done."""
    held = roles_of(user)
    asked = [source for source in SOURCES if source not in NEEDS or NEEDS[source] & held]
    todos = by_the_clock(todo for source in asked for todo in source(user))
    return [line_of(user, todo) for todo in todos]


def line_of(user: User, todo: Todo) -> Line:
    """A todo with its one act."""
    return Line(todo, ACTS[todo.kind], _address(user, todo))


def _address(user: User, todo: Todo) -> str:
    act = ACTS[todo.kind]
    return reverse(act.view_name, args=todo.ref.split("/")) if may_open(user, act.view_name) else ""
