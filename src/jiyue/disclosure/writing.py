"""The numbered letters of a request: what they say, and their DOCX and PDF (docs/adr/0025, 0020).

A letter to an applicant is Chinese, whatever language its writer's screen speaks. Its words are kept; the applicant's name
is put in when a file is made, so that no row of the database names who asked.
"""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Max

from jiyue.disclosure.grounds import FeeTable, ground_of, regulation_of, remedies_of
from jiyue.disclosure.identities import known
from jiyue.disclosure.models import Draft, FeeNotice, Letter, Request
from jiyue.domain.deadlines import local
from jiyue.domain.disclosure_fees import FeeLine, Method
from jiyue.domain.disclosure_outcomes import Decision, Group, group_of
from jiyue.foundation.home import Home
from jiyue.publishing.renditions.matter import Paper, Paragraph, Run
from jiyue.publishing.renditions.typesetting import Typesetter
from jiyue.publishing.renditions.word import docx

TRIES = 5
TITLES = {
    Letter.Kind.CORRECTION: "政府信息公开申请补正告知书", Letter.Kind.CONSULTATION: "政府信息公开征求意见书",
    Letter.Kind.EXTENSION: "延长政府信息公开申请答复期限告知书", Letter.Kind.FEE: "政府信息公开信息处理费收费通知",
}  # fmt: skip
DECIDED = {
    Group.DISCLOSED: "政府信息公开申请答复书", Group.PARTIAL: "政府信息部分公开告知书", Group.REFUSED: "政府信息不予公开告知书",
    Group.IMPOSSIBLE: "政府信息无法提供告知书", Group.NOT_HANDLED: "政府信息公开申请不予处理告知书",
    Group.OTHER: "政府信息公开申请处理告知书",
}  # fmt: skip
SAYS = {
    Decision.DISCLOSED: "您申请的政府信息可以公开，现予以公开。", Decision.ALREADY_PUBLIC: "您申请的政府信息已经主动公开。",
    Decision.PARTIAL: "您申请的政府信息中含有不应当公开的内容，能够作区分处理，现提供可以公开的部分，其余部分不予公开。",
    Decision.STATE_SECRET: "您申请的政府信息属于国家秘密，不予公开。",
    Decision.LAW_FORBIDS: "您申请的政府信息属于法律、行政法规禁止公开的信息，不予公开。",
    Decision.SAFETY: "您申请的政府信息公开后可能危及国家安全、公共安全、经济安全、社会稳定，不予公开。",
    Decision.THIRD_PARTY: "您申请的政府信息涉及第三方合法权益，公开会对其造成损害，不予公开。",
    Decision.INTERNAL: "您申请的政府信息属于内部事务信息，不予公开。",
    Decision.PROCESS: "您申请的政府信息属于过程性信息，不予公开。",
    Decision.ENFORCEMENT_FILE: "您申请的政府信息属于行政执法案卷信息，不予公开。",
    Decision.INQUIRY: "您申请的信息有专门的查询规定，请依照有关法律、行政法规的规定办理。",
    Decision.NOT_HELD: "经检索，本机关没有您申请的政府信息，该政府信息不存在。",
    Decision.OTHER_BODY: "您申请的政府信息不属于本机关负责公开。",
    Decision.TO_BE_MADE: "本机关没有现成的该项信息，提供它需要对现有政府信息加工、分析，无法提供。",
    Decision.STILL_UNCLEAR: "您补正后的申请内容仍不明确，本机关无法据此确定申请的政府信息，无法提供。",
    Decision.PETITION: "您的申请实际上是信访、投诉、举报，不作为政府信息公开申请处理，请通过相应渠道提出。",
    Decision.REPEATED: "您申请的政府信息本机关已经答复，不予重复处理。",
    Decision.PUBLICATION: "您要求提供的是公开出版物，不作为政府信息公开申请处理，请自行获取。",
    Decision.EXCESSIVE: "您的申请数量、频次明显超过合理范围，说明的理由不合理，不予处理。",
    Decision.CONFIRMATION: "您要求本机关确认或者重新出具您已经获取的信息，不予处理。",
    Decision.FEE_UNPAID: "您没有按收费通知的要求缴纳费用，本机关不再处理该申请。", Decision.OTHER: "您的申请处理如下。",
}  # fmt: skip
REMEDY = {"reconsideration": "申请行政复议", "suit": "提起行政诉讼"}


def correction_letter(*, request: Request, what: str, until: date, now: datetime) -> Letter:
    """The one notice that says what to correct and until when (article 30)."""
    lines = [
        _received(request), "经审查，申请的内容不够明确，请您补正以下事项：", what.strip(),
        f"请在{_day(until)}前把补正材料交给本机关。答复期限从本机关收到补正之日起计算；"
        "没有正当理由逾期不补正的，视为放弃申请，本机关不再处理。",
    ]  # fmt: skip
    return _numbered(request, Letter.Kind.CORRECTION, TITLES[Letter.Kind.CORRECTION], lines, now=now)


def consultation_letter(*, request: Request, party: str, question: str, until: datetime, now: datetime) -> Letter:
    """What is asked of a third party or another body; it does not say who asked."""
    lines = [
        f"本机关收到一件政府信息公开申请（编号{request.number}），其中的信息涉及你方：", f"《{request.title}》", question.strip(),
        f"请在{_day(local(until).date())}前以书面形式提出意见；不同意公开的，请说明理由。",
    ]  # fmt: skip
    kind = Letter.Kind.CONSULTATION
    return _numbered(request, kind, TITLES[kind], lines, now=now, addressee=party)


