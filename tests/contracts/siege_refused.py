"""What is refused at once: history that cannot be changed, and signatures that nobody gave."""

from django.db import connection

from jiyue.domain.canonical import digest_of_text
from jiyue.estate.models import Appointment
from jiyue.foundation.models import AppendOnly, AuditEvent
from jiyue.identity.models import Membership, User
from jiyue.identity.roles import Duty, Role
from jiyue.review.actions import approve
from jiyue.review.checklist import ALL_GATES
from jiyue.review.ledger import SignOffRefused, sign_off
from jiyue.review.models import Decision, Review, SignOff, Version
from jiyue.review.refusals import ReviewRefused
from tests.clock import NOW
from tests.contracts.siege_city import TEST, City, sql, without_guard
from tests.contracts.siege_ways import REFUSED, each, way

# ---- what is refused at once ---------------------------------------------------------------------------------------------


def append_only(city: City, act: str) -> None:
    for model in (Version, Decision, SignOff, AuditEvent):
        {
            "save": lambda model=model: model.objects.first().save(),
            "delete": lambda model=model: model.objects.first().delete(),
            "update": lambda model=model: model.objects.update(pk=1),
            "queryset delete": lambda model=model: model.objects.all().delete(),
            "bulk_update": lambda model=model: model.objects.bulk_update([model.objects.first()], ["id"]),
        }[act]()


each(REFUSED, "code: ledger, decisions, versions, trail", append_only,
     "save", "delete", "update", "queryset delete", "bulk_update")  # fmt: skip


def append_only_sql(_city: City, table_and_statement: str) -> None:
    sql(table_and_statement)


each(REFUSED, "SQL", append_only_sql, *(
    statement % table
    for table in ("review_signoff", "review_decision", "review_version", "foundation_auditevent")
    for statement in ("update %s set id = id", "delete from %s")
))  # fmt: skip


@way(REFUSED, "code: public records deleted with what belongs to them")
def records_deleted(city: City) -> None:
    city.records["article"].delete()


@way(REFUSED, "code: a file deleted that a record uses")
def used_file_deleted(city: City) -> None:
    city.attachment.delete()


@way(REFUSED, "code: the column of public records deleted")
def column_deleted(city: City) -> None:
    city.records["article"].column.delete()


@way(REFUSED, "code: the site deleted")
def site_deleted(city: City) -> None:
    city.site.delete()


def row_deleted(city: City, table: str) -> None:
    keys = {"content_record": city.records["article"].pk, "content_column": city.records["article"].column_id,
            "estate_site": city.site.pk}  # fmt: skip
    sql(f"delete from {table} where id=%s", keys[table])  # noqa: S608
    connection.check_constraints()


each(REFUSED, "SQL: row with public history deleted", row_deleted, "content_record", "content_column", "estate_site")


@way(REFUSED, "code: sign_off() of a review that lacks a level")
def early_sign_off(city: City) -> None:
    sign_off(review=city.open_review, by=TEST, now=NOW)


@way(REFUSED, "code: sign_off() of a submission opened again with used-up approvals")
def reused_approvals(city: City) -> None:
    """What was withdrawn in error must pass every level again."""
    last = SignOff.objects.filter(identity=city.records["error"].identity, act="publish").get()
    again = Review.objects.create(
        version=last.version, site=city.site, act="publish", levels=["first", "second", "final"], level="final",
        submitted_by=city.cast.city.editor, submitted_at=NOW, waiting_since=NOW,
    )  # fmt: skip
    sign_off(review=again, by=TEST, now=NOW)


@way(REFUSED, "SQL: approvals carried to another version of the same digest")
def approvals_carried(city: City) -> None:
    """The content was approved, but as another record's."""
    seen = city.open_review.version
    copy = Version.objects.create(
        subject="record", identity=city.records["article"].identity, site=city.site, record=city.records["article"],
        number=99, content=seen.content, digest=seen.digest, author=seen.author, writers=[], created_at=NOW,
    )  # fmt: skip
    sql("update review_review set version_id=%s where id=%s", copy.pk, city.open_review.pk)
    approve(review=city.open_review, by=city.cast.city.final, now=NOW, gates=ALL_GATES)


def forged_decisions(city: City, how: str) -> None:
    review = city.open_review
    genuine = review.decisions.first()
    fields = {"reviewer": city.cast.city.final, "reviewer_name": "样", "version_digest": review.version.digest,
              "gates": sorted(ALL_GATES), "at": NOW, "answer": "approve", "level": "final"}  # fmt: skip
    seal = {
        "no seal": "",
        "copied seal": genuine.seal,
        "invented seal": "v1:" + "0" * 64,
        "unknown key": "v9:" + "0" * 64,
    }
    Decision(review=review, seal=seal[how], **fields).save(force_insert=True)
    sign_off(review=review, by=TEST, now=NOW)


each(
    REFUSED, "ORM: the last decision forged", forged_decisions, "no seal", "copied seal", "invented seal", "unknown key"
)


@way(REFUSED, "SQL: content of the reviewed version altered before the last signature")
def version_altered_in_review(city: City) -> None:
    without_guard("review_version")
    version = city.open_review.version
    sql("update review_version set content=replace(content, '待终审', '改过') where id=%s", version.pk)
    approve(review=city.open_review, by=city.cast.city.final, now=NOW, gates=ALL_GATES)


@way(REFUSED, "SQL: content and digest of the reviewed version altered together")
def version_redigested(city: City) -> None:
    without_guard("review_version")
    version = city.open_review.version
    content = version.content.replace("待终审", "改过")
    sql("update review_version set content=%s, digest=%s where id=%s", content, digest_of_text(content), version.pk)
    sign_off(review=city.open_review, by=TEST, now=NOW)


def wrong_reviewer(city: City, who: str) -> None:
    """A role of another duty, written past the actions, signs nothing."""
    tenant = city.cast.city
    person = {"editor": tenant.editor, "manager": tenant.manager, "operator": city.cast.operator,
              "supervisor": city.cast.supervisor, "second": tenant.second, "foreigner": city.cast.outside.final}[who]  # fmt: skip
    if who != "foreigner":
        Appointment.objects.create(user=person, site=city.site, role=Role.FINAL_REVIEWER)
        Membership.objects.get_or_create(user=person, role=Role.OPERATOR) if who == "manager" else None
    User.objects.filter(pk=person.pk).update(is_superuser=True, is_staff=True)
    approve(review=city.open_review, by=User.objects.get(pk=person.pk), now=NOW, gates=ALL_GATES)


each(REFUSED, "ORM: the last signature by somebody appointed by a forged row", wrong_reviewer,
     "editor", "manager", "operator", "supervisor", "second", "foreigner")  # fmt: skip


@way(REFUSED, "SQL: the author's duty changed to reviewing")
def author_changes_duty(city: City) -> None:
    editor = city.cast.city.editor
    sql("update identity_user set duty=%s where id=%s", Duty.REVIEWING, editor.pk)
    Appointment.objects.create(user=editor, site=city.site, role=Role.FINAL_REVIEWER)
    approve(review=city.open_review, by=User.objects.get(pk=editor.pk), now=NOW, gates=ALL_GATES)


REFUSALS = (AppendOnly, ReviewRefused, SignOffRefused)
