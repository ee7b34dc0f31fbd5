"""Blocks of a service guide: the steps of a service, the materials one brings, questions often asked.

They are tables in the making: the public page writes them as rows, and an import fills them from columns.
"""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock

ORIGINALS = [
    ("original", _("原件")),
    ("copy", _("复印件")),
    ("both", _("原件和复印件")),
    ("electronic", _("电子件")),
    ("shown", _("出示原件，不收取")),
]
SOURCES = [
    ("applicant", _("申请人自备")),
    ("government", _("政府部门核发")),
    ("agency", _("中介机构或第三方出具")),
    ("shared", _("部门共享，不用提交")),
]
MATERIAL_FILES = ("blank", "instructions_file", "sample")


class StepBlock(blocks.StructBlock):
    """办理步骤: what happens, how long it takes, who does it."""

    name = blocks.CharBlock(label=_("步骤"), max_length=40, help_text=_("例如“受理”“审查”“决定”“送达”"))
    what = blocks.TextBlock(label=_("做什么"), max_length=500)
    how_long = blocks.CharBlock(label=_("多长时间"), required=False, max_length=60, help_text=_("例如“2 个工作日”"))
    who = blocks.CharBlock(label=_("谁来做"), required=False, max_length=80)

    class Meta:
        icon = "list-ol"
        label = _("步骤")


class MaterialBlock(blocks.StructBlock):
    """申请材料 (SERV-04): what one brings, and for a form its blank, how to fill it in, and one filled in."""

    name = blocks.CharBlock(label=_("材料名称"), max_length=120)
    original = blocks.ChoiceBlock(label=_("原件还是复印件"), choices=ORIGINALS, default="original")
    copies = blocks.IntegerBlock(label=_("份数"), required=False, min_value=0, validators=[MaxValueValidator(99)])
    source = blocks.ChoiceBlock(label=_("材料来源"), choices=SOURCES, default="applicant")
    needed_when = blocks.CharBlock(
        label=_("什么情况下需要"), required=False, max_length=120, help_text=_("都要提交的留空")
    )
    needs_form = blocks.BooleanBlock(
        label=_("需要填写表格"), required=False, help_text=_("勾选后，空白表格、填写说明和样表都要有，才能送审")
    )
    blank = DocumentChooserBlock(label=_("空白表格"), required=False)
    instructions = blocks.TextBlock(label=_("填写说明"), required=False, max_length=1000)
    instructions_file = DocumentChooserBlock(label=_("填写说明文件"), required=False)
    sample = DocumentChooserBlock(label=_("样表（填好的示例）"), required=False)

    class Meta:
        icon = "doc-full"
        label = _("材料")


class QuestionBlock(blocks.StructBlock):
    question = blocks.CharBlock(label=_("问题"), max_length=120)
    answer = blocks.TextBlock(label=_("回答"), max_length=1000)

    class Meta:
        icon = "help"
        label = _("问答")


class ServiceStream(blocks.StreamBlock):
    """A stream of one kind of row; the refusal of a row too many is a sentence, not a broken form."""

    most = 100

    class Meta:
        required = False

    def clean(self, value):
        if len(value) > self.most:
            raise blocks.StreamBlockValidationError(
                non_block_errors=[ValidationError(_("最多 %(most)d 项") % {"most": self.most})]
            )
        return super().clean(value)


class StepsBlock(ServiceStream):
    step = StepBlock()
    most = 30


class MaterialsBlock(ServiceStream):
    material = MaterialBlock()
    most = 60


class QuestionsBlock(ServiceStream):
    question = QuestionBlock()
    most = 50
