"""Reads over submissions that more than one screen needs."""

from typing import Any

from django.db.models import Case, CharField, Func, Max, QuerySet, When
from django.utils.translation import gettext as _

from jiyue.content.models import Record
from jiyue.content.models.records import State
from jiyue.content.policies import writable_records
from jiyue.content.structure import identity_of, structure_of
from jiyue.domain.canonical import canonical, digest_of_text
from jiyue.domain.todo import Todo
from jiyue.estate.models import Site
from jiyue.estate.policies import appointments_of, sites_with
from jiyue.foundation.models import AuditEvent
from jiyue.identity.models import User
from jiyue.identity.roles import Permission, Role
from jiyue.review import ledger
from jiyue.review.checking import found_from
from jiyue.review.models import Decision, Finding, Level, Review, Subject
from jiyue.review.policies import reviewable

MOST_TODOS = 100
MOST_SITES = 20
MOST_FINDINGS = 500


class TitleIn(Func):
    """The title in the canonical text of a version, taken out by the database: a list need not load whole texts."""

    output_field = CharField()
    template = "JSON_EXTRACT(%(expressions)s, '$.title')"

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="((%(expressions)s)::json ->> 'title')", **context)


def todo_for(user: User) -> list[Todo]:
    """What waits for the person's signature, what came back to her, site settings that nobody has signed yet, findings."""
    return [
        *_signatures(user), *_returned(user), *_structures(user), *_findings(user), *_found_in_structures(user),
        *_asked_waivers(user),
    ]  # fmt: skip


def waiting(user: User) -> QuerySet[Review]:
    """Open submissions the person may decide now, emergencies first, then the oldest; without the frozen text."""
    found = reviewable(user).select_related("site", "version", "version__record", "submitted_by")
    placed = Case(When(version__subject__in=[Subject.PLACEMENT, Subject.TAKING], then=TitleIn("version__content")))
    found = found.annotate(placed_title=placed)
    return found.defer("version__content", "version__record__body").order_by("-emergency", "waiting_since", "pk")


def structure_differs(site: Site) -> bool:
    """Do the site's settings, columns or notices differ from what was last signed off?"""
    last = ledger.current(identity_of(site))
    return last is None or last.version_digest != digest_of_text(canonical(structure_of(site)))


def title_of(review: Review) -> str:
    """What is submitted, in words: the record's title, or the name of what is not a record."""
    if review.version.record is not None:
        return review.version.record.title
    if review.version.subject == Subject.BATCH:
        return _("导入批次：%(name)s") % {"name": _batch_name(review)}
    if review.version.subject == Subject.PLACEMENT:
        return _("取用：%(title)s") % {"title": _placed_title(review)}
    if review.version.subject == Subject.TAKING:
        return _("取用规则：%(title)s") % {"title": _placed_title(review)}
    return _("%(site)s：网站设置与栏目") % {"site": review.site.name}


def _signatures(user: User) -> list[Todo]:
    return [_signature(review) for review in waiting(user)[:MOST_TODOS]]


def _signature(review: Review) -> Todo:
    record = review.version.record
    what = record.get_kind_display() if record else review.version.get_subject_display()
    return Todo(
        kind="review", ref=str(review.pk), site=review.site.name, title=title_of(review), what=str(what),
        state=review.level, since=review.waiting_since, emergency=review.emergency,
        note=_("%(name)s送审：%(act)s") % {"name": review.submitted_by.name, "act": review.get_act_display()},
    )  # fmt: skip


def _returned(user: User) -> list[Todo]:
    """Returned records the person may mend, each with the reason it came back for."""
    records = writable_records(user).filter(state=State.RETURNED)
    last = (
        Decision.objects.filter(answer=Decision.Answer.RETURN, review__version__record__in=records)
        .values("review__version__record")
        .annotate(last=Max("pk"))
        .values("last")
    )
    found = Decision.objects.filter(pk__in=last).select_related("review__version__record__site").order_by("at")
    decisions = found.defer("review__version__content", "review__version__record__body")
    return [_came_back(decision, decision.review.version.its_record) for decision in decisions[:MOST_TODOS]]


def return_of(record: Record) -> Decision | None:
    """Why a record came back the last time; none when it is not with its writers because of that."""
    if record.state != State.RETURNED:
        return None
    decisions = Decision.objects.filter(answer=Decision.Answer.RETURN, review__version__record=record)
    return decisions.defer("review__version__content").order_by("-pk").first()


def _came_back(decision: Decision, record: Record) -> Todo:
    return Todo(
        kind="returned", ref=str(record.pk), site=record.site.name, title=record.title,
        what=str(record.get_kind_display()), state=record.state, since=decision.at, emergency=record.emergency,
        note=_("%(name)s：%(reason)s") % {"name": decision.reviewer_name, "reason": decision.reason},
    )  # fmt: skip


