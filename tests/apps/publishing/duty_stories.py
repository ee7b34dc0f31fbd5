"""A city that went online on 1 September 2026, and what happens on its sites afterwards; told through the actions."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from tests.apps.rules.decisions import approved_override, assigned, overseers
from tests.cast import Cast, Tenant, build_cast, draft, reviewed, sign_all, structured, with_body

from jiyue.content.cases import TOGETHER
from jiyue.content.models import Record
from jiyue.content.rendering import plain_text
from jiyue.content.reprinting import keep_text
from jiyue.domain.duties import Source, State
from jiyue.obligations.engine import Followed, refresh
from jiyue.obligations.models import Obligation
from jiyue.publishing.duties import SOURCES
from jiyue.publishing.publisher import Publisher
from jiyue.review.actions import submit_withdrawal

LOCAL = ZoneInfo("Asia/Shanghai")
OPENING = datetime(2026, 9, 1, 9, 0, tzinfo=LOCAL)
BY_CODE = {source.code: source for source in SOURCES}


def at(month: int, day: int, hour: int = 10, minute: int = 0) -> datetime:
    """A moment of 2026 in Asia/Shanghai."""
    return datetime(2026, month, day, hour, minute, tzinfo=LOCAL)


def end(month: int, day: int) -> datetime:
    """The end of a day of 2026, when limits in days end."""
    return datetime(2026, month, day, 23, 59, 59, tzinfo=LOCAL)


# An interpretation in words has the parts that any pack asks for.
WHOLE = [
    {"type": "heading", "value": {"text": text, "level": "2"}, "id": f"h{number}"}
    for number, text in enumerate(
        ("背景和依据", "目标任务", "主要内容", "解决的问题", "名词解释", "新旧差异", "适用范围", "执行标准", "惠民举措")
    )
]


class Story:
    """One city under one pack, from its opening on."""

    def __init__(self, pack: str) -> None:
        long_ago = OPENING.replace(year=2023)
        self.cast: Cast = build_cast(now=OPENING)
        self.city: Tenant = self.cast.city
        self.pair = overseers(None, now=OPENING, prefix="pingtai")
        if pack != "national":
            assigned(self.cast.province, pack, long_ago.date(), self.pair, now=long_ago)
            # Hebi and Xiangxi let no document out before its interpretation; these stories tell what is owed after one.
            if pack in {"hebi", "xiangxi"}:
                day = long_ago.date()
                approved_override(self.cast.province, TOGETHER, "value: [apart]", day, self.pair, now=long_ago)
        self.publisher = Publisher()
        self.open(self.city)

    def open(self, tenant: Tenant, now: datetime = OPENING) -> None:
        structured(tenant, now=now)
        self.release(tenant, now=now)

    def release(self, tenant: Tenant | None = None, *, now: datetime) -> None:
        self.publisher.publish((tenant or self.city).site, now=now)

    def public(self, now: datetime, *, tenant: Tenant | None = None, **facts) -> Record:
        """A record written, signed and released at one moment."""
        tenant = tenant or self.city
        record = draft(tenant, now=now, **facts)
        reviewed(tenant, record, now=now)
        self.release(tenant, now=now)
        return record

    def reprint(self, now: datetime, address: str, **facts) -> Record:
        """What a superior wants carried on: its original kept, signed and released at one moment."""
        facts |= {"reprint": True, "original_address": address, "original_source": "示范省人民政府"}
        record = draft(self.city, now=now, **facts)
        text = plain_text(record.body.get_prep_value())
        keep_text(
            record=record, role="original", address=address, title=record.title, text=text, by=self.city.editor, now=now
        )
        reviewed(self.city, record, now=now)
        self.release(now=now)
        return record

    def document(self, now: datetime, **facts) -> Record:
        """A public policy document that touches people."""
        given = {"issuer": "澄湖市人民政府", "written_on": now.date(), "public_effect": "vital", **facts}
        return self.public(now, kind="policy_document", column="zcwj", title="公共租赁住房管理办法", **given)

    def interpretation(self, now: datetime, *documents: Record, form: str = "graphic", **facts) -> Record:
        """A public interpretation of documents."""
        tenant = facts.pop("tenant", self.city)
        record = draft(tenant, now=now, kind="interpretation", column="zcjd", title="图解公共租赁住房", form=form,
                       body=WHOLE)  # fmt: skip
        record.documents.set([document.typed for document in documents])
        reviewed(tenant, record, now=now)
        self.release(tenant, now=now)
        return record

    def correct(self, record: Record, now: datetime, text: str = "<p>更正后的内容。</p>") -> None:
        record = Record.objects.get(pk=record.pk)
        changed = with_body(record, [{"type": "paragraph", "value": text, "id": "p1"}], by=self.city.editor, now=now)
        reviewed(self.city, changed, now=now, instruction={"reason": "内容变化"})
        self.release(now=now)

    def withdraw(self, record: Record, now: datetime, kind: str = "error") -> None:
        record = Record.objects.get(pk=record.pk)
        review = submit_withdrawal(record=record, kind=kind, reason="发布有误", by=self.city.editor, now=now)
        sign_all(self.city, review, now=now)
        self.release(now=now)

    def look(self, code: str, now: datetime, subjects: list[str] | None = None) -> Followed:
        """Bring the duties of one source up to its facts."""
        return refresh(self.source(code), subjects=subjects, now=now)

    def source(self, code: str) -> Source:
        return BY_CODE[code]


def duties(parameter: str, subject: str = "") -> Iterator[Obligation]:
    """The duties of a parameter, oldest first."""
    rows = Obligation.objects.filter(parameter=parameter).order_by("started_at", "pk")
    return iter(rows.filter(subject=subject) if subject else rows)


def only(parameter: str, subject: str = "") -> Obligation:
    """The one duty of a parameter."""
    (found,) = duties(parameter, subject)
    return found


def states(parameter: str, now: datetime, subject: str = "") -> list[State]:
    return [duty.state(now) for duty in duties(parameter, subject)]


def days(count: int) -> timedelta:
    return timedelta(days=count)


def on(month: int, day: int) -> date:
    return date(2026, month, day)
