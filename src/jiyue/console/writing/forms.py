"""The form of a record: only one's own columns, units, documents and files can be chosen."""

from django import forms
from django.core.exceptions import BadRequest, ValidationError
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm

from jiyue.console.writing.naming import HELP, NamedDocuments
from jiyue.content.belonging import chosen_parts, items_for, own_keys, topics_for
from jiyue.content.guides import STREAMS
from jiyue.content.models import CatalogueItem, Column, Interview, OpinionCall, PolicyDocument, ServiceItem, Topic
from jiyue.content.needs import NEEDS
from jiyue.content.policies import changeable_documents, writable_columns, writers_of
from jiyue.estate.models import Site
from jiyue.identity.models import Membership, Organisation
from jiyue.identity.policies import below

MOST_DOCUMENTS = 500
NEED_HELP = {
    "audiences": _("文件直接管到谁；政策文件库按它分类"),
    "themes": _("老百姓和企业办哪类事要看这份文件，可以多选，拿不准就不选"),
    "life_events": _("人一生中、企业一路上遇到哪件事时要看，可以多选"),
}


class NeedChoice(forms.MultipleChoiceField):
    """Boxes for a field that holds a list of codes, in the order of the list."""

    def clean(self, value) -> list[str]:
        chosen = super().clean(value)
        return [code for code, _label in self.choices if code in chosen]


class ColumnChoice(forms.ModelChoiceField):
    """A column with how often it must be renewed and who keeps it."""

    def label_from_instance(self, column: Column) -> str:
        keeper = column.responsible.short_name or column.responsible.name if column.responsible else ""
        facts = "，".join(part for part in (str(column.get_update_class_display()), keeper) if part)
        return f"{column.name}（{facts}）"


class RecordForm(WagtailAdminModelForm):
    """Limits every choice to the record's site. `instance.site` is set before the form is made."""

    def __init__(self, data=None, *args, instance, **kwargs):
        # A chooser shows the title of whatever key it holds, also beside an error: foreign keys never reach one.
        data, self._dropped = without_foreign_files(data, instance.site) if data is not None else (None, False)
        super().__init__(data, *args, instance=instance, **kwargs)
        site = self.instance.site
        if self.is_bound:
            self._refuse_broken_body()
        self._limit_column(site)
        for name in ("responsible", "drafting_unit"):
            if name in self.fields:
                self.fields[name].queryset = units_of(site)
        self.fields["part_of"].queryset = topics_for(site).select_related("site").order_by("-changed_at").defer("body")
        self.fields["part_of"].label_from_instance = lambda topic: _named_topic(topic, site)
        self.fields["catalogue_item"].queryset = lines_of(site, self.instance)
        if "documents" in self.fields:
            self.fields["documents"].queryset = documents_of(site, self.instance)
        if "item" in self.fields:
            self.fields["item"].queryset = items_of(site, self.instance)
        for name, choices in CHOSEN_OF_SITE.items():
            if name in self.fields:
                self.fields[name].queryset = choices(site).order_by("-changed_at").defer("body")
        if "recorders" in self.fields:
            self._offer_recorders()
        for name in ("amends", "repeals"):
            if name in self.fields:
                self._name_by_lines(name)
        for name in NEEDS:
            if name in self.fields:
                self._offer_needs(name)
        for field in self.fields.values():
            _say_what_is_empty(field)

    def clean(self):
        cleaned = super().clean()
        if self._dropped:
            raise ValidationError(_("选用的文件不存在或不属于本网站，请重新选择"))
        return cleaned

    def _offer_needs(self, name: str) -> None:
        before = self.fields[name]
        self.fields[name] = NeedChoice(
            label=before.label, help_text=NEED_HELP[name], choices=NEEDS[name].choices, required=False,
            widget=forms.CheckboxSelectMultiple,
        )  # fmt: skip

    def _offer_recorders(self) -> None:
        before, chosen = self.fields["recorders"], self.instance.recorders or []
        people = {user.username: user.name or user.username for user in writers_of(self.instance.site)}
        # Who has left stays in sight until somebody unticks the name.
        names = [*people, *(name for name in chosen if name not in people)]
        self.fields["recorders"] = NeedChoice(
            label=before.label, choices=[(name, f"{people.get(name, name)}（{name}）") for name in names], required=False,
            help_text=_("签发以后，只有勾选的人能发直播文字，从开始前 15 分钟到结束后 60 分钟；名单不公开"),
            widget=forms.CheckboxSelectMultiple,
        )  # fmt: skip

    def _name_by_lines(self, name: str) -> None:
        before = self.fields[name]
        field = NamedDocuments(label=before.label, help_text=f"{before.help_text}。{HELP}")
        field.queryset = changeable_documents(self.instance)
        self.fields[name] = field

    def _refuse_broken_body(self) -> None:
        """Raise BadRequest for blocks that no editor sends: Wagtail reads them without asking whether they are whole."""
        for name in ("body", *STREAMS):
            if name not in self.fields:
                continue
            try:
                self.fields[name].widget.value_from_datadict(self.data, self.files, self.add_prefix(name))
            except (LookupError, ValueError, TypeError, AttributeError) as broken:
                raise BadRequest(name) from broken

    def _limit_column(self, site: Site) -> None:
        columns = writable_columns(self.for_user, site).select_related("responsible").order_by("path")
        before = self.fields["column"]
        self.fields["column"] = ColumnChoice(
            queryset=columns, label=before.label, required=True, initial=before.initial, widget=forms.Select
        )


