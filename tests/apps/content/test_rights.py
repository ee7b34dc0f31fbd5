"""Pictures and attachments: by what right, used where, and what may be removed (C4)."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from jiyue.content import rights
from jiyue.content.actions import delete_draft, save_draft, store_attachment, store_picture
from jiyue.content.models import FileUse, Licence, Picture
from jiyue.content.readiness import problems
from jiyue.content.uploads import clear_uploads
from jiyue.content.uses import unused
from jiyue.foundation.models import AuditEvent
from jiyue.review.actions import submit
from tests.cast import draft, reviewed
from tests.pictures import png


def picture_of(tenant, now, **more):
    return store_picture(
        site=tenant.site, name="hu.png", data=png(), title="湖岸", by=tenant.editor, now=now, **more
    )  # fmt: skip


def body_with(picture):
    return [
        {"type": "paragraph", "value": "<p>行动从本月开始。</p>", "id": "p1"},
        {"type": "image", "value": {"image": picture.pk, "alt": "湖岸的人们", "decorative": False, "caption": ""}, "id": "p2"},
    ]  # fmt: skip


def test_a_file_is_known_to_be_used_from_the_draft_on_and_for_ever_once_submitted(cast, now):
    picture = picture_of(cast.city, now)
    record = draft(cast.city, now=now, body=body_with(picture))
    use = FileUse.objects.get(picture=picture)
    assert (use.record_id, use.in_draft, use.submitted) == (record.pk, True, False)
    submit(record=record, by=cast.city.editor, now=now)
    use.refresh_from_db()
    assert use.submitted


def test_a_draft_that_lets_go_of_a_file_leaves_it_unused_unless_a_version_names_it(cast, now):
    kept, freed = picture_of(cast.city, now), picture_of(cast.city, now)
    signed = draft(cast.city, now=now, body=body_with(kept))
    reviewed(cast.city, signed, now=now)
    other = draft(cast.city, now=now, body=body_with(freed))
    for record in (signed, other):
        record = type(record).objects.get(pk=record.pk)
        record.body = record.body.stream_block.to_python(body_with(kept)[:1])
        save_draft(record=record, by=cast.city.editor, now=now)
    assert list(unused(Picture.objects.filter(site=cast.city.site))) == [freed]
    assert FileUse.objects.get(picture=kept).in_draft is False


def test_a_deleted_draft_uses_nothing_any_more(cast, now):
    picture = picture_of(cast.city, now)
    record = draft(cast.city, now=now, body=body_with(picture), cover=picture, cover_alt="湖")
    delete_draft(record=record, by=cast.city.editor, now=now)
    assert list(unused(Picture.objects.all())) == [picture]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning")  # Wagtail's
def test_only_what_nobody_uses_is_removed_and_its_bytes_are_kept_for_a_month(cast, now, home):
    free, used = picture_of(cast.city, now), picture_of(cast.city, now)
    reviewed(cast.city, draft(cast.city, now=now, body=body_with(used)), now=now)
    free.get_rendition("max-20x20")
    path = home / "uploads" / free.file.name
    gone = rights.remove_unused(
        site=cast.city.site, kind="picture", files=[free.pk, used.pk], by=cast.city.editor, now=now
    )  # fmt: skip
    assert gone == 1
    assert list(Picture.objects.values_list("pk", flat=True)) == [used.pk]
    assert path.exists()
    cleared = clear_uploads(home / "uploads", now=timezone.now() + timedelta(days=2))
    assert cleared.set_aside >= 1 and (home / "uploads" / ".orphans" / free.file.name).exists()
    assert AuditEvent.objects.get(code="content.files_removed").data["names"] == [f"湖岸（{free.pk}）"]


def test_nobody_removes_or_describes_files_of_another_site(cast, now):
    picture = picture_of(cast.city, now)
    outside = {"by": cast.outside.editor, "now": now}
    with pytest.raises(PermissionDenied):
        rights.describe_file(file=picture, facts={"author": "别人"}, **outside)
    with pytest.raises(PermissionDenied):
        rights.remove_unused(site=cast.city.site, kind="picture", files=[picture.pk], **outside)
    own = rights.remove_unused(site=cast.outside.site, kind="picture", files=[picture.pk], **outside)
    assert own == 0 and Picture.objects.filter(pk=picture.pk).exists()


def test_anothers_work_needs_a_document_that_permits_it(cast, now):
    picture = picture_of(cast.city, now)
    act = {"file": picture, "by": cast.city.editor, "now": now}
    with pytest.raises(ValidationError) as refused:
        rights.describe_file(facts={"licence": Licence.BOUGHT, "permission": ""}, **act)
    assert "permission" in refused.value.message_dict
    facts = {"licence": Licence.AUTHOR, "permission": "授权书 2026-3 号", "author": "样作者", "description": "湖"}
    rights.describe_file(facts=facts, **act)
    picture.refresh_from_db()
    assert picture.is_cleared and picture.description == "湖"
    assert AuditEvent.objects.get(code="content.file_described").data["after"]["author"] == "样作者"


def test_an_ended_permission_stops_a_submission_and_is_a_task_for_those_who_keep_the_site(cast, now):
    picture = picture_of(cast.city, now)
    today = timezone.localdate(now)
    record = draft(cast.city, now=now, body=body_with(picture))
    reviewed(cast.city, record, now=now)
    facts = {"licence": Licence.BOUGHT, "permission": "合同 7", "valid_until": today - timedelta(days=1)}
    rights.describe_file(file=picture, facts=facts, by=cast.city.editor, now=now)
    told = [problem.message for problem in problems(type(record).objects.get(pk=record.pk), on=today)]
    assert any("授权已于" in message for message in told)
    assert [todo.ref for todo in rights.todo_for(cast.city.editor)] == [f"picture/{picture.pk}"]
    assert [todo.ref for todo in rights.todo_for(cast.city.manager)] == [f"picture/{picture.pk}"]
    assert rights.todo_for(cast.outside.editor) == []


def test_files_are_found_by_the_state_of_their_rights(cast, now):
    today = timezone.localdate(now)
    clear, unclear, ending, ended = (picture_of(cast.city, now) for _ in range(4))
    for picture, until in ((clear, None), (ending, today + timedelta(days=3)), (ended, today - timedelta(days=3))):
        facts = {"licence": Licence.OWN, "valid_until": until}
        rights.describe_file(file=picture, facts=facts, by=cast.city.editor, now=now)
    found = {
        state: list(rights.in_state(Picture.objects.all(), state, today=today))
        for state in ("unclear", "ending", "ended")
    }
    assert found == {"unclear": [unclear], "ending": [ending], "ended": [ended]}
    states = [rights.state_of(Picture.objects.get(pk=each.pk), today=today) for each in (clear, unclear, ending, ended)]
    assert states == ["cleared", "unclear", "ending", "ended"]


def test_attachments_are_kept_account_of_like_pictures(cast, now):
    file = store_attachment(site=cast.city.site, name="表.txt", data=b"1", title="表", by=cast.city.editor, now=now)
    block = {"type": "attachment", "value": {"document": file.pk, "title": "表"}, "id": "p1"}
    draft(cast.city, now=now, body=[block])
    assert FileUse.objects.get(attachment=file).in_draft
