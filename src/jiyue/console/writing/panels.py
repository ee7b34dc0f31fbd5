"""What the editor shows for each type of record: title, facts, text, classification, in this order everywhere."""

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList

from jiyue.console.writing.forms import RecordForm
from jiyue.console.writing.widgets import Blocks, PictureChooser
from jiyue.content.models import Record

Kind = Record.Kind
OWN_FACTS: dict[str, tuple[str, ...]] = {
    Kind.NOTICE: ("valid_until",),
    Kind.POLICY_DOCUMENT: (
        "document_number", "issuer", "written_on", "issued_on", "effective_on", "expires_on", "validity",
        "amends", "repeals", "major_decision", "opinion_call", "no_call_reason",
        "index_number", "public_scope", "public_effect", "drafting_unit", "signatory", "addressee",
        "audiences", "themes", "life_events",
    ),
    Kind.INTERPRETATION: ("form", "documents"),
    Kind.LEADER: ("post", "duties", "position"),
    Kind.INSTITUTION: ("address", "telephone", "hours", "head", "position"),
    Kind.TOPIC: ("ends_on", "archived", "work_kind", "work_year", "work_number", "work_target", "documents"),
    Kind.SERVICE_GUIDE: (
        "item", "scope", "result", "handling_body", "section", "place", "hours", "telephone", "complaint_telephone",
        "fee_standard", "fee_basis", "legal_days", "promised_days", "limit_note", "visits", "conditions",
        "certificates", "materials", "process", "review_procedure", "legal_basis", "online_depth", "online_address",
        "query_address", "consultation_address", "supervision_address", "questions", "documents", "disclosure",
        "disclosure_reason", "disclosure_period", "index_number",
    ),
    Kind.SURVEY: ("purpose", "asked_by", "contact", "opens_at", "closes_at", "questions", "about_site"),
    Kind.OPINION_CALL: ("purpose", "asked_by", "contact", "opens_at", "closes_at"),
    Kind.CAMPAIGN_RESULT: ("final_document",),
    Kind.INTERVIEW: (
        "purpose", "asked_by", "host_name", "guests", "opens_at", "closes_at", "takes_questions", "has_live", "recorders",
        "video_address", "contact",
    ),
    Kind.TRANSCRIPT: ("meeting",),
}  # fmt: skip
COMMON = ("column", "source", "author", "responsible", "emergency", "about_minors", "reprint")
CLASSES = (
    "summary", "keywords", "cover", "cover_alt", "openness", "subject_class", "form_class", "part_of",
)  # fmt: skip
# What decides until when it must be public, and when somebody looks at it again.
TIMES = ("information_class", "event_on", "event_time", "catalogue_item", "review_on")
PASTE_HELP = _("从 Word、WPS 或网页复制后，可以直接粘贴到段落里：标题、列表、表格会各自成块。")
WIDGETS = {
    "body": Blocks(Record._meta.get_field("body").stream_block),
    "cover": PictureChooser(),
    "part_of": forms.Select(),
    "catalogue_item": forms.Select(),
    "title": forms.TextInput(attrs={"placeholder": _("标题")}),
    "opinion_call": forms.Select(),
    "final_document": forms.Select(),
    "meeting": forms.Select(),
    "documents": forms.SelectMultiple(attrs={"size": 8, "data-jy-pick": ""}),
}


def panels_for(kind: str) -> ObjectList:
    """The editor of one type of record."""
    own = OWN_FACTS.get(kind, ())
    common = MultiFieldPanel(_fields(*COMMON), heading=_("基本事实"))
    facts = [MultiFieldPanel(_fields(*own), heading=Record.Kind(kind).label)] if own else []
    groups = [
        FieldPanel("title", classname="title", widget=WIDGETS["title"]),
        FieldPanel("subtitle"),
        common,
        *facts,
        FieldPanel("body", widget=WIDGETS["body"], heading=_("正文"), help_text=PASTE_HELP),
        MultiFieldPanel(
            _fields(*CLASSES),
            heading=_("摘要与归类"),
        ),
        MultiFieldPanel(_fields(*TIMES), heading=_("公开时限与复查")),
        MultiFieldPanel(
            [
                FieldPanel("original_published_at", help_text=_("只知道日期时，时间填 00:00，页面上就只写日期。")),
                *_fields("original_source", "original_address"),
            ],
            heading=_("原发布信息"), classname="collapsed",
        ),
    ]  # fmt: skip
    return ObjectList(groups, base_form_class=RecordForm)


def _fields(*names: str) -> list[FieldPanel]:
    return [FieldPanel(name, **({"widget": WIDGETS[name]} if name in WIDGETS else {})) for name in names]
