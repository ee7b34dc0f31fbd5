"""The questions of a survey as blocks that a clerk fills in: options are lines of a text, as they come from a draft in Word."""

from django.core.validators import MaxValueValidator
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from jiyue.content.service_blocks import ServiceStream
from jiyue.domain.questionnaires import (
    LONGEST_TEXT,
    MATRIX,
    MOST_POINTS,
    MOST_QUESTIONS,
    MULTIPLE,
    RANKING,
    SCALE,
    SINGLE,
    TEXT,
)


def _small(label, most: int, **more) -> blocks.IntegerBlock:
    return blocks.IntegerBlock(
        label=label, required=False, min_value=1, validators=[MaxValueValidator(most)], **more
    )  # fmt: skip


def _lines(label, help_text) -> blocks.TextBlock:
    return blocks.TextBlock(label=label, max_length=4000, help_text=help_text)


class _Question(blocks.StructBlock):
    question = blocks.CharBlock(label=_("问题"), max_length=200)
    hint = blocks.CharBlock(label=_("说明"), required=False, max_length=200)
    needed = blocks.BooleanBlock(label=_("必须回答"), required=False, default=True)


class _Branch(blocks.StructBlock):
    after = _small(_("只问在第几题"), MOST_QUESTIONS, help_text=_("人人都问的留空；只能是前面的单选题或多选题"))
    after_option = _small(_("选了第几项的人"), 30)


class SingleBlock(_Question, _Branch):
    options = _lines(_("选项"), _("每行一个选项"))

    class Meta:
        icon = "radio-full"
        label = _("单选题")


class MultipleBlock(_Question, _Branch):
    options = _lines(_("选项"), _("每行一个选项"))
    least = _small(_("至少选几项"), 30)
    most = _small(_("至多选几项"), 30)

    class Meta:
        icon = "tick"
        label = _("多选题")


class ScaleBlock(_Question, _Branch):
    points = _small(_("分几级"), MOST_POINTS, default=5)
    low = blocks.CharBlock(label=_("最低一级的意思"), max_length=20, default=_("很不满意"))
    high = blocks.CharBlock(label=_("最高一级的意思"), max_length=20, default=_("很满意"))

    class Meta:
        icon = "rotate"
        label = _("打分题")


class TextQuestionBlock(_Question, _Branch):
    longest = _small(_("最多写几个字"), LONGEST_TEXT, default=500)

    class Meta:
        icon = "pilcrow"
        label = _("填空题")


class RankingBlock(_Question, _Branch):
    options = _lines(_("要排序的各项"), _("每行一项，最多 10 项"))

    class Meta:
        icon = "list-ol"
        label = _("排序题")


class MatrixBlock(_Question, _Branch):
    rows = _lines(_("行：逐项问什么"), _("每行一项，最多 15 项"))
    columns = _lines(_("列：可以怎么答"), _("每行一个，最多 7 个，例如“满意”“一般”“不满意”"))

    class Meta:
        icon = "table"
        label = _("矩阵题")


class QuestionnaireBlock(ServiceStream):
    """The names of the children are the kinds of `domain.questionnaires`."""

    most = MOST_QUESTIONS

    def __init__(self, local_blocks=None, **kwargs):
        kinds = [
            (SINGLE, SingleBlock()), (MULTIPLE, MultipleBlock()), (SCALE, ScaleBlock()), (TEXT, TextQuestionBlock()),
            (RANKING, RankingBlock()), (MATRIX, MatrixBlock()),
        ]  # fmt: skip
        super().__init__(local_blocks or kinds, **kwargs)
