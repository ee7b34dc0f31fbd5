"""The besieged city: a published site with something of every kind, and how to see whether a public byte changed."""

import io
import os
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.db import connection
from PIL import Image

from jiyue.content.actions import store_attachment, store_picture
from jiyue.content.models import Record
from jiyue.foundation.home import Home
from jiyue.publishing.agenda import sites_with_work
from jiyue.publishing.models import Incident, SitePublication
from jiyue.publishing.publisher import Publisher
from jiyue.publishing.reconciling import reconcile
from jiyue.publishing.worker import Worker
from jiyue.review.actions import approve, submit, submit_withdrawal
from jiyue.review.batches import submit_batch
from jiyue.review.checklist import ALL_GATES
from jiyue.review.models import Batch, Review
from tests.cast import TEST, Cast, build_cast, draft, reviewed, sign_all, structured, with_body
from tests.clock import NOW

MARK = "未经签发的字句"  # whatever an attack writes carries it; no public file may
LISTED = 45  # records in one column: enough to close a list page


@dataclass
class City:
    """Two published sites, and one thing of each kind that an attack may want to change."""

    cast: Cast
    records: dict[str, Record] = field(default_factory=dict)
    open_review: Review | None = None
    returned_review: Review | None = None
    picture: object = None
    attachment: object = None

    @property
    def site(self):
        return self.cast.city.site


def build() -> City:
    """Built through the actions, in the order of a site's life; published at the end."""
    city = City(build_cast(now=NOW))
    tenant = city.cast.city
    structured(tenant, now=NOW)
    structured(city.cast.outside, now=NOW)
    _store_files(city)
    _publish_singles(city)
    _publish_list(city)
    publisher = Publisher()
    for each in (tenant, city.cast.outside):
        publisher.publish(each.site, now=NOW)
    _withdraw_and_correct(city)
    _leave_open(city)
    # The pages first, then the files to take away: before the siege nothing is left to do.
    while due := sites_with_work(at=NOW):
        for site in due:
            publisher.publish(site, now=NOW)
    return city


def _store_files(city: City) -> None:
    tenant, image = city.cast.city, io.BytesIO()
    Image.new("RGB", (640, 480), "#336699").save(image, "PNG")
    keep = {"site": tenant.site, "by": tenant.editor, "now": NOW}
    city.picture = store_picture(name="hu.png", data=image.getvalue(), title="湖", **keep)
    city.attachment = store_attachment(name="biao.txt", data="甲,乙\n1,2\n".encode(), title="表", **keep)


def _publish_singles(city: City) -> None:
    tenant, made = city.cast.city, city.records
    blocks = [
        {"type": "paragraph", "value": "<p>正文。</p>", "id": "p"},
        {
            "type": "image",
            "id": "i",
            "value": {"image": city.picture.pk, "alt": "湖", "decorative": False, "caption": ""},
        },
        {"type": "attachment", "id": "a", "value": {"document": city.attachment.pk, "title": "附表"}},
    ]
    made["article"] = draft(tenant, now=NOW, title="带图的消息", body=blocks)
    made["document"] = draft(
        tenant, now=NOW, kind="policy_document", column="zcwj", title="清洁行动办法", issuer="澄湖市人民政府",
        document_number="澄政发〔2026〕1号", written_on=NOW.date(),
    )  # fmt: skip
    made["interpretation"] = draft(tenant, now=NOW, kind="interpretation", column="zcjd", title="办法解读")
    made["interpretation"].documents.add(made["document"].typed)
    for name in ("error", "merged", "repealed", "corrected"):
        made[name] = draft(tenant, now=NOW, title=f"将来{name}的消息")
    made["foreign"] = draft(city.cast.outside, now=NOW, title="邻江的消息")
    for name, record in made.items():
        reviewed(city.cast.outside if name == "foreign" else tenant, record, now=NOW)


def _publish_list(city: City) -> None:
    tenant = city.cast.city
    batch = Batch.objects.create(site=tenant.site, name="旧稿", created_by=tenant.editor, created_at=NOW)
    records = [
        draft(tenant, now=NOW, column="tzgg", kind="notice", title=f"第{number}号通知") for number in range(LISTED)
    ]
    sign_all(tenant, submit_batch(batch=batch, records=records, by=tenant.editor, now=NOW), now=NOW)
    city.records["listed"] = records[0]


def _withdraw_and_correct(city: City) -> None:
    tenant, made = city.cast.city, city.records
    for kind in ("error", "merged", "repealed"):
        made[kind].refresh_from_db()
        review = submit_withdrawal(
            record=made[kind], kind=kind, reason="有误", by=tenant.editor, now=NOW, target="/zwdt/yw/"
        )
        sign_all(tenant, review, now=NOW)
    made["corrected"].refresh_from_db()
    again = with_body(
        made["corrected"], [{"type": "paragraph", "value": "<p>更正。</p>", "id": "p"}], by=tenant.editor, now=NOW
    )
    reviewed(tenant, again, now=NOW, instruction={"reason": "日期写错", "finder": ""})


def _leave_open(city: City) -> None:
    """A record that only the last signature is missing from, a returned one, and a draft."""
    tenant, made = city.cast.city, city.records
    made["draft"] = draft(tenant, now=NOW, title=MARK)
    made["open"] = draft(tenant, now=NOW, title=f"{MARK}待终审")
    review = submit(record=made["open"], by=tenant.editor, now=NOW)
    while review.level != "final":
        review = approve(review=review, by=tenant.people[review.level], now=NOW, gates=ALL_GATES, reason="不涉密")
    city.open_review = review


def public_bytes(home: Home | None = None) -> dict[str, bytes]:
    """Every byte that visitors of any host can get: address → content."""
    home = home or Home(settings.JIYUE_HOME)
    found: dict[str, bytes] = {}
    for host in sorted(home.deployed.iterdir()):
        found[f"{host.name} root"] = os.readlink(host).encode()
        for folder, _folders, names in os.walk(host, followlinks=True):
            found |= {
                str(Path(folder, name).relative_to(home.deployed)): Path(folder, name).read_bytes() for name in names
            }
    return found


def go_on(
    city: City, publisher: Publisher, *, now=NOW, baked_anew: bool = True, look: Callable[[], None] = lambda: None
) -> None:
    """What happens by itself after an attack; everything is baked anew, so that whatever was changed would show.

    `look` looks on what is public before the reconciler has had its turn.
    """
    if baked_anew:
        SitePublication.objects.update(look="")
    worker = Worker(publisher)
    worker.step(now=now)
    look()
    reconcile(now=now)
    worker.step(now=now)
    worker.step(now=now)  # the files to take away follow their pages


def incidents() -> list[str]:
    return [f"{row.kind} {row.subject}" for row in Incident.objects.filter(closed_at__isnull=True)]


def copied(master: Path, to: Path) -> None:
    """A home of its own for one attack, hard links and all."""
    subprocess.run(["cp", "-a", str(master), str(to)], check=True)


def sql(statement: str, *values) -> int:
    """Plain SQL, as somebody with the database's password writes it; gives the number of rows."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.rowcount


def without_guard(table: str) -> None:
    """Drop the triggers of a table, as somebody who owns the database can."""
    from jiyue.foundation.append_only import trigger_names

    of_table = f' on "{table}"' if connection.vendor == "postgresql" else ""
    for name in trigger_names(table, connection.vendor):
        sql(f'drop trigger if exists "{name}"{of_table}')


__all__ = ["MARK", "TEST", "City", "build", "copied", "go_on", "incidents", "public_bytes", "sql", "without_guard"]
