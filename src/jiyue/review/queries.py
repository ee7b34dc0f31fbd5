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
from jiyue.estate.policies import sites_with
from jiyue.foundation.models import AuditEvent
from jiyue.identity.models import User
from jiyue.identity.roles import Permission
from jiyue.review import ledger
from jiyue.review.models import Decision, Review, Subject
from jiyue.review.policies import reviewable

MOST_TODOS = 100
MOST_SITES = 20


class TitleIn(Func):
    """The title in the canonical text of a version, taken out by the database: a list need not load whole texts."""

    output_field = CharField()
    template = "JSON_EXTRACT(%(expressions)s, '$.title')"

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="((%(expressions)s)::json ->> 'title')", **context)


def todo_for(user: User) -> list[Todo]:
    """What waits for the person's signature, what came back to her, and site settings that nobody has signed yet."""
    return [*_signatures(user), *_returned(user), *_structures(user)]


def waiting(user: User) -> QuerySet[Review]:
    """Open submissions the person may decide now, emergencies first, then the oldest; without the frozen text."""
    found = reviewable(user).select_related("site", "version", "version__record", "submitted_by")
    placed = Case(When(version__subject=Subject.PLACEMENT, then=TitleIn("version__content")))
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
