"""Labels for Wagtail's link dialogues, which name their fields after its variables."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import choosers

LABELS = {
    "url": _("网址"),
    "link_text": _("链接文字"),
    "email_address": _("电子邮箱"),
    "phone_number": _("电话号码"),
    "subject": _("邮件主题"),
    "body": _("邮件正文"),
}
FORMS = (
    choosers.ExternalLinkChooserForm,
    choosers.EmailLinkChooserForm,
    choosers.PhoneLinkChooserForm,
    choosers.AnchorLinkChooserForm,
)


class Address(choosers.URLOrAbsolutePathField):
    """Takes a form that was sent without an address for one left empty."""

    def to_python(self, value):
        return super().to_python(value or "")


def register() -> None:
    """Give the fields their words. Called once, before a dialogue opens."""
    choosers.ExternalLinkChooserForm.base_fields["url"] = Address(required=True)
    for form in FORMS:
        for name, field in form.base_fields.items():
            field.label = LABELS.get(name, field.label)