def extension_letter(*, request: Request, why: str, until: datetime, now: datetime) -> Letter:
    """The notice that the answer will take longer."""
    lines = [
        _received(request), f"因{why.strip().rstrip('。')}，经批准，答复期限延长至{_day(local(until).date())}。特此告知。"
    ]  # fmt: skip
    return _numbered(request, Letter.Kind.EXTENSION, TITLES[Letter.Kind.EXTENSION], lines, now=now)


def fee_letter(
    *, request: Request, fee: FeeNotice, table: FeeTable, lines: Sequence[FeeLine], how: str, now: datetime
) -> Letter:
    """What is to be paid, how it was counted, until when, and what follows when it is not."""
    unit = "件" if fee.method == Method.BY_ITEM else "页"
    counted = [
        f"第{line.first}至第{line.last}{unit}，{line.count}{unit}，每{unit}{line.each}元，计{line.sum}元"
        for line in lines
    ]  # fmt: skip
    month = f"您本月此前已计{fee.before}件，" if fee.before else ""
    said = [
        _received(request), f"依照{table.cited}，提供您申请的政府信息需要收取信息处理费。",
        f"{month}本申请按{'件' if fee.method == Method.BY_ITEM else '量'}计费：{'；'.join(counted)}。合计{fee.amount}元。",
        how, f"请在{_day(fee.until)}前（含当日）缴纳。期限的依据：{fee.until_basis}。",
        "逾期未按要求缴纳的，本机关不再处理该申请。",
    ]  # fmt: skip
    return _numbered(request, Letter.Kind.FEE, TITLES[Letter.Kind.FEE], said, now=now)


def decision_letter(*, request: Request, draft: Draft, now: datetime) -> Letter:
    """The answer: what is decided, on which article, and how to object."""
    decision = Decision(draft.decision)
    title = DECIDED[group_of(decision)]
    return _numbered(request, Letter.Kind.DECISION, title, lines_of(request, draft), now=now)


def lines_of(request: Request, draft: Draft) -> list[str]:
    """The paragraphs of an answer as they will be sent; the screen of the draft shows the same."""
    decision = Decision(draft.decision)
    article = ground_of(request, decision).article
    rests = f"根据{regulation_of(request)}{article}，" if article else ""
    return [
        _received(request), f"{rests}现答复如下：", SAYS[decision], *draft.text.strip().splitlines(),
        *([draft.place.strip()] if draft.place.strip() else []), *_enclosed(draft), *_remedies(request),
    ]  # fmt: skip


def file_of(letter: Letter, form: str, shared: Typesetter | None = None) -> bytes:
    """The letter as docx or pdf. Raises typesetting.TypesettingFailed, sealed.NotOurs."""
    paper = paper_of(letter)
    if form == "docx":
        return docx(paper, picture=lambda _digest: b"")
    if shared is not None:
        return shared.pdf(paper)
    typesetter = Typesetter(_objects())
    try:
        return typesetter.pdf(paper)
    finally:
        typesetter.close()


def paper_of(letter: Letter) -> Paper:
    """The letter with its addressee, ready to be laid out."""
    content = letter.content
    addressee = letter.addressee or known(letter.request.number, letter.request.sealed_applicant)["name"]
    blocks = (
        Paragraph((Run(f"{addressee}："),), "addressee"), *(Paragraph((Run(line),)) for line in content["lines"] if line)
    )  # fmt: skip
    return Paper(
        title=content["title"], number=letter.number, issuers=(content["unit"],), blocks=blocks, mark="", badge="",
        address="", site="", language="zh-CN", dated=content["on"], keywords=(), signed=False,
        signature=(content["unit"], content["dated"]),
    )  # fmt: skip


def _remedies(request: Request) -> list[str]:
    ways = [
        f"在{one.within.replace(' ', '')}内依照{one.law}{REMEDY[one.code]}"
        for one in remedies_of(request)
        if one.code in REMEDY
    ]
    return [f"对本答复不服的，可以自收到本答复之日起{'，或者'.join(ways)}。"] if ways else []


def _enclosed(draft: Draft) -> list[str]:
    names = [file.name for file in draft.files.all()]
    if not names:
        return []
    return ["附件：" + "；".join(f"{n}. {name}" for n, name in enumerate(names, 1)) + "。"]


def _received(request: Request) -> str:
    named = f"（文号{request.document_number}）" if request.document_number else ""
    came = _day(local(request.received_at).date())
    return f"本机关于{came}收到您的政府信息公开申请（编号{request.number}），申请公开“{request.title}”{named}。"


def _numbered(
    request: Request, kind: str, title: str, lines: Sequence[str], *, now: datetime, addressee: str = ""
) -> Letter:
    """Give it the next number of the unit and year; two at once do not get the same."""
    unit, day = request.desk.owner, local(now).date()
    content = {
        "title": title, "lines": [line for line in lines if line.strip()], "unit": unit.name, "dated": _day(day),
        "on": day.isoformat(),
    }  # fmt: skip
    for tries_left in reversed(range(TRIES)):
        used = Letter.objects.filter(unit=unit, year=day.year).aggregate(last=Max("serial"))["last"] or 0
        number = f"{unit.short_name or unit.name}公开〔{day.year}〕{used + 1}号"
        try:
            with transaction.atomic():
                return Letter.objects.create(
                    request=request, kind=kind, unit=unit, year=day.year, serial=used + 1, number=number,
                    addressee=addressee, content=content, made_at=now,
                )  # fmt: skip
        except IntegrityError:
            if not tries_left:
                raise
    raise AssertionError("the last try raises or returns")


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _objects() -> Path:
    return Home(settings.JIYUE_HOME).objects
