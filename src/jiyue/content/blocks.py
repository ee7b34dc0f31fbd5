"""正文 blocks an editor can use (C3). What they become in a public page is `content.rendering`."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.contrib.table_block.blocks import TableBlock
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock

INLINE_FEATURES = ["bold", "italic", "superscript", "subscript", "link"]


class HeadingBlock(blocks.StructBlock):
    text = blocks.CharBlock(label=_("标题文字"), max_length=120)
    level = blocks.ChoiceBlock(
        label=_("级别"), choices=[("2", _("一级标题")), ("3", _("二级标题")), ("4", _("三级标题"))], default="2"
    )

    class Meta:
        icon = "title"
        label = _("小标题")


class ListBlock(blocks.StructBlock):
    ordered = blocks.BooleanBlock(label=_("编号列表"), required=False)
    items = blocks.ListBlock(blocks.RichTextBlock(label=_("条目"), features=INLINE_FEATURES), label=_("条目"))

    class Meta:
        icon = "list-ul"
        label = _("列表")
        label_format = "{items}"  # or Wagtail names a list by its first part: 否


class PictureBlock(blocks.StructBlock):
    """An image needs alternative text or the statement that it is decorative (GB/T 37668-2019)."""

    image = ImageChooserBlock(label=_("图片"))
    alt = blocks.CharBlock(label=_("替代文字"), required=False, max_length=200, help_text=_("读给看不见图片的人听的话"))
    decorative = blocks.BooleanBlock(label=_("仅作装饰，不需要替代文字"), required=False)
    caption = blocks.CharBlock(label=_("图片说明"), required=False, max_length=200)

    class Meta:
        icon = "image"
        label = _("图片")

    def clean(self, value):
        cleaned = super().clean(value)
        if not cleaned["alt"].strip() and not cleaned["decorative"]:
            refused = ValidationError(_("请写替代文字，或注明图片仅作装饰"))
            raise blocks.StructBlockValidationError(block_errors={"alt": refused})
        return cleaned


class AttachmentBlock(blocks.StructBlock):
    document = DocumentChooserBlock(label=_("文件"))
    title = blocks.CharBlock(label=_("显示名称"), required=False, max_length=120)

    class Meta:
        icon = "doc-full"
        label = _("附件")


class QuotationBlock(blocks.StructBlock):
    text = blocks.TextBlock(label=_("引文"))
    attribution = blocks.CharBlock(label=_("出处"), required=False, max_length=120)

    class Meta:
        icon = "openquote"
        label = _("引用")


class AudioBlock(blocks.StructBlock):
    """Sound needs words beside it: the transcript is compulsory."""

    media = DocumentChooserBlock(label=_("音频文件"))
    title = blocks.CharBlock(label=_("标题"), max_length=120)
    transcript = blocks.TextBlock(label=_("文字稿"))

    class Meta:
        icon = "media"
        label = _("音频")


class VideoBlock(blocks.StructBlock):
    media = DocumentChooserBlock(label=_("视频文件"))
    poster = ImageChooserBlock(label=_("封面"), required=False)
    title = blocks.CharBlock(label=_("标题"), max_length=120)
    transcript = blocks.TextBlock(label=_("文字稿"))

    class Meta:
        icon = "media"
        label = _("视频")


class OfficialBlock(blocks.StructBlock):
    """公文版式, after GB/T 9704-2012: title, number, addressee, text, signature, date."""

    title = blocks.CharBlock(label=_("公文标题"), max_length=200)
    document_number = blocks.CharBlock(label=_("发文字号"), required=False, max_length=60)
    addressee = blocks.CharBlock(label=_("主送机关"), required=False, max_length=300)
    body = blocks.RichTextBlock(label=_("公文正文"), features=INLINE_FEATURES)
    signature = blocks.CharBlock(label=_("发文机关署名"), required=False, max_length=120)
    date = blocks.DateBlock(label=_("成文日期"), required=False)
    notes = blocks.CharBlock(label=_("附注"), required=False, max_length=200)
    copies = blocks.CharBlock(label=_("抄送机关"), required=False, max_length=300)

    class Meta:
        icon = "doc-full-inverse"
        label = _("公文版式")


class BodyBlock(blocks.StreamBlock):
    paragraph = blocks.RichTextBlock(label=_("段落"), features=INLINE_FEATURES, icon="pilcrow")
    heading = HeadingBlock()
    list = ListBlock()
    table = TableBlock(label=_("表格"), icon="table", table_options={"contextMenu": True})
    image = PictureBlock()
    attachment = AttachmentBlock()
    quotation = QuotationBlock()
    video = VideoBlock()
    audio = AudioBlock()
    official = OfficialBlock()

    class Meta:
        required = False
