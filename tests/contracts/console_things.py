"""One thing of each sort that a unit has, made through the actions, for the walks through the console."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from jiyue.concerns.models import Concern, Contact, Step
from jiyue.content.actions import store_attachment, store_picture
from jiyue.content.binding import add_material, open_case
from jiyue.content.models import (
    CatalogueItem,
    ChangeNotice,
    ColumnDecision,
    ColumnFiling,
    CommentOrder,
    Commitment,
    EditorialPlan,
    ExchangedItem,
    ExchangeSource,
    Feed,
    FeedEntry,
    Interview,
    ItemDifference,
    LeaderMailbox,
    OpinionCall,
    PermittedSource,
    Placement,
    PolicyCampaign,
    PolicyCase,
    ProgressDuty,
    PublicQuestion,
    Record,
    ReprintTask,
    ServiceItem,
    ServiceSource,
    Survey,
    Synchronisation,
    TakingRule,
    Topic,
    Withholding,
)
from jiyue.disclosure.models import AnswerFile, Letter, Request, RequestFile
from jiyue.estate.models import FloatingWindow, Notice
from jiyue.identity.models import Membership
from jiyue.interaction.models import (
    BroughtFile,
    BulkStep,
    Case,
    CaseFile,
    Comment,
    Enquiry,
    EnquiryFile,
    HandedFile,
    InterviewQuestion,
    LiveWord,
    Opinion,
    OpinionGroup,
    SetAside,
    SurveyText,
    TextBlock,
)
from jiyue.obligations.actions import ask_waiver
from jiyue.obligations.engine import refresh
from jiyue.obligations.models import Obligation, Waiver
from jiyue.publishing.models import Publication, PublicItem
from jiyue.publishing.projection import apply
from jiyue.review.actions import submit, submit_structure, submit_withdrawal
from jiyue.review.models import (
    Review,
    SignOff,
)
from jiyue.rules.models import Override
from jiyue.search.models import PromotedAnswer, SynonymGroup
from tests.apps.obligations.facts import Stated, fact
from tests.cast import Tenant, draft, organisation, reviewed, sign_all
from tests.contracts.console_judged import Judged, judged_of
from tests.contracts.console_sent import (
    answer_file_of,
    comment_of,
    enquiry_of,
    letter_of,
    paper_of,
    request_of,
    survey_of,
    voted_of,
)
from tests.pictures import png


@dataclass
class Things:
    """One tenant's real objects, each with a mark in its title so that no byte of it can hide on a foreign page."""

    tenant: Tenant
    record: Record
    public: Record
    by_kind: dict[str, Record]
    review: Review
    structure: Review
    picture: Any
    attachment: Any
    publication: Publication
    withdrawn: PublicItem
    placement: Placement
    taking: TakingRule
    waiver: Waiver
    kept: "Kept"
    judged: "Judged"

    @property
    def parameters(self) -> dict[str, int]:
        """What the named parts of the office's addresses stand for."""
        site = self.tenant.site
        return {
            "site": site.pk, "column": self.tenant.columns["yw"].pk, "organisation": site.owner_id,
            "account": self.tenant.editor.pk, "publication": self.publication.pk, "release": 1,
            "appointment": site.appointments.order_by("pk").first().pk,
            "membership": Membership.objects.order_by("pk").first().pk,
            "duty": self.waiver.obligation_id, "waiver": self.waiver.pk, **self.kept.keys,
        }  # fmt: skip