def _say_what_is_empty(field: forms.Field) -> None:
    """Nothing chosen is said in words: a row of dashes tells a reader nothing, and a screen reader spells it."""
    said = _("请选择") if field.required else _("不选")
    if isinstance(field, forms.ModelChoiceField):
        if field.empty_label is not None:
            field.empty_label = said
    elif isinstance(field, forms.ChoiceField) and isinstance(field.widget, forms.Select):
        field.choices = [(code, said if code in ("", None) else label) for code, label in field.choices]


CHOSEN_OF_SITE = {
    "opinion_call": lambda site: OpinionCall.objects.filter(site=site),
    "final_document": lambda site: PolicyDocument.objects.filter(site=site),
    "meeting": lambda site: Interview.objects.filter(site=site),
}


def _named_topic(topic: Topic, site: Site) -> str:
    return topic.title if topic.site_id == site.pk else f"{topic.title}（{topic.site.name}）"


def without_foreign_files(data: QueryDict, site: Site) -> tuple[QueryDict, bool]:
    """What was sent without the keys of files that are not the site's, and whether there were any."""
    kinds = {"cover": "image", **chosen_parts()}
    sent = {name: kinds[last] for name in data if (last := name.rpartition("-")[2]) in kinds and data[name]}
    own = {kind: own_keys(kind, {data[name] for name in sent}, site_id=site.pk) for kind in set(sent.values())}
    foreign = [name for name, kind in sent.items() if data[name] not in own[kind]]
    if not foreign:
        return data, False
    data = data.copy()
    for name in foreign:
        data[name] = ""
    return data, True


def lines_of(site: Site, record) -> QuerySet[CatalogueItem]:
    """The lines of the site's openness catalogue, and the one that the record already answers."""
    return CatalogueItem.objects.filter(Q(removed_on=None) | Q(pk=record.catalogue_item_id), site=site)


def units_of(site: Site) -> QuerySet[Organisation]:
    """The site's owner, everything below it, and who keeps its columns."""
    chain = below(site.owner, chain=Membership.Chain.TERRITORIAL)
    return Organisation.objects.filter(chain | Q(columns__site=site)).distinct().order_by("lineage")


def items_of(site: Site, record) -> QuerySet[ServiceItem]:
    """The items to which the site may give a guide, and the one that this guide has."""
    return items_for(site).filter(Q(ended_on=None) | Q(pk=record.item_id)).order_by("code")


def documents_of(site: Site, record) -> QuerySet[PolicyDocument]:
    """The site's newest policy documents, and those the interpretation already explains."""
    newest = PolicyDocument.objects.filter(site=site).order_by("-changed_at").values("pk")[:MOST_DOCUMENTS]
    chosen = record.documents.values("pk") if record.pk else []
    wanted = Q(pk__in=list(newest.values_list("pk", flat=True))) | Q(pk__in=chosen)
    return PolicyDocument.objects.filter(wanted, site=site).order_by("-changed_at").defer("body")
