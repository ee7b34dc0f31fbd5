"""所问的办事事项 on the page of a letter: which it is, its public guides, and choosing another (SERV-10)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from jiyue.console.stewardship.frame import done
from jiyue.content.models import Record, ServiceGuide
from jiyue.identity.models import User
from jiyue.interaction.models import Case
from jiyue.interaction.services import may_name, name_service, services_for
from jiyue.publishing.framing import origin_of
from jiyue.publishing.models import LISTED, PublicItem

SERVICE = "service"
MOST_NAMED = 500  # items that a list offers; any other is found by its code


class ServiceForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    service = forms.CharField(
        label=gettext_lazy("所问的办事事项"), required=False, max_length=200,
        help_text=gettext_lazy("输入名称或者编码，从列出的事项里选；清空就是不涉及办事事项"),
        widget=forms.TextInput(attrs={"list": "service-items", "autocomplete": "off"}),
    )  # fmt: skip


@dataclass(frozen=True)
class About:
    """What the page shows; without `form` this person may not change it."""

    guides: list[tuple[str, str, str]]
    form: ServiceForm | None
    named: list[str]


def about(case: Case, user: User, *, sent: QueryDict | None) -> About:
    """The item with its public guides: title, address, site. Only the form that was sent is bound."""
    if not may_name(user, case):
        return About(_guides(case), None, [])
    initial = {"version": case.version, "service": _label(case.service) if case.service else ""}
    form = ServiceForm(sent, prefix=SERVICE, initial=initial)
    return About(_guides(case), form, [_label(item) for item in services_for(case)[:MOST_NAMED]])


def take_service(told: About, case: Case, *, by: User, now: datetime) -> bool:
    """Note what was chosen; False when it was refused and the form says why."""
    form = told.form
    if form is None:
        return False

    shown = case.version

    def does() -> Any:
        case.version = form.cleaned_data["version"]
        return name_service(case=case, code=_code(case, form.cleaned_data["service"]), by=by, now=now)

    is_done = done(form, does)
    if not is_done:
        case.version = shown  # the other forms of the page are drawn with it
    return is_done


def _code(case: Case, typed: str) -> str:
    """The code in what was typed: chosen from the list, typed alone, or that of the one item of this name."""
    first = typed.strip().split(" ", 1)[0]
    named = list(services_for(case).filter(name=typed.strip()).values_list("code", flat=True)[:2])
    return named[0] if len(named) == 1 else first


def _label(item: Any) -> str:
    return f"{item.code} {item.name}"


def _guides(case: Case) -> list[tuple[str, str, str]]:
    if case.service_id is None:
        return []
    guides = ServiceGuide.objects.filter(item=case.service_id).values("identity")
    items = PublicItem.objects.filter(
        kind=Record.Kind.SERVICE_GUIDE, identity__in=guides, placed_by=None, state__in=LISTED
    )
    found = items.filter(site__in={case.desk_id, case.site_id}).select_related("site", "sign_off__version")
    titles = dict(ServiceGuide.objects.filter(item=case.service_id).values_list("identity", "title"))
    return [(titles[item.identity], origin_of(item.site.host) + item.address, item.site.name) for item in found]