@dataclass
class Kept:
    """What keeping a site up leaves behind: one row of everything that has a screen."""

    item: CatalogueItem
    withheld: CatalogueItem
    withholding: Withholding
    commitment: Commitment
    notification: ChangeNotice
    decision: ColumnDecision
    filing: ColumnFiling
    reprint: ReprintTask
    source: ExchangeSource
    exchanged: ExchangedItem
    feed: Feed
    entry: FeedEntry
    permit: PermittedSource
    override: Override
    answer: PromotedAnswer
    group: SynonymGroup
    concern: Concern
    contact: Contact
    step: Step
    window: FloatingWindow
    notice: Notice
    case: PolicyCase
    question: PublicQuestion
    campaign: PolicyCampaign
    synchronisation: Synchronisation
    difference: ItemDifference
    service_item: ServiceItem
    letter: Case
    letter_file: CaseFile
    bulk_step: BulkStep
    text_block: TextBlock
    enquiry: Enquiry
    enquiry_file: EnquiryFile
    mailbox: LeaderMailbox
    survey: Survey
    survey_text: SurveyText
    call: OpinionCall
    opinion_group: OpinionGroup
    interview: Interview
    interview_question: InterviewQuestion
    live_word: LiveWord
    comment: Comment
    comment_order: CommentOrder
    voted: Record
    aside: SetAside
    error_file: BroughtFile
    error_handout: HandedFile
    disclosure: Request
    disclosure_file: RequestFile
    paper: Letter
    answer_file: AnswerFile
    plan: EditorialPlan
    task: Topic
    progress: ProgressDuty

    @property
    def keys(self) -> dict[str, int]:
        names = (
            "item", "withholding", "commitment", "notification", "decision", "filing", "reprint", "answer", "group",
            "concern", "contact", "step", "window", "notice",
            "case", "question", "campaign",
            "synchronisation", "difference",
            "service_item", "source", "exchanged",
            "feed", "entry", "permit", "plan", "task", "progress",
            "letter", "letter_file", "mailbox", "bulk_step", "text_block", "aside", "error_file", "enquiry", "enquiry_file",
            "error_handout", "disclosure", "disclosure_file", "paper", "answer_file",
            "survey", "survey_text", "call", "opinion_group", "interview", "interview_question", "live_word",
            "comment", "comment_order", "voted",
        )  # fmt: skip
        return {name: getattr(self, name).pk for name in names} | {"led": self.letter.pk}


