"""Wagtail's widgets without what they write inline, which the console's policy forbids (`console.headers`), and quicker."""

import json
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from wagtail.admin.rich_text import DraftailRichTextArea
from wagtail.blocks.base import BlockWidget
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


class Blocks(BlockWidget):
    """What the script is told of the blocks is put together once for each language, not for every page (15 ms of its time)."""

    _js_context: Any
    _block_json: Any

    def __init__(self, block_def, attrs=None) -> None:
        super().__init__(block_def, attrs)
        self._made: dict = {}  # shared by the copies that each form makes of this widget

    def _build_block_json(self) -> None:
        language = get_language()
        if language not in self._made:
            super()._build_block_json()
            self._made[language] = self._js_context, self._block_json
        self._js_context, self._block_json = self._made[language]


class RichText(DraftailRichTextArea):
    """Its hint in an empty field stands in our style sheet (`writing.css`) and not in a style element of each field."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.options["placeholder"] = ""
