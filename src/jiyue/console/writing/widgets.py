"""Wagtail's widgets without what they write inline, which the console's policy forbids (`console.headers`)."""

import json

from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail.admin.rich_text import DraftailRichTextArea
from wagtail.images.widgets import AdminImageChooser

BEGIN = (
    '{}<template data-controller="jy-chooser" data-jy-chooser-maker-value="{}" data-jy-chooser-for-value="{}"'
    ' data-jy-chooser-options-value="{}"></template>'
)


class PictureChooser(AdminImageChooser):
    """Begun by `fields.js`."""

    def render(self, name, value, attrs=None, renderer=None) -> SafeString:
        id_, shown = attrs["id"], self.get_value_data(value)
        options = json.dumps(self.get_js_init_options(id_, name, shown))
        return format_html(BEGIN, self.render_html(name, shown, attrs), self.js_constructor, id_, options)


class RichText(DraftailRichTextArea):
    """Its hint in an empty field stands in our style sheet (`writing.css`) and not in a style element of each field."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.options["placeholder"] = ""