def kept_of(tenant: Tenant, mark: str, *, now: datetime) -> Kept:
    """Rows as their actions would leave them, waiting for somebody's answer."""
    site, unit, column, manager = tenant.site, tenant.organisation, tenant.columns["tzgg"], tenant.manager
    asked = {"proposed_by": manager, "proposed_at": now}
    made = {"site": site, "unit": unit, "created_by": manager, "created_at": now}
    contact = Contact.objects.create(
        unit=unit, kind="media", name=f"{mark}的报社", person=f"{mark}的联系人", created_by=manager, created_at=now
    )
    concern = Concern.objects.create(
        kind="hot_topic", title=f"{mark}的关切", what=f"{mark}的热点情况", origin="network", found_at=now, **made
    )
    source = ExchangeSource.objects.create(
        site=site, column=column, name=f"{mark}的来源", address=f"https://{unit.pk}.example.invalid", created_by=tenant.editor,
        created_at=now,
    )  # fmt: skip
    item, withheld = (
        CatalogueItem.objects.create(number=number, name=f"{mark}的事项", since=now.date(), changed_at=now, **made)
        for number in ("9", "10")
    )
    ServiceSource.objects.create(site=site, address=f"https://example.invalid/{mark}", set_by=manager, set_at=now)
    run = Synchronisation.objects.create(
        site=site, origin="address", source=f"{mark}的来源", trouble=f"{mark}的原因", at=now
    )
    case = case_of(tenant, mark, now=now)
    below = organisation(f"下属单位{unit.pk}", f"9908{unit.pk:05d}", "city", superior=unit, now=now, kind="department")
    task = draft(
        tenant,
        now=now,
        kind=Record.Kind.TOPIC,
        title=f"{mark}的年度任务",
        work_kind="project",
        work_year=2026,
        work_target=f"{mark}的目标",
    ).typed
    letter = letter_of(tenant, mark, now=now)
    enquiry = enquiry_of(tenant, mark, now=now)
    disclosure = request_of(tenant, mark, now=now)
    survey, survey_text = survey_of(tenant, mark, now=now)
    call = draft(tenant, now=now, kind=Record.Kind.OPINION_CALL, title=f"{mark}的征集").typed
    Opinion.objects.create(
        call=call, token=f"{tenant.site.pk:032x}", version="0" * 64, at=now, language="zh-CN", text=f"{mark}的意见"
    )
    interview = draft(
        tenant, now=now, kind=Record.Kind.INTERVIEW, title=f"{mark}的访谈", guests=f"{mark}的嘉宾",
        opens_at=now + timedelta(days=8000), closes_at=now + timedelta(days=8001),
    ).typed  # fmt: skip
    feed = Feed.objects.create(
        organisation=unit, name=f"{mark}的上级动态", address=f"https://example.invalid/{unit.pk}/feed.xml", created_by=manager,
        created_at=now, next_at=now,
    )  # fmt: skip
    return Kept(
        item=item,
        letter=letter,
        disclosure=disclosure,
        disclosure_file=RequestFile.objects.create(
            request=disclosure, token=f"{unit.pk:032x}", n=1, name=f"{mark}的申请附件.png", digest="0" * 64, size=9
        ),
        paper=paper_of(disclosure, unit, mark, now=now),
        answer_file=answer_file_of(disclosure, tenant, mark, now=now),
        bulk_step=BulkStep.objects.create(
            token=f"{unit.pk:032x}", case=letter, version=1, act="accept", by=manager, asked_at=now, outcome=f"{mark}的结果"
        ),
        text_block=TextBlock.objects.create(
            site=site, title=f"{mark}的模板", text=f"{mark}的答复文字", by=manager, at=now
        ),
        enquiry=enquiry,
        enquiry_file=EnquiryFile.objects.get(word__enquiry=enquiry),
        letter_file=CaseFile.objects.create(
            case=letter, token=f"{tenant.site.pk:032x}", n=1, name=f"{mark}的附件.png", digest="0" * 64, size=9
        ),
        mailbox=LeaderMailbox.objects.create(
            site=tenant.site, leader=draft(tenant, now=now, kind="leader", column="ldxx", title=f"{mark}的领导").typed,
            wording=f"{mark}的信箱说明", desk=tenant.site, opened_at=now,
        ),
        survey=survey,
        survey_text=survey_text,
        call=call,
        opinion_group=OpinionGroup.objects.create(
            call=call, title=f"{mark}的归类", changed_by=tenant.editor, changed_at=now
        ),
        interview=interview,
        interview_question=InterviewQuestion.objects.create(
            interview=interview, token=f"{tenant.site.pk:032x}", version="0" * 64, at=now, language="zh-CN",
            text=f"{mark}的提问",
        ),
        live_word=LiveWord.objects.create(
            interview=interview, number=1, act="say", speaker="host", text=f"{mark}的直播文字", version="0" * 64,
            recorder=tenant.editor.username, by=tenant.editor, at=now, seal="v1:0",
        ),
        comment=comment_of(tenant, interview, mark, now=now),
        comment_order=CommentOrder.objects.create(site=site, takes_votes=True, named=f"{mark}的评论管理员"),
        voted=voted_of(tenant, mark, now=now),
        error_file=BroughtFile.objects.create(
            site=site, name=f"{mark}的找错文件", digest="0" * 64, by=manager, at=now, taken=0, known=0, refused=1,
            lines=[{"line": 2, "number": f"{mark}的编号", "outcome": "refused", "words": "没有填：内容", "case": None}],
        ),
        error_handout=HandedFile.objects.create(
            site=site, by=manager, at=now, count=1,
            lines=[{"number": "1", "state": "不予受理", "unit": f"{mark}的单位", "text": f"{mark}的找错答复"}],
        ),
        aside=SetAside.objects.create(token=f"{tenant.site.pk:032x}", problem="0", found_at=now),
        feed=feed,
        entry=FeedEntry.objects.create(
            feed=feed, key=mark, title=f"{mark}的上级消息", address=f"https://example.invalid/{unit.pk}/e", released_at=now,
            seen_at=now, state="wanted",
        ),
        permit=PermittedSource.objects.create(
            organisation=unit, name=f"{mark}的稿源", host="example.invalid", grounds=f"{mark}的来由", **asked
        ),
        withheld=withheld,
        withholding=Withholding.objects.create(item=withheld, reason=f"{mark}的理由", basis="条例第十五条", **asked),
        commitment=Commitment.objects.create(
            title=f"{mark}的承诺", made_on=now.date(), due_on=now.date() + timedelta(days=30), **made
        ),
        notification=ChangeNotice.objects.create(column=column, what=f"{mark}的变更", changed_at=now, **made),
        decision=ColumnDecision.objects.create(column=column, outcome="close", grounds=f"{mark}的处置", **asked),
        filing=ColumnFiling.objects.create(column=column, change="added", happened_at=now, note=f"{mark}的备案"),
        reprint=ReprintTask.objects.create(
            organisation=unit, title=f"{mark}的转载", source="示范省", address=f"https://example.invalid/{unit.pk}",
            released_at=now, created_by=manager, created_at=now,
        ),
        source=source,
        exchanged=ExchangedItem.objects.create(
            source=source, identity=uuid4(), state="withdrawn", title=f"{mark}的交换记录", at=now
        ),
        override=Override.objects.create(
            organisation=unit, parameter="message.reply", value="limit: 3 working-days", document=f"{mark}的规定",
            from_on=now.date() + timedelta(days=3650), grounds=f"{mark}的调整", **asked,
        ),
        answer=PromotedAnswer.objects.create(site=site, words=f"{mark}的检索词", record=uuid4(), since=now),
        group=SynonymGroup.objects.create(words="样词，例词", since=now),
        concern=concern,
        contact=contact,
        step=Step.objects.create(
            concern=concern, kind="delivered", at=now, contact=contact, what=f"{mark}的推送", recorded_by=manager,
            recorded_at=now,
        ),
        case=case,
        question=PublicQuestion.objects.create(
            site=site, document=case.document, words=f"{mark}的疑问", source="letter", asked_on=now.date(), created_at=now
        ),
        campaign=PolicyCampaign.objects.create(
            title=f"{mark}的宣讲", place_kind="park", place=f"{mark}的园区", audience="企业", held_on=now.date(), **made
        ),
        synchronisation=run,
        difference=ItemDifference.objects.create(
            site=site, first_run=run, last_run=run, digest=mark, code=f"9901-{unit.pk:04}", name=f"{mark}的差异",
            guide=draft(tenant, now=now, kind=Record.Kind.SERVICE_GUIDE, title=f"{mark}的指南").typed, kind="changed",
            field="telephone", ours="", theirs="000-12345", noted_at=now,
        ),
        window=FloatingWindow.objects.create(
            site=site, title=f"{mark}的飘窗", address="/zwdt/", starts_at=now + timedelta(days=8000),
            until=now + timedelta(days=9000),
            created_at=now,
        ),
        notice=Notice.objects.create(
            site=site, kind="pause", text=f"{mark}的公告", starts_at=now + timedelta(days=8000), until=now + timedelta(days=9000)
        ),
        task=task,
        progress=ProgressDuty.objects.create(
            task=task, unit=below, cycle="1 months", since=now.date(), created_by=manager, created_at=now
        ),
        plan=EditorialPlan.objects.create(
            kind="story", site=site, title=f"{mark}的选题", what=f"{mark}的目的", audience="居民", sources="样例", unit=unit,
            owner=tenant.editor, due_on=now.date() + timedelta(days=9000), column=tenant.columns["yw"],
            record_kind="article", **asked,
        ),
        service_item=ServiceItem.objects.create(
            code=f"990000-{unit.pk:04d}", name=f"{mark}的办事事项", organisation=unit, item_class="licensing",
            legal_basis=f"{mark}的条例", audiences=["person"], created_by=manager, created_at=now, changed_at=now,
        ),
    )  # fmt: skip


