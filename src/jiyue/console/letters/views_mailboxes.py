"""领导信箱 of a site: which leaders may be written to, in which words, and who takes their letters (INT-15)."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiyue.console.letters.frame import FOLDER
from jiyue.console.office.frame import page as site_page
from jiyue.console.stewardship.frame import done
from jiyue.content.models import Leader, LeaderMailbox
from jiyue.content.models.mailboxes import LONGEST_WORDING
from jiyue.estate.models import Site
from jiyue.estate.policies import fetch_site_for, sites_with
from jiyue.identity.models import User
from jiyue.identity.roles import Permission
from jiyue.interaction.leaders import persons_for
from jiyue.interaction.mailboxes import close_mailbox, keepers_at, leaders_of, open_mailbox
from jiyue.interaction.policies import desks_of, takes_letters


class MailboxForm(forms.Form):
    """Whose mailbox, what stands beside the name, and who takes the letters."""

    leader = forms.ModelChoiceField(label=gettext_lazy("领导"), queryset=Leader.objects.none(), empty_label=None)
    wording = forms.CharField(
        label=gettext_lazy("信箱说明"), max_length=LONGEST_WORDING, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("写信人会看到，例如受理什么来信、多久回复"),
    )  # fmt: skip
    desk = forms.ModelChoiceField(label=gettext_lazy("来信交给"), queryset=Site.objects.none(), empty_label=None)
    keeper = forms.ModelChoiceField(
        label=gettext_lazy("信箱经办人"), queryset=User.objects.none(), required=False,
        empty_label=gettext_lazy("由承办网站的信件受理人经办"),
        help_text=gettext_lazy("可以受理、分办和转办写给这位领导的信；要先是承办网站的信件受理人或者承办人"),
    )  # fmt: skip

    person = forms.ModelChoiceField(
        label=gettext_lazy("领导本人的账号"), queryset=User.objects.none(), required=False,
        empty_label=gettext_lazy("领导不在平台上看来信"),
        help_text=gettext_lazy("登录后只看写给自己的来信，可以批示，不能答复和转办。先由平台运维开一个与领导同名、职责类别为监督的账号"),
    )  # fmt: skip

    def __init__(self, *args: Any, site: Site, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        desks = [each for each in desks_of(site).select_related("owner") if each.pk == site.pk or takes_letters(each)]
        self.fields["leader"].queryset = Leader.objects.filter(pk__in=[each.pk for each in leaders_of(site)])
        self.fields["leader"].label_from_instance = lambda leader: f"{leader.post} {leader.title}".strip()
        self.fields["desk"].queryset = Site.objects.filter(pk__in=[each.pk for each in desks]).select_related("owner")
        self.fields["desk"].label_from_instance = lambda each: each.owner.name
        self.fields["desk"].initial = site.pk
        self.fields["person"].queryset = persons_for(site, self.fields["leader"].queryset)
        self.fields["person"].label_from_instance = lambda user: f"{user.name}（{user.username}）"
        keepers = [person.pk for desk in desks for person in keepers_at(desk)]
        self.fields["keeper"].queryset = User.objects.filter(pk__in=keepers).order_by("name", "pk")


class ClosingForm(forms.Form):
    why = forms.CharField(
        label=gettext_lazy("停用的说明，写信人会看到"), max_length=LONGEST_WORDING,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip


def mailboxes(request: HttpRequest, site: int) -> HttpResponse:
    """All mailboxes of a site; opening one, or changing its words and who takes the letters."""
    found = fetch_site_for(request.user, site, Permission.READ_CONTENT)
    if request.method == "POST":
        found = fetch_site_for(request.user, site, Permission.MANAGE_SITE)
    form = MailboxForm(request.POST or None, site=found, initial=_asked(request, found))
    who = {"by": request.user, "now": timezone.now()}
    if request.method == "POST" and done(form, lambda: open_mailbox(**form.cleaned_data, **who)):
        messages.success(request, _("已登记；送审并签发网站设置后对外可见"))
        return redirect("console_mailboxes", found.pk)
    rows = LeaderMailbox.objects.filter(site=found).select_related("leader", "desk__owner", "keeper", "person")
    return site_page(
        request, "mailboxes.html", folder=FOLDER, site=found, form=form, rows=rows.order_by("leader__position", "pk"),
        leaders=leaders_of(found), takes=takes_letters(found),
    )  # fmt: skip


def close(request: HttpRequest, mailbox: int) -> HttpResponse:
    """Close one mailbox, with the words that stand in its place."""
    rows = LeaderMailbox.objects.filter(site__in=sites_with(request.user, Permission.MANAGE_SITE))
    row = rows.select_related("site", "leader").filter(pk=mailbox, is_open=True).first()
    if row is None:
        raise Http404
    form = ClosingForm(request.POST or None)
    act = {"mailbox": row, "by": request.user, "now": timezone.now()}
    if request.method == "POST" and done(form, lambda: close_mailbox(**form.cleaned_data, **act)):
        messages.success(request, _("已停用；送审并签发网站设置后对外停止收信"))
        return redirect("console_mailboxes", row.site_id)
    return site_page(request, "mailbox_close.html", folder=FOLDER, site=row.site, form=form, row=row)


def _asked(request: HttpRequest, site: Site) -> dict[str, Any]:
    """What the form begins with: the mailbox that is to be changed, if one is named."""
    key = request.GET.get("mailbox", "")
    row = LeaderMailbox.objects.filter(site=site, pk=key).first() if key.isdecimal() else None
    if row is None:
        return {}
    people = {"keeper": row.keeper_id, "person": row.person_id}
    return {"leader": row.leader_id, "wording": row.wording, "desk": row.desk_id, **people}
