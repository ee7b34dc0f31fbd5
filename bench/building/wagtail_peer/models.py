"""Columns and articles as Wagtail pages."""

from django.db import models
from wagtail import blocks
from wagtail.contrib.table_block.blocks import TableBlock
from wagtail.fields import StreamField
from wagtail.models import Page


class HeadingBlock(blocks.StructBlock):
    text = blocks.CharBlock()
    level = blocks.ChoiceBlock(choices=[("2", "2"), ("3", "3"), ("4", "4")])

    class Meta:
        template = "blocks/heading.html"


class ListOfLines(blocks.StructBlock):
    ordered = blocks.BooleanBlock(required=False)
    items = blocks.ListBlock(blocks.CharBlock())

    class Meta:
        template = "blocks/list.html"


class QuotationBlock(blocks.StructBlock):
    text = blocks.TextBlock()
    attribution = blocks.CharBlock()

    class Meta:
        template = "blocks/quotation.html"


class ColumnPage(Page):
    """A column; lists its children."""


class ArticlePage(Page):
    """One document."""

    source = models.CharField(max_length=80)
    summary = models.CharField(max_length=300)
    body = StreamField(
        [
            ("heading", HeadingBlock()),
            ("paragraph", blocks.RichTextBlock()),
            ("table", TableBlock()),
            ("list", ListOfLines()),
            ("quotation", QuotationBlock()),
        ]
    )

    def get_context(self, request, *args, **kwargs):
        """With what every page of a portal shows: navigation of two levels and the trail."""
        columns = ColumnPage.objects.live().in_menu().order_by("path")
        trail = self.get_ancestors(inclusive=False).filter(depth__gt=1)
        return super().get_context(request, *args, **kwargs) | {"columns": columns, "trail": trail}
