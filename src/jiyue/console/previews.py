"""预览: drafts and submitted versions in the public page they would have, for those who may read the site (C5).

The page is drawn anew for each look and kept nowhere. It runs no script, submits no form, asks no other host for
anything and may be framed by the console only.
"""

from collections.abc import Iterable, Mapping
from functools import cache, partial
from urllib.parse import unquote

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.html import format_html, format_html_join
from django.utils.module_loading import import_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from jiyue.console.facts import body_for_staff, led_through_console
from jiyue.console.versions import DRAWN, fetch_version_for
from jiyue.content.file_types import media_type_of
from jiyue.content.models import Attachment, Picture, PolicyDocument, Record
from jiyue.content.rendering import Shortcoming
from jiyue.content.snapshots import draft_of
from jiyue.estate.models import Site
from jiyue.estate.policies import sites_with
from jiyue.foundation.home import Home
from jiyue.foundation.keys import KeyRing
from jiyue.foundation.objects import ObjectStore
from jiyue.identity.roles import Permission
from jiyue.publishing.deploying import Deployer
from jiyue.publishing.models import SitePublication
from jiyue.publishing.pages import Renderer
from jiyue.publishing.previewing import preview_page
from jiyue.publishing.reconciling import signed_structure
from jiyue.publishing.sealed import SealBroken
from jiyue.review import ledger
from jiyue.review.models import Subject

WIDTHS = {"phone": 390, "tablet": 768, "wide": 1440}
ASSET_TYPES = {"css": "text/css; charset=utf-8", "svg": "image/svg+xml"}
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; media-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'; sandbox allow-same-origin allow-popups"
)


@cache
def _renderer() -> Renderer:
    """Whatever bakes the public pages draws the previews too; the portal is named in the settings, never imported."""
    return import_string(settings.JIYUE_RENDERER)()


def draft_page(record: Record, *, named: Mapping[str, Iterable[PolicyDocument]] | None = None) -> HttpResponse:
    """The page of a draft as the form at hand has it, saved or not. Whose draft it is was asked by the caller."""
    content, lacks = draft_of(record, address=_private_address, named=named)
    content["body"] = _lacking(lacks) + content["body"]
    return _answer(content, record.site)


@require_GET
def version_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The page of a submitted version: exactly what is under review."""
    version = fetch_version_for(request.user, pk)
    if version.subject != Subject.RECORD:
        raise Http404
    content = dict(ledger.content_of(version, digest=version.digest))
    content["body"] = str(body_for_staff(content, version.pk))
    content["files"] = [
        {**facts, "address": led_through_console(facts["address"], version.pk)} for facts in content["files"]
    ]
    if content["cover"]:
        content["cover"] = {**content["cover"], "address": led_through_console(content["cover"]["address"], version.pk)}
    return _answer(content, version.site)


@require_GET
def preview_frame(request: HttpRequest, pk: int) -> HttpResponse:
    """A version's page at the width of a phone, a tablet or a wide screen, with the way back beside it."""
    version = fetch_version_for(request.user, pk)
    if version.subject != Subject.RECORD:
        raise Http404
    width = request.GET.get("width", "")
    chosen = width if width in WIDTHS else "phone"
    context = {
        "version": version,
        "title": ledger.content_of(version, digest=version.digest)["title"],
        "review": version.reviews.order_by("-pk").first(),
        "chosen": chosen,
        "widths": [("phone", _("手机")), ("tablet", _("平板")), ("wide", _("宽屏"))],
        "pixels": WIDTHS[chosen],
    }
    return TemplateResponse(request, "console/preview_frame.html", context)


@require_GET
def preview_part(request: HttpRequest, site: int, path: str) -> HttpResponse:
    """A style sheet of the portal, or a file that the site shows to everybody already. Nothing else."""
    found = get_object_or_404(sites_with(request.user, Permission.READ_CONTENT), pk=site)
    address = f"/{path}"
    answer = _asset(found, address) or _public_file(found, address)
    if answer is None:
        raise Http404
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    patch_cache_control(answer, private=True, max_age=600)
    return answer


def _asset(site: Site, address: str) -> HttpResponse | None:
    media_type = ASSET_TYPES.get(address.rpartition(".")[2])
    if media_type is None or not address.startswith("/assets/"):
        return None
    files = (file for colour in _colours(site) for file in _renderer().assets(colour)[1])
    content = next((file.content for file in files if file.address == address), None)
    return None if content is None else HttpResponse(content, content_type=media_type)


def _colours(site: Site) -> set[str]:
    """The colour that is public and the one that is being prepared: a preview shows either."""
    try:
        return {site.colour, signed_structure(site)["profile"]["colour"]}
    except (LookupError, SealBroken, SitePublication.DoesNotExist):
        return {site.colour}


def _public_file(site: Site, address: str) -> HttpResponse | None:
    media_type = media_type_of(address)
    if not address.startswith("/files/") or media_type not in DRAWN:
        return None
    home = Home(settings.JIYUE_HOME)
    file = Deployer(home, KeyRing(home)).find(site.host, unquote(address[1:]))
    return FileResponse(ObjectStore(home).path(file.digest).open("rb"), content_type=media_type) if file else None


def _answer(content: dict, site: Site) -> HttpResponse:
    part = partial(_part_address, site.pk)
    try:
        html = preview_page(
            content, site, renderer=_renderer(), part=part, own=(reverse("console_private_file", args=["-"])[:-1],
            reverse("wagtailadmin_home") + "versions/"), now=timezone.now(),
        )  # fmt: skip
    except SealBroken:
        return HttpResponse(_("网站栏目的数据正在核对，暂时不能预览，请过几分钟再试。"), status=503)
    answer = HttpResponse(html)
    answer["Content-Security-Policy"] = POLICY
    answer["X-Robots-Tag"] = "noindex, nofollow"
    answer["Referrer-Policy"] = "no-referrer"
    return answer


def _part_address(site: int, address: str) -> str:
    return reverse("console_preview_part", args=[site, address[1:]])


def _private_address(file: Picture | Attachment) -> str:
    return reverse("console_private_file", args=[file.file.name])


def _lacking(lacks: list[Shortcoming]) -> SafeString:
    """What the page leaves out, told at the head of its text."""
    if not lacks:
        return SafeString("")
    sentences = format_html_join("", "<li>{}</li>", ((lack.message,) for lack in lacks))
    return format_html(
        '<div class="preview-lacks"><p><strong>{}</strong></p><ul>{}</ul></div>',
        _("补齐后才能预览这些内容："),
        sentences,
    )
