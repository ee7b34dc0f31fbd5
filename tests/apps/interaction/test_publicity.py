"""What of a letter becomes public: confirmed place by place, or not at all with a reason and a name; and nothing else."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError

from jiyue.content.actions import save_draft
from jiyue.content.readiness import problems
from jiyue.foundation.home import Home
from jiyue.foundation.models import AuditEvent
from jiyue.interaction import actions, handling, publicity
from jiyue.interaction.models import Case, PublicVersion
from jiyue.interaction.public_queries import public_waiting
from jiyue.interaction.stepping import ChangedMeanwhile, NotNow, NotYours
from jiyue.interaction.tickets import write_due
from jiyue.publishing.models import PublicItem
from jiyue.publishing.publisher import Publisher
from jiyue.review.actions import recall, submit, submit_withdrawal
from jiyue.review.refusals import NotReady
from tests.cast import sign_all
from tests.letters import answered, box, dropped, letter, office, word
from tests.pictures import png
from tests.public_answers import BASE, confirmed, everything_outside, made_public, prepared, with_answers

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
# Strings that occur nowhere but where they are planted.
CANARIES = {
    "name": "欧阳隐姓", "phone": "000-77991133", "email": "jinsique-canary@private.invalid", "address": "隐庐巷77号院9栋",
}  # fmt: skip
FILE_NAME, FILE_BYTES = "canary-attachment-7f3a.png", b"CANARY-BYTES-19c2d7"
SUPPLEMENT, REASON, NOTE = "金丝雀补充4471", "金丝雀转办原因8823", "金丝雀协办意见6650"


@pytest.fixture
def city(cast, now):
    return with_answers(cast.city, now=now)


@pytest.fixture
def desk(city, now):
    return office(city, now=now)


@pytest.fixture
def case(desk, now):
    return answered(letter(desk.tenant, now=now), desk, now=now)


def root_of(site):
    return Home(Path(settings.JIYUE_HOME)).public_root(site.host)


def page_of(record) -> str:
    item = PublicItem.objects.get(identity=record.identity)
    return (root_of(item.site) / item.address.lstrip("/")).read_text()


@pytest.mark.req("INT-05", "REV-07")
@pytest.mark.req("INT-03")
def test_an_answer_becomes_public_with_its_days_unit_question_and_answer(case, desk, now):
    record = made_public(case, desk, now=now)
    text = page_of(record)
    for words in (
        "公交站牌看不清",
        "湖滨路的公交站牌晚上看不清",
        "请放心乘车",
        "澄湖市人民政府",
        "受理日期",
        "答复日期",
    ):
        assert words in text
    root = root_of(case.site)
    column = (root / BASE / "index.html").read_text()
    assert "公交站牌看不清" in column and "澄湖市人民政府" in column
    assert "公交站牌看不清" in (root / BASE / "kind/enquiry/index.html").read_text()
    assert "公交站牌看不清" in (root / BASE / "rss.xml").read_text()
    assert (root / BASE / str(now.year) / "index.html").exists()
    assert case.number not in text and PublicVersion.objects.get().state == "submitted"


def test_nothing_is_public_before_every_place_was_confirmed_by_another_person(cast, desk, now):
    case = answered(letter(desk.tenant, now=now, text="我叫样来信，电话000-55501234，站牌看不清。"), desk, now=now)
    version = prepared(case, desk, now=now)
    assert "样来信" not in version.question and "55501234" not in version.question
    with pytest.raises(NotYours):
        publicity.confirm(version=version, looked_at=[], by=desk.handler, now=now)
    with pytest.raises(ValidationError, match="还有 2 处没有核对"):
        publicity.confirm(version=version, looked_at=[], by=desk.replier, now=now)
    with pytest.raises(NotNow):
        publicity.submit(version=version, by=desk.handler, now=now)
    places = publicity.places_of(version)["question"]
    assert [(place.was, place.now) for place in places] == [("样来信", "×××"), ("000-55501234", "×××")]
    publicity.confirm(version=version, looked_at=[place.key for place in places], by=desk.replier, now=now)
    version.refresh_from_db()
    assert (version.state, version.places, version.record) == ("confirmed", 2, None)
    trail = AuditEvent.objects.filter(code="interaction.public_version", subject=f"letter:{case.pk}")
    assert [row.data["public_state"] for row in trail.order_by("pk")] == ["prepared", "confirmed"]
    office_elsewhere = office(cast.outside, now=now)
    with pytest.raises(NotYours):
        publicity.submit(version=version, by=office_elsewhere.handler, now=now)


def test_what_the_sender_typed_about_herself_stays_in_no_text_whatever_was_prepared(case, desk, now):
    for field, text in (
        ("title", "样来信的来信"),
        ("question", "打 000 5550 1234 找我"),
        ("answer", f"编号{case.number}"),
    ):
        with pytest.raises(ValidationError) as refusal:
            prepared(case, desk, now=now, **{field: text})
        assert refusal.value.message_dict
    assert not PublicVersion.objects.exists()


def test_confirmed_words_cannot_be_exchanged_before_they_are_signed(case, desk, now):
    version = confirmed(case, desk, now=now)
    review = publicity.submit(version=version, by=desk.handler, now=now)
    recall(review=review, by=desk.handler, now=now, reason="再看一看")
    record = PublicVersion.objects.get().record
    record.answer = "没有人核对过的话。"
    save_draft(record=record, by=desk.handler, now=now)
    assert any("逐处核对" in problem.message for problem in problems(record, on=now.date()))
    with pytest.raises(NotReady, match="逐处核对"):
        submit(record=record, by=desk.handler, now=now)


@pytest.mark.req("INT-06")
def test_a_result_that_is_not_public_has_a_reason_and_who_approved_it(desk, now):
    case = answered(letter(desk.tenant, now=now, public="no"), desk, now=now)
    assert case in public_waiting(desk.handler)
    for wrong in ({"ground": "", "grounds": "不想公开"}, {"ground": "wish", "grounds": " "}):
        with pytest.raises(ValidationError):
            publicity.propose_withholding(case=case, by=desk.handler, now=now, **wrong)
    version = publicity.propose_withholding(
        case=case, ground="wish", grounds="来信人担心被邻居认出。", by=desk.handler, now=now
    )
    with pytest.raises(NotYours):
        publicity.approve_withholding(version=version, by=desk.handler, now=now)
    assert case in public_waiting(desk.replier) and case not in public_waiting(desk.handler)
    publicity.approve_withholding(version=version, by=desk.replier, now=now, opinion="同意")
    version.refresh_from_db()
    assert (version.state, version.confirmed_by, version.get_ground_display()) == (
        "withheld", desk.replier, "来信人不同意公开",
    )  # fmt: skip
    assert not public_waiting(desk.replier).exists() and not public_waiting(desk.handler).exists()
    with pytest.raises(ChangedMeanwhile):
        publicity.approve_withholding(version=PublicVersion(pk=version.pk, version=0), by=desk.replier, now=now)


def test_a_reopened_matter_is_marked_corrected_and_withdrawn_like_every_record(desk, now):
    receipt = dropped(desk.tenant, now=now)
    case = Case.objects.get(number=letter(desk.tenant, now=now).number)
    case = answered(Case.objects.get(number=receipt.number), desk, now=now)
    record = made_public(case, desk, now=now)
    later = now + HOUR
    word(case, receipt, "reopen", now=later, text="早上还是看不清，请再看一看。")
    version = PublicVersion.objects.get(case=case)
    assert publicity.is_stale(version) and case in public_waiting(desk.handler)
    sign_all(desk.tenant, publicity.mark_again(version=version, by=desk.handler, now=later), now=later)
    Publisher().publish(desk.tenant.site, now=later)
    assert "正在重新办理" in page_of(record)
    handling.submit_reply(case=case, text="灯已全部换新。", by=desk.handler, now=later)
    handling.approve_reply(case=case, gates=["policy", "legal", "wording"], by=desk.replier, now=later)
    handling.send_reply(case=case, by=desk.handler, now=later)
    made_public(case, desk, now=later, correction="重新办理后更正答复")
    text = page_of(record)
    assert "灯已全部换新" in text and "更正记录" in text and "这件事正在重新办理" not in text
    record.refresh_from_db()
    gone = submit_withdrawal(record=record, kind="error", reason="不宜公开", by=desk.tenant.editor, now=later)
    sign_all(desk.tenant, gone, now=later)
    Publisher().publish(desk.tenant.site, now=later)
    root = root_of(case.site)
    assert "公交站牌看不清" not in (root / BASE / "index.html").read_text()


@pytest.mark.req("INT-05")
@pytest.mark.req("INT-06")
def test_no_private_string_stands_in_any_byte_that_leaves_the_house(desk, now):
    """Canaries in every private field of a letter that is answered and public; every file that others can get is read."""
    file, data = box().drafts, png() + FILE_BYTES
    token = "c" * 32
    file.keep(token, FILE_NAME, data)
    asked = (
        f"我叫{CANARIES['name']}，家住{CANARIES['address']}，电话{CANARIES['phone']}，邮箱{CANARIES['email']}。"
        "湖滨路的公交站牌晚上看不清，请问什么时候能修？"
    )
    receipt = dropped(desk.tenant, now=now, token=token, files=file.of(token), text=asked, **CANARIES)
    letter(desk.tenant, now=now)
    other = dropped(desk.tenant, now=now)
    case = Case.objects.get(number=receipt.number)
    word(case, receipt, "supplement", now=now, text=SUPPLEMENT)
    actions.accept(case=case, by=desk.clerk, now=now)
    actions.assign(case=case, desk=case.site, handler=desk.handler, by=desk.clerk, now=now, note=NOTE)
    handling.ask_sender(case=case, reason=REASON, by=desk.handler, now=now)
    handling.go_on(case=case, reason=REASON, by=desk.handler, now=now)
    handling.submit_reply(case=case, text="站牌的灯已修好。", by=desk.handler, now=now)
    handling.approve_reply(case=case, gates=["policy", "legal", "wording"], opinion=NOTE, by=desk.replier, now=now)
    handling.send_reply(case=case, by=desk.handler, now=now)
    record = made_public(case, desk, now=now)
    while write_due(now=now):
        pass
    assert "站牌的灯已修好" in page_of(record)
    names = [desk.handler.name, desk.clerk.name, desk.replier.name, desk.handler.username]
    texts = [*CANARIES.values(), FILE_NAME, SUPPLEMENT, REASON, NOTE, receipt.number, receipt.code, "隐姓", "77991133"]
    needles = [text.encode() for text in (*texts, *names)] + [FILE_BYTES, receipt.number.replace("-", "").encode()]
    read = 0
    for place, data in everything_outside(Home(Path(settings.JIYUE_HOME))):
        read += 1
        for needle in needles:
            assert needle not in data, (needle, place)
    assert read > 40
    told = box().tickets.read(other.number, other.code)
    assert not any(text in str(told) for text in texts)
