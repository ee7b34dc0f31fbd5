"""The person's own settings: password, language, look. Name and unit are the operator's to change."""

import secrets
from typing import Final

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods
from wagtail.admin.forms.account import LocalePreferencesForm
from wagtail.admin.forms.auth import LoginForm, PasswordChangeForm
from wagtail.admin.views import account

from jiyue.identity import sign_ins
from jiyue.identity.actions import choose_password
from jiyue.identity.models import User
from jiyue.identity.queries import last_issue

NEW = {"autocomplete": "new-password"}
DEVICE: Final = "jiyue_device"
DEVICE_KEPT: Final = 180 * 86400  # seconds


class SignInForm(LoginForm):
    """Says the same of a wrong name, a wrong password and a temporary one whose time is over."""

    error_messages = {
        **LoginForm.error_messages,
        "invalid_login": _("账号名或密码不对，请再试一次。临时密码只在签发后 24 小时内有效，过期请联系平台运维。"),
        "closed": _("登录失败次数过多，为保护账号已暂停登录，请在 %(time)s 以后再试。"),
    }
    refused = False

    def clean(self) -> dict:
        """Judged only while there are tries left; a name without a password is no try."""
        if not (self.cleaned_data.get("username") and self.cleaned_data.get("password")):
            return super().clean()
        guess = _try(self.request, self.cleaned_data["username"])
        try:
            sign_ins.begin(guess, now=timezone.now())
        except sign_ins.SignInRefused as closed:
            self.refused = True
            words = {"time": f"{timezone.localtime(closed.until):%H:%M}"}
            raise forms.ValidationError(self.error_messages["closed"], code="closed", params=words) from closed
        given = super().clean()
        sign_ins.succeeded(guess, now=timezone.now())
        return given


class SignInView(account.LoginView):
    """Remembers the browser in which somebody signed in; says with a status of its own that it is too much."""

    def form_valid(self, form: SignInForm) -> HttpResponse:
        answer = super().form_valid(form)
        mark = {"account": form.get_user().pk, "mark": _mark(self.request, form.get_user()) or secrets.token_hex(16)}
        answer.set_cookie(
            DEVICE, signing.dumps(mark, salt=DEVICE), max_age=DEVICE_KEPT, httponly=True, samesite="Strict",
            secure=settings.SESSION_COOKIE_SECURE,
        )  # fmt: skip
        return answer

    def form_invalid(self, form: SignInForm) -> HttpResponse:
        answer = super().form_invalid(form)
        answer.status_code = 429 if form.refused else answer.status_code
        return answer


def _try(request: HttpRequest, username: str) -> sign_ins.Try:
    user = User.objects.filter(username=username.strip()).first()
    return sign_ins.Try(username, address=_address(request), device=_mark(request, user) if user else "")


def _mark(request: HttpRequest, user: User) -> str:
    """The mark of this browser, if this very account signed in with it before."""
    try:
        known = signing.loads(request.COOKIES.get(DEVICE, ""), salt=DEVICE, max_age=DEVICE_KEPT)
    except signing.BadSignature:
        return ""
    return str(known["mark"]) if known["account"] == user.pk else ""


def _address(request: HttpRequest) -> str:
    """Where the request comes from; "" where nobody can say.

    Behind a proxy, which JIYUE_HTTPS says there is, what the nearest proxy saw. Without it a request of this very machine
    may be a proxy's as well: counted, a few failures of one reader would close the door to everybody.
    """
    if not settings.HTTPS_ONLY:
        nearest = str(request.META.get("REMOTE_ADDR", ""))
        return "" if nearest in ("", "::1") or nearest.startswith("127.") else nearest
    return str(request.META.get("HTTP_X_FORWARDED_FOR", "")).rpartition(",")[2].strip()[:60]


class OwnPasswordForm(PasswordChangeForm):
    """Changes the password through the action, which leaves the trace."""

    def clean(self) -> dict:
        given = super().clean()
        password = self.cleaned_data.get("new_password1")
        if password and self.user.check_password(password):
            self.add_error("new_password1", _("新密码要与现在的不同"))
        return given

    def save(self, commit: bool = True):
        choose_password(user=self.user, password=self.cleaned_data["new_password1"], now=timezone.now())
        return self.user


class OwnPasswordPanel(account.ChangePasswordPanel):
    form_class = OwnPasswordForm


class NewPasswordForm(forms.Form):
    """One's own password in place of a temporary one."""

    password = forms.CharField(
        label=_("新密码"), max_length=128, strip=False, widget=forms.PasswordInput(attrs=NEW),
        help_text=_("至少 12 位，不能是常见密码，也不能与姓名、账号名相近"),
    )  # fmt: skip
    again = forms.CharField(label=_("再输一遍"), max_length=128, strip=False, widget=forms.PasswordInput(attrs=NEW))

    def clean(self) -> dict:
        given = super().clean()
        if given.get("password") and given.get("again") and given["password"] != given["again"]:
            self.add_error("again", _("两次输入的密码不一样"))
        return given


@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "POST"])
def new_password(request: HttpRequest) -> HttpResponse:
    """The one page that a temporary password opens."""
    if not request.user.must_choose_password:
        return redirect("wagtailadmin_account")
    form = NewPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _chosen(request, form):
        messages.success(request, _("密码已设好。以后用它登录。"))
        return redirect("wagtailadmin_home")
    context = {"form": form, "issue": last_issue(request.user)}
    return render(request, "console/new_password.html", context, status=422 if form.errors else 200)


def _chosen(request: HttpRequest, form: NewPasswordForm) -> bool:
    try:
        choose_password(user=request.user, password=form.cleaned_data["password"], now=timezone.now())
    except ValidationError as refusal:
        form.add_error("password", refusal)
        return False
    update_session_auth_hash(request, request.user)
    return True


class LanguageForm(LocalePreferencesForm):
    current_time_zone = None

    class Meta(LocalePreferencesForm.Meta):
        fields = ["preferred_language"]


class LanguagePanel(account.LocaleSettingsPanel):
    """Language only: every time shown is Beijing time."""

    title = _("语言")
    form_class = LanguageForm


class AccountView(account.AccountView):
    OFFERED = ("locale", "theme", "password")

    def get_panels(self):
        kept = [panel for panel in super().get_panels() if panel.name in self.OFFERED]
        return [self._ours(panel) for panel in kept]

    def _ours(self, panel):
        if panel.name == "password":
            return OwnPasswordPanel(self.request, panel.user, panel.profile)
        if panel.name != "locale":
            return panel
        return LanguagePanel(self.request, panel.user, panel.profile)
