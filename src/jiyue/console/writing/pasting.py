"""Paste from Word and WPS inside the editor's own field (C3): cleaned here, put into the form by `paste.js`."""

import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from jiyue.console.writing.bodies import from_paste, told
from jiyue.content.intake import IntakeRefused
from jiyue.content.models import Article, Column
from jiyue.content.policies import may_write_in

MOST_PICTURES = 20  # that lie on the clipboard by themselves
MOST_BYTES = 60 << 20


@require_POST
def paste(request: HttpRequest) -> JsonResponse:
    """What was pasted as blocks in the state Wagtail's form wants. No draft is touched; pictures are stored.

    400 with `refusal`, a list of sentences, for what cannot be taken.
    """
    column = _column(request)
    try:
        blocks, notes = from_paste(_html(request), site=column.site, by=request.user, pictures=_pictures(request))
        if not blocks:
            raise ValidationError([_("没有找到可以放进正文的内容"), *notes])
    except IntakeRefused as refused:
        return JsonResponse({"refusal": [str(refused.message)]}, status=400)
    except ValidationError as refused:
        return JsonResponse({"refusal": refused.messages}, status=400)
    return JsonResponse({"blocks": form_state(blocks), "told": told(blocks, notes)})


def form_state(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The blocks as Wagtail gives them to its form in the browser, each with an identity of its own."""
    stream = Article._meta.get_field("body").stream_block
    named = [{**block, "id": str(uuid.uuid4())} for block in blocks]
    return stream.get_form_state(stream.to_python(named))


def script() -> str:
    """The script and its words, for the pages of the editor. The words travel as data: the page holds no inline script."""
    words = {
        "address": reverse("console_paste"),
        "waiting": _("正在整理粘贴的内容……"),
        "failed": _("没有粘贴成功：服务器没有应答。已填写的内容都在，剪贴板里的内容也在。"),
        "out": _("没有粘贴成功：登录已过期。请在另一个窗口重新登录，再试一次。"),
        "again": _("再试一次"),
        "plain": _("只粘贴文字"),
        "plained": _("已只粘贴文字。"),
        "undo": _("撤销这次粘贴"),
        "undone": _("已撤销这次粘贴。"),
        "close": _("知道了"),
    }
    data = format_html_join("", ' data-{}="{}"', words.items())
    return format_html('<script type="module" src="{}" data-jy-paste{}></script>', static("console/paste.js"), data)


def _column(request: HttpRequest) -> Column:
    given = request.POST.get("column", "")
    column = Column.objects.filter(pk=given).select_related("site__owner").first() if given.isdecimal() else None
    if column is None or not may_write_in(request.user, column):
        raise Http404
    return column


def _html(request: HttpRequest) -> str:
    given = request.FILES.get("html")
    if given is None:
        return ""
    if (given.size or 0) > MOST_BYTES:
        raise IntakeRefused("paste_too_large", size=MOST_BYTES >> 20)
    return given.read().decode("utf-8", "replace")


def _pictures(request: HttpRequest) -> tuple[bytes, ...]:
    given = request.FILES.getlist("picture")
    if len(given) > MOST_PICTURES or sum(file.size or 0 for file in given) > MOST_BYTES:
        raise IntakeRefused("paste_too_large", size=MOST_BYTES >> 20)
    return tuple(file.read() for file in given)
