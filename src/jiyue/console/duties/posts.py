"""订阅与邮件: a person's own page for her calendar feed and her daily mail."""

from urllib.parse import urljoin

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from jiyue.console.duties import actions, digests, kept_mails
from jiyue.console.duties.frame import screen
from jiyue.console.models import Subscription
from jiyue.console.office.frame import attempt
from jiyue.domain.deadlines import local


class MailForm(forms.ModelForm):
    at = forms.TimeField(
        label=gettext_lazy("发送时间"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=gettext_lazy("每天一封，例如 08:30"),
    )  # fmt: skip

    class Meta:
        model = Subscription
        fields = ["mails", "address", "at", "working_days_only"]

    def _post_clean(self) -> None:
        # Shape only; what belongs together the action says.
        self.fields["address"].required = False

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["address"].widget.attrs["autocomplete"] = "email"


@require_http_methods(["GET", "POST"])
def post(request: HttpRequest) -> HttpResponse:
    """Choose the mail; see whether there is a feed."""
    row = Subscription.objects.filter(user=request.user).first() or Subscription(user=request.user)
    initial = {"address": row.address or request.user.email}
    form = MailForm(request.POST or None, instance=row, initial=initial)
    if request.method == "POST" and form.is_valid() and attempt(form, lambda: _choose(request, form)):
        messages.success(request, _("已保存"))
        return redirect("console_duty_post")
    return _page(request, row, form=form)


@require_POST
def make_feed(request: HttpRequest) -> HttpResponse:
    """Make a new address and show it, this once."""
    secret = actions.make_feed(by=request.user, now=timezone.now())
    address = urljoin(settings.WAGTAILADMIN_BASE_URL, reverse("console_feed", args=[secret]))
    row = Subscription.objects.get(user=request.user)
    return _page(request, row, form=MailForm(instance=row), address=address)


@require_POST
def revoke_feed(request: HttpRequest) -> HttpResponse:
    """The address stops working."""
    actions.revoke_feed(by=request.user, now=timezone.now())
    messages.success(request, _("订阅地址已作废"))
    return redirect("console_duty_post")


def _choose(request: HttpRequest, form: MailForm) -> None:
    actions.choose_mail(**form.cleaned_data, by=request.user, now=timezone.now())


def _page(request: HttpRequest, row: Subscription, *, form: MailForm, address: str = "") -> HttpResponse:
    today = local(timezone.now()).date()
    kept = Subscription.objects.filter(pk=row.pk).first() if row.pk else row
    response = screen(
        request, "post.html", form=form, row=kept, address=address, mail_works=digests.is_configured(),
        cut_off=kept.handing_on == today and kept.sent_on != today, place=kept_mails.place_of(request.user.pk),
        days=kept_mails.days_of(request.user.pk), mail=kept_mails.kept_mail(request.user.pk, request.GET.get("mail", "")),
    )  # fmt: skip
    response.status_code = 422 if form.is_bound and form.errors else 200
    return response
