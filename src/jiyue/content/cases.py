"""一案三同步: whether the rules ask for a case, what a case still lacks, and what its parts are bound with (POL-04).

Hebi art. 31 and Xiangxi art. 10 want a document that touches the public organised, countersigned and put online
together with the plan to interpret it and the material. Elsewhere nobody asks; a unit may open a case all the same, and
what is in a case is signed and shown together whoever asked for it.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from jiyue.content.interpretations import Demand, basis_of
from jiyue.content.models import Interpretation, PolicyCase, PolicyDocument, Record
from jiyue.domain.rule_terms import Setting
from jiyue.domain.rulesets import Answer
from jiyue.rules.queries import answer_for

TOGETHER = "interpretation.together"
STEPS = frozenset({"organise", "countersign", "deploy"})
TOUCHING = frozenset({PolicyDocument.Effect.VITAL, PolicyDocument.Effect.GENERAL})


def rule_of(record: Record, *, on: date) -> Answer:
    """What the rules in force for the unit of a record say of doing document and interpretation together on a day."""
    return answer_for(record.responsible or record.site.owner, TOGETHER, on=on)


def asks(answer: Answer) -> bool:
    """Does this answer ask for a case at all?"""
    return isinstance(answer.terms, Setting) and bool(STEPS & set(answer.terms.value))


def is_historic(record: Record) -> bool:
    """Taken in from elsewhere, where it was public long ago: nobody can do its interpretation together with it now."""
    return bool(record.import_key) and record.original_published_at is not None


def case_of(document: PolicyDocument) -> PolicyCase | None:
    """The case of a document, if there is one."""
    return PolicyCase.objects.filter(document=document.pk).select_related("unit").first()


def demands_of_document(document: PolicyDocument, *, on: date) -> Iterator[Demand]:
    """What a document lacks to be submitted: a case where the rules ask for one, and all parts of a case it has."""
    case, answer = case_of(document), rule_of(document, on=on)
    if case is not None:
        yield from lacks(case)
    elif asks(answer) and not is_historic(document):
        yield from _without_case(document, basis_of(answer))


def _without_case(document: PolicyDocument, basis: str) -> Iterator[Demand]:
    if not document.public_effect and not document.import_key:
        sentence = _("请选择“对公众的影响”：涉及公众的文件要与解读方案、解读材料同步送审；依据：%(basis)s")
        yield Demand("public_effect", sentence % {"basis": basis})
    if document.public_effect in TOUCHING:
        sentence = _("请先为这份文件建立同步案件，写好解读方案并放入解读材料；依据：%(basis)s")
        yield Demand("case", sentence % {"basis": basis})


def lacks(case: PolicyCase) -> Iterator[Demand]:
    """Everything that a case still needs before its document may be submitted."""
    if case.unit is None:
        yield Demand("case", _("解读方案还没有写由谁解读"))
    if not case.points.strip():
        yield Demand("case", _("解读方案还没有写解读要点"))
    if not case.audience.strip():
        yield Demand("case", _("解读方案还没有写讲给谁听"))
    if not case.forms:
        yield Demand("case", _("解读方案还没有选解读形式"))
    if case.ready_on is None:
        yield Demand("case", _("解读方案还没有写材料完成日期"))
    there = set(case.interpretations.values_list("form", flat=True))
    if not there:
        yield Demand("case", _("案件里还没有解读材料"))
        return
    for form in case.forms:
        if form not in there:
            yield Demand(
                "case", _("方案里有“%(form)s”，案件里还没有这种材料") % {"form": Interpretation.Form(form).label}
            )


def demands_of_interpretation(record: Interpretation) -> Iterator[Demand]:
    """What an interpretation lacks because of a case: its link to the document, or its place beside the others."""
    named = set(record.documents.values_list("pk", flat=True))
    for case in record.cases.select_related("document"):
        if case.document_id not in named:
            sentence = _("案件里的文件“%(title)s”不在“解读的文件”里，请补上，或者先移出案件")
            yield Demand("documents", sentence % {"title": case.document.title})


def bound_of(record: Record) -> dict[str, Any] | None:
    """What a snapshot says of the case: with which records it is signed together and, for the document, the plan."""
    if isinstance(record, PolicyDocument):
        case = case_of(record)
        return {"with": _identities(case.interpretations.all()), "plan": plan_of(case)} if case else None
    if isinstance(record, Interpretation) and not record._state.adding:
        documents = PolicyDocument.objects.filter(case__interpretations=record.pk)
        return {"with": _identities(documents)} if documents.exists() else None
    return None


def plan_of(case: PolicyCase) -> dict[str, Any]:
    """解读方案 as it is countersigned with the document."""
    return {
        "unit": case.unit.name if case.unit else "", "forms": list(case.forms), "points": case.points,
        "audience": case.audience, "ready_on": case.ready_on.isoformat() if case.ready_on else "",
    }  # fmt: skip


def _identities(records: Any) -> list[str]:
    return sorted(str(identity) for identity in records.values_list("identity", flat=True))
