"""Rows that are written once: refused by the ORM, by SQL, and no migration loses the fence."""

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from jiyue.foundation.append_only import lifted, protected_tables, trigger_names
from jiyue.foundation.models import AppendOnly, AuditEvent

pytestmark = pytest.mark.django_db


def triggers_of(table: str) -> set[str]:
    queries = {
        "sqlite": "select name from sqlite_master where type = 'trigger' and tbl_name = %s",
        "postgresql": "select tgname from pg_trigger where tgrelid = %s::regclass and not tgisinternal",
    }
    with connection.cursor() as cursor:
        cursor.execute(queries[connection.vendor], [table])
        return {name for (name,) in cursor.fetchall()}


def refused(statement: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except DatabaseError as error:
        return "written once" in str(error)
    return False


def test_every_append_only_model_has_its_triggers():
    assert protected_tables() == [
        "disclosure_answerfile", "disclosure_delivery", "disclosure_keptreport", "disclosure_letter",
        "disclosure_requestfile", "disclosure_requeststep", "disclosure_requestword",
        "foundation_auditevent", "interaction_answergiven", "interaction_casefile", "interaction_casestep",
        "interaction_caseword", "interaction_comment", "interaction_commentact", "interaction_enquiryfile",
        "interaction_enquiryword",
        "interaction_errorfile", "interaction_errorhanded", "interaction_errorhandout", "interaction_figuresstatement",
        "interaction_interviewquestion", "interaction_liveword", "interaction_opinion", "interaction_pagevote",
        "interaction_replymark", "interaction_surveyanswer",
        "interaction_surveytext",
        "obligations_frozenrule", "review_batchorder", "review_checkrun", "review_decision",
        "review_filerun", "review_signoff", "review_version", "review_waiver", "review_waiverrevocation",
    ]  # fmt: skip
    for table in protected_tables():
        assert triggers_of(table) == set(trigger_names(table, connection.vendor))


@pytest.mark.req("SECU-10")
def test_plain_sql_cannot_change_or_delete_the_trail(cast):
    assert refused("update foundation_auditevent set actor_name = 'nobody'")
    assert refused("delete from foundation_auditevent")


def test_plain_sql_cannot_change_or_delete_versions_decisions_and_ledger_rows(cast, now):
    from tests.cast import draft, reviewed

    reviewed(cast.city, draft(cast.city, now=now), now=now)
    for table in ("review_version", "review_decision", "review_signoff"):
        assert refused(f"update {table} set id = id")  # noqa: S608 - names of our own tables
        assert refused(f"delete from {table}")  # noqa: S608


def test_the_orm_refuses_too(cast):
    row = AuditEvent.objects.first()
    for attempt in (row.save, row.delete, AuditEvent.objects.all().delete):
        with pytest.raises(AppendOnly):
            attempt()
    with pytest.raises(AppendOnly):
        AuditEvent.objects.update(actor_name="nobody")


def test_a_test_may_forge_a_row_and_the_fence_stands_again_afterwards(cast):
    with lifted(), connection.cursor() as cursor:
        cursor.execute("update foundation_auditevent set actor_name = 'nobody' where sequence = 1")
    assert AuditEvent.objects.get(sequence=1).actor_name == "nobody"
    assert refused("delete from foundation_auditevent")


def test_flush_is_refused_outside_test_settings(settings):
    settings.FLUSH_ALLOWED = False
    with pytest.raises(CommandError, match="must be kept"):
        call_command("flush", interactive=False)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("run", ["first", "second"])
def test_a_transactional_test_starts_empty_after_another(run, now):
    from tests.cast import organisation

    assert AuditEvent.objects.count() == 0
    organisation("示范省人民政府", "990000001", "province", now=now)
    assert AuditEvent.objects.count() == 1
