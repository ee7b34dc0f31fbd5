"""标识图片: the official pictures beside the marks of a site's footer."""

from dataclasses import dataclass

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiyue.console.office.frame import attempt, page
from jiyue.estate.marks import LARGEST, current_of, drop_mark_picture, put_mark_picture
from jiyue.estate.models import MarkPicture, Site
from jiyue.estate.policies import fetch_site_for
from jiyue.foundation.home import Home
from jiyue.foundation.objects import ObjectStore
from jiyue.identity.roles import Permission

Mark = MarkPicture.Mark
# Whose link is a fact of the site's profile already: a second place for it would be a second truth.
LINKED_ELSEWHERE = frozenset({Mark.ERROR_REPORT})


class MarkForm(forms.Form):
    """A picture, where it leads, or both. The file is optional: the link alone may change."""

    picture = forms.FileField(
        label=gettext_lazy("图片文件"), required=False, widget=forms.ClearableFileInput(attrs={"accept": "image/*"}),
        help_text=gettext_lazy("不超过 2 MB；请用核发单位发给本网站的原图"),
    )  # fmt: skip
    address = forms.URLField(
        label=gettext_lazy("链接地址"), required=False, max_length=300, assume_scheme="https",
        help_text=gettext_lazy("点击图片后打开的页面，一般是核发单位给出的查询地址"),
    )  # fmt: skip

    def bytes(self) -> "bytes | None":
        """What was uploaded; a file over the limit is read no further than it takes to refuse it."""
        uploaded = self.cleaned_data["picture"]
        return uploaded.read(LARGEST + 1) if uploaded else None


@dataclass(frozen=True)
class Row:
    """One mark, the picture it has now, and the form to give it another."""

    mark: Mark
    current: MarkPicture | None
    form: MarkForm


def marks(request: HttpRequest, site: int) -> HttpResponse:
    """The three marks that may have a picture; giving one another, or none."""
    found = fetch_site_for(request.user, site, Permission.READ_CONTENT)
    sent = request.POST.get("mark", "") if request.method == "POST" else ""
    if request.method == "POST":
        found = fetch_site_for(request.user, site, Permission.MANAGE_SITE)
    rows = [_row(request, found, mark, sent=mark == sent) for mark in Mark]
    changed = next((row for row in rows if row.mark == sent), None)
    if changed is not None and _change(request, found, changed):
        messages.success(request, _("标识图片已保存；送审并签发后对外生效"))
        return redirect("console_marks", found.pk)
    # `page` answers 422 for a refused form that it can see.
    return page(request, "marks.html", site=found, rows=rows, form=changed and changed.form)


def _row(request: HttpRequest, site: Site, mark: Mark, *, sent: bool) -> Row:
    current = current_of(site, mark)
    initial = {"address": current.address if current else ""}
    data, files = (request.POST, request.FILES) if sent else (None, None)
    form = MarkForm(data, files, initial=initial, auto_id=f"{mark}_%s")
    if mark in LINKED_ELSEWHERE:
        del form.fields["address"]
    return Row(mark, current, form)


def _change(request: HttpRequest, site: Site, row: Row) -> bool:
    act = {"site": site, "mark": row.mark, "by": request.user.actor(), "now": timezone.now()}
    if "drop" in request.POST:
        drop_mark_picture(**act)
        return True
    form = row.form
    return form.is_valid() and attempt(
        form, lambda: put_mark_picture(picture=form.bytes(), address=form.cleaned_data.get("address", ""), **act)
    )


def mark_picture(request: HttpRequest, site: int, digest: str) -> HttpResponse:
    """A picture that the site has, or had when a structure of it was sent for sign-off."""
    found = fetch_site_for(request.user, site, Permission.READ_CONTENT)
    if not MarkPicture.objects.filter(site=found, digest=digest).exists():
        raise Http404
    store = ObjectStore(Home(settings.JIYUE_HOME))
    return HttpResponse(store.get(digest), content_type="image/png")
