"""A body brought from elsewhere: pasted from Word or WPS, or read out of a DOCX, PDF, HTML or text file (C3)."""

import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jiyue.checks.findings import Severity
from jiyue.checks.reading import matter_of_html
from jiyue.checks.running import check
from jiyue.console.refusals import sentences
from jiyue.content.actions import save_draft, store_attachment, store_picture
from jiyue.content.intake import IntakeRefused, Item, ItemFile, read, read_paste
from jiyue.content.models import Record
from jiyue.content.models.records import UNDER_REVIEW
from jiyue.content.policies import fetch_record_for
from jiyue.estate.models import Site
from jiyue.identity.models import User
from jiyue.review.checking import engine_for

MOST_BYTES = 50 << 20
POLLUTION = ("hidden-link", "spam")  # families that read the source of a page
PLACE = re.compile(r"@(\d+)\Z")


@require_http_methods(["GET", "POST"])
def bring_body(request: HttpRequest, pk: int) -> HttpResponse:
    """Turn a paste or a file into blocks of a draft; added at its end, or instead of what was there."""
    record = fetch_record_for(request.user, pk, writable=True)
    refusal: list[str] = []
    if request.method == "POST":
        try:
            told = _bring(request, record)
        except IntakeRefused as refused:
            refusal = [str(refused.note.message)]
        except (PermissionDenied, ValidationError) as refused:
            refusal = sentences(refused)
        else:
            messages.success(request, told)
            return redirect("console_edit", record.pk)
    context = {
        "record": record, "refusal": refusal, "locked": record.state in UNDER_REVIEW, "typed": request.POST,
        "has_body": bool(record.body),
    }  # fmt: skip
    return TemplateResponse(request, "console/writing/bring.html", context, status=409 if refusal else 200)


def _bring(request: HttpRequest, record: Record) -> str:
    uploaded = request.FILES.get("file")
    if uploaded:
        if (uploaded.size or 0) > MOST_BYTES:
            raise ValidationError(_("文件超过 %(size)s MB，请拆分后再导入") % {"size": MOST_BYTES >> 20})
        blocks, notes = _from_file(record, uploaded.name, uploaded.read(), by=request.user)
    else:
        blocks, notes = from_paste(request.POST.get("html", ""), site=record.site, by=request.user)
    if not blocks:
        raise ValidationError(_("没有找到可以放进正文的内容"))
    replaced = bool(request.POST.get("replace"))
    with_blocks(record, blocks, by=request.user, replace=replaced)
    return told(blocks, notes)


def with_blocks(record: Record, blocks: list[dict[str, Any]], *, by: User, replace: bool) -> Record:
    """Save the draft with these blocks at the end of its body, or as its body."""
    typed = record.typed
    before = [] if replace or not typed.body else typed.body.get_prep_value()
    typed.body = typed.body.stream_block.to_python([*before, *blocks])
    return save_draft(record=typed, by=by, now=timezone.now())


def from_paste(
    html: str, *, site: Site, by: User, pictures: tuple[bytes, ...] = ()
) -> tuple[list[dict[str, Any]], list[str]]:
    """The blocks of a paste, its pictures stored for the site, and what to tell of it. Raises IntakeRefused."""
    pasted = read_paste(html, pictures)
    stored = [_stored(site, file, by=by) for file in pasted.files]
    notes = [str(note.message) for note in pasted.notes]
    return list(_placed(pasted.blocks, stored)), [*notes, *polluted(html, site=site)]


def polluted(html: str, *, site: Site) -> list[str]:
    """What to tell of a source that hides links or carries spam: cleaning took it out, but the source may be hacked."""
    engine = engine_for(site, now=timezone.now())
    found = check(matter_of_html(html, source=""), engine.settings, only=POLLUTION)
    if not any(finding.severity == Severity.BLOCK for finding in found):
        return []
    return [_("来源里有隐藏链接或垃圾信息（%(n)s 处），来源网页可能被篡改，请核对来源和正文") % {"n": len(found)}]


def _from_file(record: Record, name: str, data: bytes, *, by: User) -> tuple[list[dict[str, Any]], list[str]]:
    item = next((result for result in read(data, name=name) if isinstance(result, Item)), None)
    if item is None:
        raise ValidationError(_("这个文件里没有可以导入的内容"))
    stored = [_stored(record.site, file, by=by) for file in item.files]
    return list(_placed(item.blocks, stored)), [str(note.message) for note in item.notes]


def _stored(site: Site, file: ItemFile, *, by: User) -> int:
    store = store_picture if file.media_type.startswith("image/") else store_attachment
    kept = store(site=site, name=file.name, data=file.content, title=file.name[:120], by=by, now=timezone.now())
    return kept.pk


def _placed(blocks: Iterable[dict[str, Any]], stored: list[int]) -> Iterable[dict[str, Any]]:
    """The blocks with "@0", "@1" … replaced by the files that were stored for them."""
    for block in blocks:
        value = block["value"]
        if not isinstance(value, dict):
            yield block
            continue
        yield {**block, "value": {name: _reference(given, stored) for name, given in value.items()}}


def _reference(given: Any, stored: list[int]) -> Any:
    place = PLACE.match(given) if isinstance(given, str) else None
    return stored[int(place[1])] if place and int(place[1]) < len(stored) else given


def told(blocks: list[dict[str, Any]], notes: list[str]) -> str:
    """What was put into the body, and the notes, in one sentence."""
    words = {
        "paragraph": _("段落"), "heading": _("小标题"), "list": _("列表"), "table": _("表格"), "image": _("图片"),
        "attachment": _("附件"), "quotation": _("引用"), "official": _("公文版式"),
    }  # fmt: skip
    counted = Counter(block["type"] for block in blocks)
    parts = [f"{words.get(kind, kind)} {count}" for kind, count in counted.items()]
    return "；".join([_("已放进正文：%(parts)s") % {"parts": "、".join(parts)}, *notes])