def case_of(tenant: Tenant, mark: str, *, now: datetime) -> PolicyCase:
    """A document with an interpretation in its case, and nothing of it submitted yet."""
    document = draft(tenant, now=now, kind=Record.Kind.POLICY_DOCUMENT, column="zcwj", title=f"{mark}的案件文件")
    material = draft(tenant, now=now, kind=Record.Kind.INTERPRETATION, column="zcjd", title=f"{mark}的案件材料")
    case = open_case(document=document.typed, by=tenant.editor, now=now)
    add_material(case=case, interpretation=material.typed, by=tenant.editor, now=now)
    return case


def things_of(tenant: Tenant, mark: str, *, now: datetime) -> Things:
    """Make one of everything a console address can name."""
    column = {Record.Kind.POLICY_DOCUMENT: "zcwj", Record.Kind.INTERPRETATION: "zcjd"}
    answered = {
        "letter_kind": "enquiry", "question": f"{mark}的来信", "answer": f"{mark}的答复", "answering_unit": f"{mark}的单位",
        **dict.fromkeys(("received_on", "accepted_on", "answered_on"), now.date()),
    }  # fmt: skip
    facts = {Record.Kind.PUBLIC_ANSWER: answered}  # a letter gives it these; no other kind needs any
    by_kind = {
        kind: draft(
            tenant,
            now=now,
            kind=kind,
            column=column.get(kind, "yw"),
            title=f"{mark}的{kind.label}",
            **facts.get(kind, {}),
        )
        for kind in Record.Kind
    }
    public = draft(tenant, now=now, title=f"{mark}的公开稿件")
    reviewed(tenant, public, now=now)
    waiting = draft(tenant, now=now, title=f"{mark}的送审稿件")
    common = {"site": tenant.site, "by": tenant.editor, "now": now, "title": f"{mark}的文件"}
    return Things(
        tenant=tenant, record=by_kind[Record.Kind.ARTICLE], public=public, by_kind=by_kind,
        review=submit(record=waiting, by=tenant.editor, now=now),
        structure=submit_structure(site=tenant.site, by=tenant.manager, now=now),
        picture=store_picture(name="a.png", data=png(), **common),
        attachment=store_attachment(name="a.txt", data="内容".encode(), **common),
        publication=publication_of(public), withdrawn=withdrawn_item(tenant, mark, now=now),
        placement=Placement.objects.create(
            record=public, site=tenant.site, offered_by=tenant.editor, reason=f"{mark}的原因", created_at=now, changed_at=now
        ),
        taking=TakingRule.objects.create(
            site=tenant.site, column=tenant.columns["yw"], unit=tenant.organisation, from_on=now.date(), state="returned",
            reason=f"{mark}的退回原因", proposed_by=tenant.editor, created_at=now, changed_at=now,
        ),
        waiver=waiver_of(tenant, mark, now=now),
        kept=kept_of(tenant, mark, now=now), judged=judged_of(tenant, mark, now=now),
    )  # fmt: skip


