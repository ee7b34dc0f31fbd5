"""答复模板: the unit's and one's own, on a list; each written on a screen of its own."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from jiyue.console.letters.frame import page
from jiyue.console.office.frame import attempt, paged
from jiyue.console.stewardship.frame import done
from jiyue.estate.models import Site
from jiyue.identity.models import User
from jiyue.identity.roles import Permission
from jiyue.interaction.models import TextBlock
from jiyue.interaction.policies import keys_of
from jiyue.interaction.text_blocks import (
    LONGEST,
    PLACES,
    fetch_text_block_for,
    keep_block,
    may_keep,
    remove_block,
    visible_text_blocks,
)

OWN, UNITS = "own", "unit"
REMOVE = "remove"


class BlockForm(forms.Form):
    """Shape only; who may keep which, `interaction.text_blocks` says."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    site = forms.ModelChoiceField(label=gettext_lazy("网站"), queryset=Site.objects.none(), empty_label=None)
    whose = forms.ChoiceField(
        label=gettext_lazy("谁用"), choices=[(OWN, gettext_lazy("只有我")), (UNITS, gettext_lazy("全单位"))],
        help_text=gettext_lazy("全单位用的由信件受理人维护"),
    )  # fmt: skip
    title = forms.CharField(label=gettext_lazy("名称"), max_length=60)
    text = forms.CharField(label=gettext_lazy("内容"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 10}))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        keys = {*keys_of(user, Permission.HANDLE_LETTERS), *keys_of(user, Permission.RECEIVE_LETTERS)}
        self.fields["site"].queryset = Site.objects.filter(pk__in=keys).order_by("name", "pk")
        places = "、".join(f"{{{name}}}" for name in PLACES)
        self.fields["text"].help_text = _("这些占位插入时自动填好：%(places)s") % {"places": places}


@require_GET
def blocks(request: HttpRequest) -> HttpResponse:
    """All that one may put into answers."""
    return page(request, "blocks.html", rows=paged(request, visible_text_blocks(request.user)))


def block_new(request: HttpRequest) -> HttpResponse:
    form = BlockForm(request.POST or None, user=request.user)
    if request.method == "POST" and done(form, lambda: _kept(request, form, None)):
        messages.success(request, _("已保存，起草答复时可以插入"))
        return redirect("console_text_blocks")
    return page(request, "block.html", form=form)


def block(request: HttpRequest, text_block: int) -> HttpResponse:
    """Change or remove one; the unit's is only read by who may not keep it."""
    found = fetch_text_block_for(request.user, text_block)
    may = may_keep(request.user, found.site, own=found.person_id is not None)
    initial = {
        "version": found.version, "site": found.site_id, "whose": OWN if found.person_id else UNITS, "title": found.title,
        "text": found.text,
    }  # fmt: skip
    form = BlockForm(request.POST or None, user=request.user, initial=initial)
    if request.method == "POST" and request.POST.get("act") == REMOVE:
        if attempt(form, lambda: remove_block(block=found, by=request.user, now=timezone.now())):
            messages.success(request, _("已删除“%(title)s”") % {"title": found.title})
            return redirect("console_text_blocks")
    elif request.method == "POST" and done(form, lambda: _kept(request, form, found)):
        messages.success(request, _("已保存，起草答复时可以插入"))
        return redirect("console_text_blocks")
    return page(request, "block.html", form=form, row=found, may=may)


def _kept(request: HttpRequest, form: BlockForm, found: TextBlock | None) -> None:
    given = form.cleaned_data
    if found is not None:
        found.version = given["version"] or 0
    keep_block(
        site=given["site"], own=given["whose"] == OWN, title=given["title"], text=given["text"], by=request.user,
        now=timezone.now(), block=found,
    )  # fmt: skip
