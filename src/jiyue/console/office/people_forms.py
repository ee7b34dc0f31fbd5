"""What people fill in about accounts, appointments and review routes."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from jiyue.content.models import Column, Record
from jiyue.identity.models import Membership, Organisation, User
from jiyue.identity.roles import PLATFORM_ROLES, Duty, Role
from jiyue.review.models import Level


class AccountForm(forms.Form):
    """Name and unit of a person; the duty and the sign-in name stay for life."""

    name = forms.CharField(label=_("姓名"), max_length=40)
    organisation = forms.ModelChoiceField(
        label=_("所在单位"), queryset=Organisation.objects.none(), required=False, empty_label=_("没有")
    )
    staff_number = forms.CharField(
        label=_("工号"), max_length=40, required=False,
        help_text=_("同一个人的几个账号填同一个工号，不能互相审核；单位里有人同名时必须填写"),
    )  # fmt: skip

    def __init__(self, *args: Any, units: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = units


class NewAccountForm(AccountForm):
    username = forms.CharField(label=_("账号名"), max_length=150, help_text=_("登录时用；一人一个，不共用"))
    duty = forms.ChoiceField(
        label=_("职责类别"), choices=Duty.choices, widget=forms.RadioSelect,
        help_text=_("系统管理、内容编辑、内容审核不能由同一个账号兼任，定下以后不能改"),
    )  # fmt: skip

    field_order = ["username", "name", "organisation", "staff_number", "duty"]

    def clean_username(self) -> str:
        name = self.cleaned_data["username"].strip()
        if User.objects.filter(username=name).exists():
            raise ValidationError(_("这个账号名已经有人用了"))
        return name


class MembershipForm(forms.Form):
    """A platform role, with the part of the tree it is for."""

    role = forms.ChoiceField(label=_("平台角色"), choices=[(r.value, r.label) for r in Role if r in PLATFORM_ROLES])
    organisation = forms.ModelChoiceField(
        label=_("范围"), queryset=Organisation.objects.none(), required=False, empty_label=_("全平台")
    )
    chain = forms.ChoiceField(label=_("沿用的上下级关系"), choices=Membership.Chain.choices)

    def __init__(self, *args: Any, units: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = units


class AppointmentForm(forms.Form):
    """Who gets which role on a site; people are named by their account."""

    account = forms.CharField(label=_("账号名"), max_length=150, help_text=_("只能任命本单位及下级单位的有效账号"))
    role = forms.ChoiceField(label=_("角色"))

    def __init__(self, *args: Any, people: QuerySet[User], roles: list[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._people = people
        self.fields["account"].widget.attrs |= {"list": "people", "autocomplete": "off"}
        self.fields["role"].choices = [(role.value, role.label) for role in roles]

    def clean_account(self) -> User:
        person = self._people.filter(username=self.cleaned_data["account"].strip()).first()
        if person is None:
            raise ValidationError(_("在您可以任命的人员里没有这个账号"))
        return person


class LimitForm(forms.Form):
    """The columns an appointment is narrowed to; none means the whole site."""

    columns = forms.ModelMultipleChoiceField(
        label=_("栏目"), queryset=Column.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, columns: QuerySet[Column], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["columns"].queryset = columns
        self.fields["columns"].label_from_instance = lambda column: f"{column.name}　/{column.path}/"


class RouteForm(forms.Form):
    """The levels of one content class, in the order they are passed."""

    content_class = forms.ChoiceField(
        label=_("内容类别"), required=False, choices=[("", _("其余全部类别")), *Record.Kind.choices]
    )
    order = forms.ChoiceField(
        label=_("审核环节"), widget=forms.RadioSelect,
        choices=[
            ("first,second,secrecy,final", _("初审 → 复审 → 保密审查 → 终审")),
            ("secrecy,first,second,final", _("保密审查 → 初审 → 复审 → 终审")),
            ("first,secrecy,second,final", _("初审 → 保密审查 → 复审 → 终审")),
        ],
    )  # fmt: skip

    def levels(self) -> list[str]:
        return [Level(code).value for code in self.cleaned_data["order"].split(",")]
