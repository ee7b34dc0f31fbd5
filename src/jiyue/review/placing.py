"""取用 becomes public by the taker's own sign-off; what is shown is the origin's signed-off record, followed for ever."""

from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from jiyue.content.models import Placement, Record
from jiyue.content.placing import OPEN, begin, change
from jiyue.content.policies import may_write, may_write_in
from jiyue.estate.models import Site
from jiyue.identity.models import User
from jiyue.review import ledger
from jiyue.review.course import open_review
from jiyue.review.freezing import freeze
from jiyue.review.models import Review, SignOff, Subject
from jiyue.review.refusals import ReviewRefused
from jiyue.review.routes import levels_for

FORMAT = 1


@transaction.atomic
def offer(*, record: Record, site: Site, by: User, now: datetime) -> Placement:
    """The origin offers a record that is public to another site (推送). Raises PermissionDenied, ValidationError."""
    if not may_write(by, record):
        raise PermissionDenied(_("您不能推送这篇稿件"))
    if not ledger.is_public(record.identity, at=now):
        raise ValidationError(_("稿件公开以后才能推送给其他网站"))
    return begin(record=record, site=site, column=None, by=by, now=now)


@transaction.atomic
def submit_placement(*, placement: Placement, by: User, now: datetime) -> Review:
    """Ask the own final reviewer to take a record into a column. Raises ReviewRefused, ValidationError."""
    column = placement.column
    if column is None:
        raise ValidationError(_("请先选择放入哪个栏目"))
    if placement.state not in OPEN or not may_write_in(by, column):
        raise ReviewRefused(_("您不能取用到这个栏目"))
    last = ledger.current(placement.record.identity)
    if last is None or last.act == SignOff.Act.WITHDRAW:
        raise ReviewRefused(_("只能取用已经签发、没有撤下的稿件"))
    # The origin's draft may already say something else; that is not the taker's to read.
    public = ledger.content_of(last.version, digest=last.version_digest)
    content = {
        "format": FORMAT, "record": str(placement.record.identity), "origin": placement.record.site_id,
        "column": column.pk, "column_path": column.path, "title": public["title"],
    }  # fmt: skip
    version = freeze(
        subject=Subject.PLACEMENT, identity=placement.identity, site=placement.site, record=None, content=content,
        by=by, writers=[by.pk], now=now,
    )  # fmt: skip
    levels = levels_for(site_id=placement.site_id, subject=Subject.PLACEMENT, content_class="")
    review = open_review(
        version=version, act=Review.Act.PLACE, levels=levels, by=by, now=now, publish_at=None, emergency=False
    )
    change(placement=placement, state=Placement.State.SUBMITTED, by=by.actor(), now=now)
    return review


@transaction.atomic
def submit_end(*, placement: Placement, reason: str, by: User, now: datetime) -> Review:
    """Ask to stop showing a taken record here; at its origin nothing changes. Raises ReviewRefused, ValidationError."""
    last = ledger.current(placement.identity)
    if (
        placement.state != Placement.State.TAKEN
        or last is None
        or placement.column is None
        or not may_write_in(by, placement.column)
    ):
        raise ReviewRefused(_("只有已取用的内容可以停止取用"))
    if not reason.strip():
        raise ValidationError(_("停止取用时请写明原因"))
    return open_review(
        version=last.version, act=Review.Act.WITHDRAW, levels=levels_for(
            site_id=placement.site_id, subject=Subject.PLACEMENT, content_class=""
        ), by=by, now=now, publish_at=None, emergency=False, instruction={"kind": "error", "reason": reason.strip()},
    )  # fmt: skip
