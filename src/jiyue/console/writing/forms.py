"""The form of a record: only one's own columns, units, documents and files can be chosen."""

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm

from jiyue.content.models import Column, PolicyDocument, Topic
from jiyue.content.policies import writable_columns
from jiyue.estate.models import Site
from jiyue.identity.models import Membership, Organisation
from jiyue.identity.policies import below

MOST_DOCUMENTS = 500


class ColumnChoice(forms.ModelChoiceField):
    """A column with how often it must be renewed and who keeps it."""

    def label_from_instance(self, column: Column) -> str:
        keeper = column.responsible.short_name or column.responsible.name if column.responsible else ""
        facts = "，".join(part for part in (str(column.get_update_class_display()), keeper) if part)
        return f"{column.name}（{facts}）"


class RecordForm(WagtailAdminModelForm):
    """Limits every choice to the record's site. `instance.site` is set before the form is made."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        site = self.instance.site
        self._limit_column(site)
        for name in ("responsible", "drafting_unit"):
            if name in self.fields:
                self.fields[name].queryset = units_of(site)
        self.fields["part_of"].queryset = Topic.objects.filter(site=site).order_by("-changed_at").defer("body")
        if "documents" in self.fields:
            self.fields["documents"].queryset = documents_of(site, self.instance)

    def clean_cover(self):
        cover = self.cleaned_data["cover"]
        if cover and cover.site_id != self.instance.site_id:
            raise ValidationError(_("题图不属于本网站，请重新选择"))
        return cover

    def _limit_column(self, site: Site) -> None:
        columns = writable_columns(self.for_user, site).select_related("responsible").order_by("path")
        before = self.fields["column"]
        self.fields["column"] = ColumnChoice(
            queryset=columns, label=before.label, required=True, initial=before.initial, widget=forms.Select
        )


def units_of(site: Site) -> QuerySet[Organisation]:
    """The site's owner, everything below it, and who keeps its columns."""
    chain = below(site.owner, chain=Membership.Chain.TERRITORIAL)
    return Organisation.objects.filter(chain | Q(columns__site=site)).distinct().order_by("lineage")


def documents_of(site: Site, record) -> QuerySet[PolicyDocument]:
    """The site's newest policy documents, and those the interpretation already explains."""
    newest = PolicyDocument.objects.filter(site=site).order_by("-changed_at").values("pk")[:MOST_DOCUMENTS]
    chosen = record.documents.values("pk") if record.pk else []
    wanted = Q(pk__in=list(newest.values_list("pk", flat=True))) | Q(pk__in=chosen)
    return PolicyDocument.objects.filter(wanted, site=site).order_by("-changed_at").defer("body")
