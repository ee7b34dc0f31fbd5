"""政策解读: what the rules ask of an interpretation before it is submitted (POL-05, POL-06).

Which parts it must have and who writes it, the packs say; how a part is recognised in a text is ours: by a word of its
heading, or of a line short enough to be one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiyue.content.models import Interpretation
from jiyue.content.rendering import plain_text
from jiyue.domain.rule_terms import Setting
from jiyue.domain.rulesets import Answer
from jiyue.rules import wording
from jiyue.rules.queries import answer_for

PARTS = "interpretation.parts"
AUTHOR = "interpretation.author"
DRAFTING_UNIT = "drafting-unit"
# Films, sounds and pictures tell their parts in their own way; no program reads them off.
IN_WORDS = frozenset({Interpretation.Form.TEXT, Interpretation.Form.DIGITAL})
HEADING = 40  # characters of a line that can still be a heading
NAMES = {
    "background": gettext_lazy("背景和依据"),
    "goals": gettext_lazy("目标任务"),
    "main-content": gettext_lazy("主要内容"),
    "problem": gettext_lazy("解决的问题"),
    "key-terms": gettext_lazy("核心概念"),
    "differences": gettext_lazy("新旧政策差异"),
    "scope": gettext_lazy("适用范围"),
    "execution": gettext_lazy("执行标准和注意事项"),
    "benefits": gettext_lazy("惠民利企举措和享受条件"),
}
SIGNS = {
    "background": ("背景", "依据", "为什么", "必要性"),
    "goals": ("目标", "任务", "目的"),
    "main-content": ("内容", "举措", "规定了", "措施"),
    "problem": ("问题", "解决"),
    "key-terms": ("概念", "术语", "名词", "定义", "含义", "关键词"),
    "differences": ("差异", "区别", "变化", "新旧", "修订", "调整", "不同"),
    "scope": ("范围", "对象", "适用"),
    "execution": ("标准", "注意", "口径", "程序", "流程", "执行"),
    "benefits": ("惠", "利", "享受", "条件", "优惠", "红利"),
}


@dataclass(frozen=True)
class Demand:
    """One thing that the rules ask of an interpretation and that it lacks: the field and the sentence."""

    field: str
    message: str


def demands(record: Interpretation, *, on: date) -> Iterator[Demand]:
    """What an interpretation lacks by the rules in force for its unit on a day (Asia/Shanghai); nothing where none asks."""
    unit = record.responsible or record.site.owner
    yield from _parts(record, answer_for(unit, PARTS, on=on))
    yield from _author(record, answer_for(unit, AUTHOR, on=on))


def _parts(record: Interpretation, answer: Answer) -> Iterator[Demand]:
    if record.form not in IN_WORDS or not isinstance(answer.terms, Setting):
        return
    headings = list(_headings(record))
    for part in answer.terms.value:
        if not any(sign in heading for heading in headings for sign in SIGNS[part]):
            words = {"part": NAMES[part], "basis": basis_of(answer)}
            yield Demand("body", _("解读缺少“%(part)s”一节，请加上小标题和内容；依据：%(basis)s") % words)


def _author(record: Interpretation, answer: Answer) -> Iterator[Demand]:
    if not isinstance(answer.terms, Setting) or answer.terms.value != DRAFTING_UNIT or record.responsible is None:
        return
    for document in record.documents.select_related("drafting_unit"):
        drafter = document.drafting_unit
        if drafter is not None and drafter != record.responsible:
            words = {"title": document.title, "unit": drafter.name, "basis": basis_of(answer)}
            sentence = _("“%(title)s”由%(unit)s起草，应由它解读，请把责任单位改为起草单位；依据：%(basis)s")
            yield Demand("responsible", sentence % words)


def _headings(record: Interpretation) -> Iterator[str]:
    blocks = record.body.get_prep_value() if record.body else []
    for block in blocks:
        if block["type"] == "heading":
            yield block["value"]["text"]
        else:
            yield from (line for line in plain_text([block]).splitlines() if len(line) <= HEADING)


def basis_of(answer: Answer) -> str:
    """Text and article that an answer of the rules stands on, in words."""
    return "；".join(wording.basis(basis) for basis in answer.basis)
