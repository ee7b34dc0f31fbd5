"""One request from the counter to the annual report: corrected, consulted about, extended, partly disclosed, contested.

The dates are counted here by lines of their own over the announced days of 2026, with nothing of the engine.
"""

from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError

from jiyue.disclosure import actions, handling, reporting, tickets, writing
from jiyue.disclosure.duties import DisclosureSource
from jiyue.disclosure.exporting import written
from jiyue.disclosure.models import Letter
from jiyue.disclosure.policies import fetch_request_for
from jiyue.domain.deadlines import SHANGHAI, local
from jiyue.domain.disclosure_report import TOTAL
from jiyue.obligations.engine import refresh
from jiyue.obligations.models import Obligation
from tests.disclosure import IDENTITY, dropped, said, taken
from tests.letters import box, office

pytestmark = pytest.mark.django_db
# Days off and weekend days worked in the first half of 2026 as announced (国办发明电〔2025〕7号), written out here.
OFF = {
    date(2026, 4, 4),
    date(2026, 4, 5),
    date(2026, 4, 6),
    *(date(2026, 5, n) for n in range(1, 6)),
    date(2026, 6, 19),
}
WORKED = {date(2026, 5, 9)}


def at(month: int, day: int, hour: int = 10) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=SHANGHAI)


def is_working(day: date) -> bool:
    return day in WORKED or (day.weekday() < 5 and day not in OFF)


def counted(start: date, days: int, *, still: tuple[tuple[date, date], ...] = ()) -> date:
    day = start
    while days:
        day += timedelta(days=1)
        days -= is_working(day) and not any(since < day <= until for since, until in still)
    return day


def owed(request, parameter: str) -> Obligation:
    refresh(DisclosureSource(), now=at(6, 20))
    rows = Obligation.objects.filter(parameter=f"disclosure-request.{parameter}")
    return rows.order_by("-started_at").first()


@pytest.mark.req("DISC-01", "DISC-02", "DISC-03", "DISC-04")
def test_a_request_from_the_counter_to_the_annual_report(cast):
    desk = office(cast.city, now=at(3, 1))
    receipt = dropped(cast.city, now=at(3, 25))
    request = taken(receipt, now=at(3, 25))
    assert local(owed(request, "correction").due_at).date() == counted(date(2026, 3, 25), 7) == date(2026, 4, 3)
    assert local(owed(request, "reply").act_by).date() == counted(date(2026, 3, 25), 20)

    # corrected: the clock begins anew on the day on which the correction comes
    actions.notify_correction(
        request=request, reason="请写明工程的起止地点", until=date(2026, 4, 20), by=desk.clerk, now=at(3, 30)
    )
    owed(request, "reply")
    assert not Obligation.objects.pending().filter(parameter="disclosure-request.reply").exists()
    assert owed(request, "correction").done_at == at(3, 30)
    tickets.write_due(now=at(3, 30))
    told = box().tickets.open(receipt.number, receipt.code).state
    assert told["state"] == "correcting" and told["steps"][-1]["why"] == "请写明工程的起止地点"
    said(request, receipt, "supplement", now=at(4, 10), text="湖滨路从一桥到二桥的一段")
    assert (request.state, request.clock_at) == ("received", at(4, 10))
    assert local(owed(request, "reply").act_by).date() == counted(date(2026, 4, 10), 20) == date(2026, 5, 12)

    # a third party is asked: its days do not count
    actions.accept(request=request, by=desk.clerk, now=at(4, 13))
    consultation = handling.consult(
        request=request, kind="third_party", party="例建设有限公司", question="是否同意公开报告中的造价？", asked_at=at(4, 14),
        by=desk.handler, now=at(4, 14),
    )  # fmt: skip
    third = counted(date(2026, 4, 14), 15)
    assert local(consultation.due_at).date() == third == local(owed(request, "third-party").due_at).date()
    expected = counted(date(2026, 4, 10), 20, still=((date(2026, 4, 14), third),))
    assert local(owed(request, "reply").act_by).date() == expected
    handling.record_opinion(
        consultation=consultation, stance="refuses", opinion="造价属于商业秘密", answered_at=at(4, 24), by=desk.handler,
        now=at(4, 24),
    )  # fmt: skip
    request = fetch_request_for(desk.handler, request.pk)
    still = ((date(2026, 4, 14), date(2026, 4, 24)),)
    assert local(owed(request, "reply").act_by).date() == counted(date(2026, 4, 10), 20, still=still)
    assert local(owed(request, "reply").act_by).date() == date(2026, 5, 22)

    # extended: another person agrees, the applicant gets a letter
    handling.ask_time(request=request, reason="需要核对的材料较多", by=desk.handler, now=at(5, 15))
    notice = handling.grant_time(request=request, by=desk.replier, now=at(5, 18))
    latest = counted(date(2026, 4, 10), 40, still=still)
    assert local(owed(request, "reply").act_by).date() == latest == date(2026, 6, 22)
    assert f"{latest.year}年{latest.month}月{latest.day}日" in notice.content["lines"][1]

    # partly disclosed
    request = fetch_request_for(desk.handler, request.pk)
    words = {
        "decision": "partial",
        "text": "提供报告正文；第五章造价涉及第三方商业秘密，不予公开。",
        "by": desk.handler,
    }
    with pytest.raises(ValidationError, match="核对"):
        handling.submit(request=request, now=at(6, 1), **words)
    handling.submit(request=request, now=at(6, 1), confirmed=True, **words)
    handling.approve(request=request, by=desk.replier, now=at(6, 2))
    letter = handling.send(request=request, by=desk.handler, now=at(6, 3))
    assert letter.number == "澄湖市人民政府公开〔2026〕4号"
    text = "\n".join(letter.content["lines"])
    assert "部分，其余部分不予公开" in text
    assert "60" in text and "《中华人民共和国行政复议法》申请行政复议" in text
    assert IDENTITY not in text and "样申请" not in text
    assert owed(request, "reply").done_at == at(6, 3)
    tickets.write_due(now=at(6, 3))
    told = box().tickets.open(receipt.number, receipt.code).state
    assert told["state"] == "decided" and letter.number in told["reply"] and told["may"] == []

    # delivered, contested
    actions.deliver(request=request, means="site", on=date(2026, 6, 3), note="", by=desk.clerk, now=at(6, 3, 11))
    contest = actions.contest(
        request=request, remedy="reconsideration", body="示范省人民政府", begun_on=date(2026, 6, 20), by=desk.clerk,
        now=at(6, 21),
    )  # fmt: skip
    actions.settle_contest(contest=contest, verdict="upheld", ended_on=date(2026, 8, 10), by=desk.clerk, now=at(8, 11))

    # the report
    tables = reporting.tables_of(cast.city.site, 2026)
    assert tables.three.imbalances() == []
    assert {row: tables.three.figure(row, TOTAL) for row in ("new", "carried_in", "settled", "carried_on")} == {
        "new": 1, "carried_in": 0, "settled": 1, "carried_on": 0,
    }  # fmt: skip
    assert tables.three.requests("row:partial", "natural") == (request.pk,)
    assert tables.fifteen()["reconsideration"]["upheld"] == 1
    for form in ("json", "xlsx", "docx"):
        assert len(written(tables, form)) > 500
    assert Letter.objects.count() == 4
    assert writing.file_of(letter, "docx")[:2] == b"PK"
