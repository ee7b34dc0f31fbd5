"""图片和附件的权利: who made a file, by what right and until when it is shown; and what may be removed (C4)."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from jiyue.content.events import FileDescribed, FilesRemoved
from jiyue.content.models import Attachment, FileUse, Licence, Picture, PictureRendition, Record
from jiyue.content.policies import may_steward
from jiyue.content.uses import MODELS, File, kind_of, unused, used_publicly
from jiyue.domain.moments import SHANGHAI
from jiyue.domain.todo import Todo
from jiyue.estate.models import Site
from jiyue.estate.policies import sites_with
from jiyue.foundation.audit import record as trace
from jiyue.identity.models import User
from jiyue.identity.roles import Permission

KIND = "file-rights"
SOON = timedelta(days=30)  # before a permission ends, so that it can be asked for anew
MOST_AT_ONCE = 200
MOST_TODOS = 50
FACTS = ("title", "description", "author", "origin", "licence", "permission", "valid_until")


@transaction.atomic
def describe_file(*, file: File, facts: Mapping[str, Any], by: User, now: datetime) -> File:
    """Write down what a file shows, who made it and by what right it is shown. Its bytes never change.

    Raises PermissionDenied; ValidationError for another's work without a document that permits it.
    """
    if not may_steward(by, file.site):
        raise PermissionDenied(_("您不能修改这个网站的文件说明"))
    file = type(file).objects.select_for_update().get(pk=file.pk)
    before = _plain(file)
    for name in FACTS:
        setattr(file, name, facts.get(name, getattr(file, name)))
    if file.licence and file.licence != Licence.OWN and not file.permission.strip():
        raise ValidationError({"permission": _("不是本单位制作的，请写明授权依据")})
    file.full_clean(exclude=["file", "collection", "tags", "width", "height", "uploaded_by_user"])
    file.save(update_fields=list(FACTS))
    after = _plain(file)
    if before != after:
        kind = kind_of(file)
        event = FileDescribed(
            subject=f"{kind}:{file.pk}", site=file.site.host, kind=kind, name=file.title, before=before, after=after
        )
        trace(event, by=by.actor(), at=now)
    return file


@transaction.atomic
def remove_unused(*, site: Site, kind: str, files: Iterable[int], by: User, now: datetime) -> int:
    """Take files out of a site's library that no draft and no submitted version names; gives how many.

    What is used meanwhile stays. The bytes are set aside for a month by the nightly clearing of uploads, so an error can
    be made good. Raises PermissionDenied, ValidationError for too many at once.
    """
    if not may_steward(by, site):
        raise PermissionDenied(_("您不能移除这个网站的文件"))
    keys = list(files)
    if len(keys) > MOST_AT_ONCE:
        raise ValidationError(_("一次最多移除 %(most)s 个文件") % {"most": MOST_AT_ONCE})
    rows = list(unused(MODELS[kind]._default_manager.filter(site=site, pk__in=keys)).select_for_update())
    if not rows:
        return 0
    gone = [row.pk for row in rows]
    if kind == "picture":
        # Past Wagtail's signals: they would delete the bytes at once.
        PictureRendition.objects.filter(image__in=gone)._raw_delete("default")
    for row in rows:
        row.tagged_items.all().delete()
    MODELS[kind]._default_manager.filter(pk__in=gone)._raw_delete("default")
    names = [f"{row.title}（{row.pk}）" for row in rows]
    trace(FilesRemoved(subject=f"site:{site.host}", site=site.host, kind=kind, names=names), by=by.actor(), at=now)
    return len(rows)


def _plain(file: File) -> dict[str, str]:
    return {name: str(getattr(file, name) or "") for name in FACTS}


# ---- reads -----------------------------------------------------------------------------------------------------------


def with_uses(files: QuerySet[Any]) -> QuerySet[Any]:
    """The same files, each with `drafts` and `versions`: in how many records it is used."""
    return files.annotate(
        drafts=Count("uses", filter=Q(uses__in_draft=True), distinct=True),
        versions=Count("uses", filter=Q(uses__submitted=True), distinct=True),
    )


def in_state(files: QuerySet[Any], state: str, *, today: date) -> QuerySet[Any]:
    """Files whose rights are unclear, ending soon, ended; or that nobody uses. Anything else: all."""
    match state:
        case "unclear":
            return files.filter(Q(licence="") | (~Q(licence=Licence.OWN) & Q(permission="")))
        case "ending":
            return files.filter(valid_until__gte=today, valid_until__lte=today + SOON)
        case "ended":
            return files.filter(valid_until__lt=today)
        case "unused":
            return unused(files)
    return files


def state_of(file: File, *, today: date) -> str:
    """ended, ending, unclear or cleared."""
    if file.valid_until is not None and file.valid_until < today:
        return "ended"
    if file.valid_until is not None and file.valid_until <= today + SOON:
        return "ending"
    return "cleared" if file.is_cleared else "unclear"


def ended_in(record: Record, *, on: date) -> list[str]:
    """Sentences for the files of a draft whose permission has ended by a day."""
    uses = FileUse.objects.filter(record=record.pk, in_draft=True).filter(
        Q(picture__valid_until__lt=on) | Q(attachment__valid_until__lt=on)
    )
    sentence = _("“%(title)s”的授权已于 %(day)s 到期，请换掉这个文件，或者在文件库登记新的授权")
    return [
        sentence % {"title": file.title, "day": file.valid_until.isoformat()}
        for use in uses.select_related("picture", "attachment")
        if (file := use.picture or use.attachment) is not None and file.valid_until is not None
    ]


def todo_for(user: User) -> list[Todo]:
    """Files shown to the public whose permission has ended, or ends within SOON, on sites that the person keeps."""
    sites = Site.objects.filter(
        Q(pk__in=sites_with(user, Permission.WRITE_CONTENT).values("pk"))
        | Q(pk__in=sites_with(user, Permission.MANAGE_SITE).values("pk"))
    )
    limit = timezone.localdate() + SOON
    return [_todo(file) for model in (Picture, Attachment) for file in _shown(model, sites, limit)][:MOST_TODOS]


def _shown(model: type[Picture] | type[Attachment], sites: QuerySet[Site], limit: date) -> QuerySet[Any]:
    uses = FileUse.objects.filter(used_publicly(), **{str(model._meta.model_name): OuterRef("pk")})
    files = model._default_manager.filter(Exists(uses), site__in=sites, valid_until__lte=limit)
    return files.select_related("site").order_by("valid_until", "pk")[:MOST_TODOS]


def _todo(file: File) -> Todo:
    assert file.valid_until is not None  # noqa: S101 - the rows were found by it
    ended = datetime.combine(file.valid_until, time(23, 59, 59), SHANGHAI)
    return Todo(
        kind=KIND, ref=f"{kind_of(file)}/{file.pk}", site=file.site.name, title=file.title,
        what=_("文件授权到期"), state="unclear", since=ended - SOON, due=ended, note=file.permission,
    )  # fmt: skip
