"""The gate: what the console offers, and to whom. Closed by default (D2, B5).

A route that no `offer` names answers 404 as if it did not exist, Wagtail's own included, and so does an offered route
for a person whose rule says no. Which *object* a person may open is asked again inside the views, by the policies.
"""

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation

from jiyue.console.rules import Rule, everybody

OFFERED: dict[str, Rule] = {}
CHOOSE_PASSWORD = "console_new_password"  # noqa: S105 - a view name
# All that opens before a person who signed in with a temporary password has chosen her own.
BEFORE_CHOOSING = frozenset({CHOOSE_PASSWORD, "wagtailadmin_logout"})


def offer(rule: Rule, *names: str) -> None:
    """Offer routes by view name (`namespace:name`) to whom `rule` lets in. Raises ValueError for a second offer."""
    for name in names:
        if name in OFFERED:
            raise ValueError(f"{name} is offered twice")
        OFFERED[name] = rule


def may_open(user, name: str) -> bool:
    """Is the route with this view name offered to the person?"""
    rule = OFFERED.get(name)
    return rule is not None and rule(user)


class GateMiddleware:
    """Asks the table before any view runs, and speaks the person's language (Chinese until she chooses another)."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        translation.activate(_language_of(request.user))
        request.LANGUAGE_CODE = translation.get_language()
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        rule = OFFERED.get(request.resolver_match.view_name)
        if rule is everybody:
            return None
        if rule is None:
            return not_found(request)
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path(), reverse("wagtailadmin_login"))
        if request.user.must_choose_password and request.resolver_match.view_name not in BEFORE_CHOOSING:
            return redirect(CHOOSE_PASSWORD)
        return None if rule(request.user) else not_found(request)


def not_found(request, exception=None):
    """The one answer for what does not exist and for what is not this person's."""
    template = "console/404.html" if request.user.is_authenticated else "console/404_outside.html"
    return render(request, template, status=404)


def bad_request(request, exception=None):
    """A request that no page of ours sends: incomplete, or not what its fields are for."""
    return render(request, "console/400.html", status=400)


def _language_of(user) -> str:
    profile = getattr(user, "wagtail_userprofile", None) if user.is_authenticated else None
    return (profile and profile.preferred_language) or settings.LANGUAGE_CODE