def _structures(user: User) -> list[Todo]:
    sites = sites_with(user, Permission.MANAGE_SITE).order_by("pk")[:MOST_SITES]
    return [todo for site in sites if (todo := _structure(site)) is not None]


def _structure(site: Site) -> Todo | None:
    if Review.objects.filter(version__identity=identity_of(site), status=Review.Status.OPEN).exists():
        return None
    if not structure_differs(site):
        return None
    changed = AuditEvent.objects.filter(site=site.host).order_by("-sequence").values_list("at", flat=True).first()
    return Todo(
        kind="structure", ref=str(site.pk), site=site.name, title=_("网站设置与栏目有改动，还没有送审"),
        what=str(Subject.STRUCTURE.label), state="draft", since=changed, note=_("终审人确认后才会在网站上生效"),
    ) if changed else None  # fmt: skip


def _placed_title(review: Review) -> str:
    """The title as it was public when the taking was submitted."""
    listed = getattr(review, "placed_title", None)
    return listed or ledger.content_of(review.version, digest=review.version.digest)["title"]


def _batch_name(review: Review) -> str:
    batch = review.site.batches.filter(identity=review.version.identity).only("name").first()
    return batch.name if batch else ""


def _asked_waivers(user: User) -> list[Todo]:
    """Submissions whose writers ask the secrecy reviewer to let a finding stand, before their turn has come."""
    sites = appointments_of(user).filter(role=Role.SECRECY_REVIEWER).values("site")
    asked = Review.objects.filter(site__in=sites, status=Review.Status.OPEN, instruction__has_key="asks_waiver")
    asked = asked.exclude(submitted_by=user).exclude(version__author=user).exclude(level=Level.SECRECY)
    rows = asked.select_related("site", "version__record", "submitted_by").order_by("waiting_since", "pk")
    return [_asked_waiver(row) for row in rows.defer("version__content", "version__record__body")[:MOST_TODOS]]


def _asked_waiver(review: Review) -> Todo:
    return Todo(
        kind="finding-waiver", ref=str(review.pk), site=review.site.name, title=title_of(review), what=_("申请豁免"),
        state=review.level, since=review.submitted_at, emergency=review.emergency,
        note=_("%(name)s：%(reason)s") % {"name": review.submitted_by.name, "reason": review.instruction["asks_waiver"]},
    )  # fmt: skip


def _findings(user: User) -> list[Todo]:
    """Things that are public and in which the checks found something, for those who may mend them; one line a thing."""
    records = writable_records(user).filter(check_findings__handled_at=None, check_findings__isnull=False)
    rows = Finding.objects.filter(record__in=records.values("pk"), handled_at=None).select_related("record__site")
    first: dict[int, tuple[Finding, int]] = {}
    for row in rows.defer("record__body").order_by("found_at", "pk")[:MOST_FINDINGS]:
        if row.record_id is not None:
            known = first.get(row.record_id)
            first[row.record_id] = (known[0], known[1] + 1) if known else (row, 1)
    return [_found_in_public(row, count) for row, count in list(first.values())[:MOST_TODOS]]


def _found_in_structures(user: User) -> list[Todo]:
    """What the checks found in settings, columns, notices and windows of the sites the person manages; a line each."""
    sites = sites_with(user, Permission.MANAGE_SITE)
    rows = Finding.objects.filter(site__in=sites, version__subject=Subject.STRUCTURE, handled_at=None)
    rows = rows.select_related("site").order_by("found_at", "pk")
    return [_found_in_structure(row) for row in rows[:MOST_TODOS]]


def _found_in_structure(row: Finding) -> Todo:
    found = found_from(row.said)
    basis = _("依据：%(basis)s") % {"basis": found.basis} if found.basis else ""
    return Todo(
        kind="finding", ref=str(row.pk), site=row.site.name, title=found.where, what=_("网站设置、栏目或公告的问题"),
        state=row.severity, since=row.found_at, note="　".join(filter(None, (found.say(), basis))),
    )  # fmt: skip


def _found_in_public(row: Finding, count: int) -> Todo:
    found = found_from(row.said)
    values = {"where": found.where, "what": found.say(), "n": count}
    note = _("%(where)s：%(what)s") if count == 1 else _("%(where)s：%(what)s；共 %(n)s 处")
    return Todo(
        kind="finding", ref=str(row.pk), site=row.site.name, title=row.record.title if row.record else row.site.name,
        what=_("公开内容的问题"), state=row.severity, since=row.found_at, note=note % values,
    )  # fmt: skip
