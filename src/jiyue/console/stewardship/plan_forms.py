"""What people fill in to plan a column or a story. Shape only: the actions say whether it is allowed."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiyue.console.office.views_columns import units_of
from jiyue.console.rulebook.forms import Day
from jiyue.console.stewardship.forms import THREE_LINES, columns_of
from jiyue.content.models import Column, EditorialPlan, Record
from jiyue.content.models.planning import STORY_KINDS
from jiyue.content.plan_policies import kept_sites
from jiyue.identity.models import Organisation, User
from jiyue.identity.roles import Role


class PlanForm(forms.ModelForm):
    """What both kinds of plans ask."""

    due_on = Day(
        label=gettext_lazy("计划日期"), help_text=gettext_lazy("到这一天草稿写出来、栏目开起来；过了还没有会列为逾期")
    )

    class Meta:
        model = EditorialPlan
        fields = ["title", "what", "audience", "sources", "column", "unit", "owner", "due_on"]
        widgets = {"what": THREE_LINES, "sources": THREE_LINES}

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        site = self.instance.site
        own = kept_sites(user).filter(pk=site.pk).exists()
        units = units_of(site) if own else Organisation.objects.filter(sites__in=kept_sites(user)).distinct()
        self.fields["unit"].queryset = units
        self.fields["unit"].empty_label = _("请选择")
        serving = Q(appointments__site=site, appointments__role__in=[Role.EDITOR, Role.SITE_MANAGER], is_active=True)
        people = User.objects.filter(Q(pk=user.pk) | serving if own else Q(pk=user.pk)).distinct()
        self.fields["owner"].queryset = people.order_by("name", "pk")
        self.fields["owner"].empty_label = _("请选择")
        self.fields["owner"].label_from_instance = lambda person: person.name
        self.fields["column"].label_from_instance = lambda column: f"{column.name}　/{column.path}/"

    def _post_clean(self) -> None:
        # The action validates the whole plan, with words of its own.
        self.instance = forms.models.construct_instance(self, self.instance, self._meta.fields, self._meta.exclude)


class StoryForm(PlanForm):
    ends_on = Day(label=gettext_lazy("专题结束日期"), required=False, help_text=gettext_lazy("只有专题才填"))

    class Meta(PlanForm.Meta):
        fields = ["record_kind", *PlanForm.Meta.fields, "ends_on"]
        labels = {"title": gettext_lazy("选题"), "what": gettext_lazy("写什么，为什么写")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["record_kind"].choices = [(kind.value, kind.label) for kind in STORY_KINDS]
        self.initial.setdefault("record_kind", Record.Kind.ARTICLE)
        self.fields["column"].queryset = columns_of(self.instance.site)
        self.fields["column"].required = True
        self.fields["column"].empty_label = _("请选择")
        self.fields["column"].label = _("放在哪个栏目")


class ColumnPlanForm(PlanForm):
    class Meta(PlanForm.Meta):
        fields = ["column_kind", *PlanForm.Meta.fields]
        labels = {"title": gettext_lazy("栏目名称"), "what": gettext_lazy("放什么内容，为什么要开")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["title"].max_length = Column._meta.get_field("name").max_length
        self.fields["title"].widget.attrs["maxlength"] = str(self.fields["title"].max_length)
        self.fields["column_kind"].choices = Column.Kind.choices
        self.fields["column_kind"].required = True
        self.initial.setdefault("column_kind", Column.Kind.GENERAL)
        self.fields["column"].queryset = Column.objects.filter(site=self.instance.site, closed_at=None).order_by("path")
        self.fields["column"].empty_label = _("没有（作为频道）")
        self.fields["column"].label = _("上级栏目")

    def clean_title(self) -> str:
        title = str(self.cleaned_data["title"])
        if len(title) > self.fields["title"].max_length:
            raise forms.ValidationError(_("栏目名称最多 %(n)s 个字") % {"n": self.fields["title"].max_length})
        return title


class PlanOpinionForm(forms.Form):
    opinion = forms.CharField(
        label=gettext_lazy("决定的理由"), max_length=300, widget=THREE_LINES,
        help_text=gettext_lazy("同意和不同意都要写明，提出人看得到"),
    )  # fmt: skip
