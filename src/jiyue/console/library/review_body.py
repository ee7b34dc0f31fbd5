"""What a final reviewer reads before a record of another site is taken over, or no longer shown."""

import re
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from jiyue.console.library.placements import lines_of
from jiyue.console.library.shelf import signed_contents
from jiyue.content.models import Column, Placement, Record, TakingRule
from jiyue.publishing.framing import origin_of
from jiyue.review.models import Review
from jiyue.review.taking import would_take

MEDIA = re.compile(r'<img [^>]*?alt="(?P<alt>[^"]*)"[^>]*>|<(?P<tag>video|audio) [^>]*>.*?</(?P=tag)>', re.DOTALL)
SAMPLES = 10
OWN_LINK = re.compile(r'(?<= href=")(?=/)')


def placement_body(request: HttpRequest, submission: Review, content: dict) -> dict[str, Any]:
    """Which record, of which site, into which column; and the matter as it is public there now."""
    placements = Placement.objects.select_related("record__site", "site", "column", "offered_by__organisation")
    (line,) = lines_of([placements.get(identity=submission.version.identity)])
    shown = signed_contents([line.item])[line.item.pk] if line.item else None
    return {
        "kind": "placement",
        "line": line,
        "placement": line.placement,
        "record_kind": Record.Kind(line.placement.record.kind).label,
        "column": Column.objects.filter(pk=content["column"]).select_related("parent").first(),
        "content": shown,
        "body": words_of(shown, line.placement.record.site.host) if shown else "",
    }


def taking_body(request: HttpRequest, submission: Review, content: dict) -> dict[str, Any]:
    """A standing rule: its signed terms in words, and what they would have taken of late."""
    rules = TakingRule.objects.select_related(
        "site", "column__parent", "origin", "origin_column", "unit", "proposed_by"
    )
    rule = rules.get(identity=submission.version.identity)
    found, _all_read = would_take(rule, now=timezone.now())
    return {"kind": "taking", "content": content, "rule": rule, "samples": found[:SAMPLES], "count": len(found)}


def words_of(content: dict, host: str) -> SafeString:
    """The signed body of another site without its pictures and recordings.

    Those lie on the other site, and a page of the console asks no other host for anything; links lead there. The HTML
    was sanitised when it was frozen, and its digest is checked by whoever hands `content` over.
    """
    body = OWN_LINK.sub(origin_of(host), MEDIA.sub(_in_words, content["body"]))
    return mark_safe(body)  # noqa: S308 - sanitised by content.snapshots, digest checked


def _in_words(found: re.Match) -> str:
    what = _("视频") if found["tag"] == "video" else _("音频") if found["tag"] else _("图片")
    # The alternative text is taken out of escaped HTML and stays escaped.
    alt = mark_safe(f"：{found['alt']}") if found["alt"] else ""  # noqa: S308
    return format_html('<p class="jy-quiet">〔{}{}〕</p>', what, alt)