def waiver_of(tenant: Tenant, mark: str, *, now: datetime) -> Waiver:
    """A request that one duty of the tenant's site, which is late, need not be met."""
    subject = f"letter:{900_000 + tenant.site.pk}"  # of no letter that is there
    owed = fact(tenant, subject=subject, title=f"{mark}的留言", started_at=now - timedelta(days=60))
    refresh(Stated([owed]), now=now)
    duty = Obligation.objects.get(subject=subject)
    return ask_waiver(obligation=duty, grounds=f"{mark}的理由", by=tenant.manager, now=now)


def withdrawn_item(tenant: Tenant, mark: str, *, now: datetime) -> PublicItem:
    """Something that was public and is not any more: what is public may be seen by everybody, in the library too."""
    record = draft(tenant, now=now, title=f"{mark}的撤下稿件")
    reviewed(tenant, record, now=now)
    asked = submit_withdrawal(record=record, kind="error", reason=f"{mark}有误", by=tenant.editor, now=now)
    sign_all(tenant, asked, now=now)
    rows = SignOff.objects.filter(identity=record.identity).order_by("sequence")
    apply(tenant.site, rows, columns={column.pk for column in tenant.columns.values()})
    return PublicItem.objects.get(identity=record.identity)


def publication_of(record: Record) -> Publication:
    """The publishing task of a signed record, waiting as it is before any worker saw it."""
    sign_off = SignOff.objects.filter(identity=record.identity).latest("sequence")
    return Publication.objects.get_or_create(sign_off=sign_off, defaults={"site": record.site})[0]
