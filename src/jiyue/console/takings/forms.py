"""What people fill in to have a column take by itself. Shape only: the actions say whether it is allowed."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiyue.console.rulebook.forms import Day
from jiyue.content.models import Column, TakingRule
from jiyue.content.policies import writable_columns
from jiyue.content.structure import identity_of
from jiyue.estate.models import Site
from jiyue.estate.policies import sites_with
from jiyue.identity.models import Membership, Organisation, User
from jiyue.identity.policies import below
from jiyue.identity.roles import Permission
from jiyue.review import ledger


class FromWhere(forms.Form):
    """The first question: which site, or a unit on all sites."""

    origin = forms.ModelChoiceField(
        Site.objects.exclude(status=Site.Status.CLOSED).order_by("name", "pk"), required=False,
        label=gettext_lazy("来源网站"), empty_label=gettext_lazy("不限网站，按责任单位取用"),
    )  # fmt: skip


class RuleForm(forms.ModelForm):
    from_on = Day(label=gettext_lazy("从哪天发布的开始"), help_text=gettext_lazy("早于这一天发布的稿件不取用"))
    until_on = Day(label=gettext_lazy("到哪天发布的为止"), required=False, help_text=gettext_lazy("留空表示一直执行"))

    class Meta:
        model = TakingRule
        fields = [
            "column", "origin_column", "unit", "kind", "subject_class", "from_on", "until_on", "delay_hours",
        ]  # fmt: skip

    def __init__(self, *args: Any, columns: QuerySet[Column], origin: Site | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.origin = origin
        self.fields["column"].queryset = columns
        self.fields["column"].label_from_instance = _place
        self.fields["column"].empty_label = None
        self.fields["unit"].queryset = _units(origin)
        self.fields["unit"].empty_label = _("不限")
        if origin is None:
            del self.fields["origin_column"]
            self.fields["unit"].required = True
        else:
            names = _signed_names(origin)
            columns = Column.objects.filter(site=origin, closed_at=None, pk__in=names)
            self.fields["origin_column"].queryset = columns.order_by("path")
            self.fields["origin_column"].label_from_instance = lambda column: names[column.pk]
            self.fields["origin_column"].empty_label = _("全部栏目")
        self.fields["kind"].choices = [("", _("全部类型")), *TakingRule._meta.get_field("kind").choices]

    def _post_clean(self) -> None:
        # The action validates the whole rule, with words of its own.
        self.instance = forms.models.construct_instance(self, self.instance, self._meta.fields, self._meta.exclude)
        self.instance.origin = self.origin
        if self.instance.column_id:
            self.instance.site = self.instance.column.site


def columns_for(user: User) -> QuerySet[Column]:
    """Columns for which the person may propose rules: those they write in, and all of sites they manage."""
    written = [
        column.pk for site in sites_with(user, Permission.WRITE_CONTENT) for column in writable_columns(user, site)
    ]
    managed = Q(site__in=sites_with(user, Permission.MANAGE_SITE))
    found = Column.objects.filter(Q(pk__in=written) | managed, closed_at=None).exclude(kind=Column.Kind.CHANNEL)
    return (
        found.exclude(site__status=Site.Status.CLOSED).select_related("site", "parent").order_by("site__name", "path")
    )


def _signed_names(origin: Site) -> dict[int, str]:
    """The columns of another site as they were signed off, by key; what it prepares is nobody else's to read."""
    last = ledger.current(identity_of(origin))
    if last is None:
        return {}
    signed = ledger.content_of(last.version, digest=last.version_digest)
    return {column["id"]: column["name"] for column in signed["columns"]}


def _place(column: Column) -> str:
    above = f"{column.parent.name} / " if column.parent else ""
    return f"{column.site.name}：{above}{column.name}"


def _units(origin: Site | None) -> QuerySet[Organisation]:
    """Units that answer for records: of the origin's owner and below it, or those that have sites."""
    if origin is None:
        return Organisation.objects.filter(sites__isnull=False).distinct().order_by("lineage")
    return Organisation.objects.filter(
        Q(pk=origin.owner_id) | below(origin.owner, chain=Membership.Chain.TERRITORIAL)
    ).order_by("lineage")
