"""What people send to a unit and what is written beside it, one thing of each sort, for the walks through the console."""

from datetime import datetime

from jiyue.content.models import Record, Survey
from jiyue.disclosure.identities import kept
from jiyue.disclosure.models import AnswerFile, Draft, Letter, Request, RequestStep
from jiyue.identity.models import Organisation
from jiyue.interaction.enquiries.telling import KEY
from jiyue.interaction.models import (
    Case,
    CaseStep,
    Comment,
    CommentStanding,
    Enquiry,
    EnquiryDesk,
    EnquiryFile,
    EnquiryWord,
    PageVote,
    SurveyAnswer,
    SurveyText,
)
from jiyue.interaction.sealed import sealed
from tests.cast import Tenant, draft


def enquiry_of(tenant: Tenant, mark: str, *, now: datetime) -> Enquiry:
    """A conversation in the hands of the site's editor, who is no officer of it."""
    site, by = tenant.site, tenant.editor
    EnquiryDesk.objects.create(site=site, is_on=True, title="值班员", by=tenant.manager, at=now)
    room = f"{site.pk:032x}"
    made = Enquiry.objects.create(
        site=site, desk=site, room=room, key=sealed(KEY, room, {"key": "0" * 64}), state="talking", person=by,
        label=f"{mark}的称呼", opened_at=now, waits_since=now, silent_since=now, subject=f"{mark}的摘要", last=1,
    )  # fmt: skip
    word = EnquiryWord.objects.create(enquiry=made, number=1, act="say", text=f"{mark}的咨询", token=room, at=now)
    EnquiryFile.objects.create(word=word, n=1, name=f"{mark}的咨询附件.png", digest="0" * 64, size=9)
    return made


def survey_of(tenant: Tenant, mark: str, *, now: datetime) -> tuple[Survey, SurveyText]:
    """A survey with one answer that somebody wrote in words."""
    survey = draft(tenant, now=now, kind=Record.Kind.SURVEY, title=f"{mark}的调查").typed
    rows = [{"type": "text", "value": {"question": f"{mark}的题目", "needed": True}, "id": "q1"}]
    survey.questions = survey.questions.stream_block.to_python(rows)
    survey.save()
    answer = SurveyAnswer.objects.create(
        survey=survey, token=f"{tenant.site.pk:032x}", version="0" * 64, at=now, language="zh-CN", answers='{"q1":"1"}',
        seal="0" * 64,
    )  # fmt: skip
    return survey, SurveyText.objects.create(answer=answer, survey=survey, question=1, text=f"{mark}的填空")


def comment_of(tenant: Tenant, record: Record, mark: str, *, now: datetime) -> Comment:
    """A comment that waits for its keeper."""
    comment = Comment.objects.create(
        site=tenant.site, record=record, number=f"20261119-{tenant.site.pk:06d}", token=f"{tenant.site.pk:032x}",
        version="0" * 64, at=now, language="zh-CN", text=f"{mark}的评论", ticket_key="",
    )  # fmt: skip
    CommentStanding.objects.create(comment=comment, site=tenant.site, since=now, ticket_due=False)
    return comment


def voted_of(tenant: Tenant, mark: str, *, now: datetime) -> Record:
    """A page that somebody voted on, with a reason."""
    record = draft(tenant, now=now, title=f"{mark}的评价网页")
    PageVote.objects.create(
        record=record, token=f"{tenant.site.pk:032x}", version="0" * 64, at=now, language="zh-CN", is_useful=False,
        reason=f"{mark}的评价原因", seal="0" * 64,
    )  # fmt: skip
    return record


def letter_of(tenant: Tenant, mark: str, *, now: datetime) -> Case:
    """A letter that somebody handles and to which there is a draft of an answer."""
    letter = Case.objects.create(
        number=f"20261121-{tenant.site.pk:06d}", site=tenant.site, desk=tenant.site, kind="enquiry", state="accepted",
        title=f"{mark}的来信", text=f"{mark}的来信内容", received_at=now, recorded_at=now, clock_at=now,
    )  # fmt: skip
    CaseStep.objects.create(
        case=letter, act="receive", at=now, who="platform", after="received", unit=f"{mark}的单位", told=True
    )
    return letter


def request_of(tenant: Tenant, mark: str, *, now: datetime) -> Request:
    """A disclosure request that waits for its check."""
    number = f"20261120-{tenant.site.pk:06d}"
    request = Request.objects.create(
        number=number, site=tenant.site, desk=tenant.site, state="received", applicant="natural", title=f"{mark}的信息",
        text=f"{mark}的特征描述", form="paper", delivery="post", sealed_applicant=kept(number, {"name": f"{mark}的申请人"}),
        received_at=now, recorded_at=now, clock_at=now,
    )  # fmt: skip
    RequestStep.objects.create(
        request=request, act="receive", at=now, who="platform", after="received", unit=f"{mark}的单位", told=True
    )
    return request


def paper_of(request: Request, unit: Organisation, mark: str, *, now: datetime) -> Letter:
    """One numbered letter of a request."""
    content = {
        "title": f"{mark}的补正告知书", "lines": [f"{mark}要补正的"], "unit": f"{mark}的机关", "dated": "2026年1月1日",
        "on": "2026-01-01",
    }  # fmt: skip
    return Letter.objects.create(
        request=request, kind="correction", unit=unit, year=2026, serial=1, number=f"{mark}公开〔2026〕1号", content=content,
        made_at=now,
    )  # fmt: skip


def answer_file_of(request: Request, tenant: Tenant, mark: str, *, now: datetime) -> AnswerFile:
    """A file that went with a draft which came back."""
    draft = Draft.objects.create(
        request=request,
        decision="disclosed",
        text=f"{mark}的答复稿",
        state="returned",
        drafted_by=tenant.editor,
        drafted_at=now,
    )
    return AnswerFile.objects.create(
        draft=draft, n=1, name=f"{mark}的答复附件.pdf", digest="0" * 64, size=9, type="application/pdf"
    )
