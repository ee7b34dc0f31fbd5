"""诉求: what citizens wrote, what was done about it step by step, and what they were answered (INT-03, INT-08…10).

A case is private, and public only by a version that is reviewed like all others. Time limits: `interaction.duties`.
"""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jiyue.content.models import Column, LeaderMailbox, PublicAnswer, ServiceItem
from jiyue.domain.cases import OPEN, Act, Kind, State, Who
from jiyue.estate.models import Site
from jiyue.foundation.models import AppendOnlyModel
from jiyue.identity.models import Organisation, User
from jiyue.interaction.mail_models import MailNotice
from jiyue.interaction.words import ACTS, GATES, KINDS, STATES

SUBJECT = "letter:"  # under which trail and duties know a case, by its key
STILL_OPEN = Q(state__in=sorted(state.value for state in OPEN))


class Case(models.Model):
    """诉求 (信件). Changed only through `interaction.stepping`, which asks the table of `domain.cases`.

    `site` was asked first and stays answerable (首问负责), the unit of `desk` answers. `sender` and `ticket_key` are sealed.
    """

    class Source(models.TextChoices):
        WEB = "web", _("网站")
        SUPERIOR = "superior", _("上级转办")
        PLATFORM = "platform", _("国家找错平台")
        HOTLINE = "hotline", _("热线电话")
        PAPER = "paper", _("来信来访")
        ACCOUNT = "account", _("新媒体账号")

    number = models.CharField(_("编号"), max_length=24, unique=True)
    token = models.CharField(max_length=64, unique=True, null=True, editable=False)  # noqa: DJ001  # unique where set
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="cases", verbose_name=_("来信网站"))
    desk = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="desk_cases", verbose_name=_("承办网站"))
    kind = models.CharField(_("类别"), max_length=16, choices=[(kind.value, KINDS[kind]) for kind in Kind])
    state = models.CharField(_("状态"), max_length=12, choices=[(state.value, STATES[state]) for state in State])
    source = models.CharField(_("来源"), max_length=10, choices=Source.choices, default=Source.WEB)
    outer_number = models.CharField(_("上级编号"), max_length=60, blank=True)
    handed_by = models.CharField(_("转办单位"), max_length=120, blank=True)
    language = models.CharField(max_length=12, default="zh-hans")
    title = models.CharField(_("标题"), max_length=200)
    text = models.TextField(_("内容"))
    page = models.CharField(_("有错的网页"), max_length=500, blank=True)
    fields = models.JSONField(_("其他填写内容"), default=dict, blank=True)
    sender = models.TextField(editable=False, blank=True)
    sender_mark = models.CharField(max_length=64, editable=False, blank=True)
    consents = models.BooleanField(_("同意公开"), default=False)
    ticket_salt = models.CharField(max_length=64, editable=False, blank=True)
    ticket_key = models.TextField(editable=False, blank=True)
    ticket_due = models.BooleanField(editable=False, default=False)
    handler = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="cases", verbose_name=_("承办人")
    )
    level = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("报批单位")
    )
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged", verbose_name=_("并入")
    )
    mailbox = models.ForeignKey(
        LeaderMailbox, on_delete=models.PROTECT, null=True, blank=True, related_name="cases", verbose_name=_("领导信箱")
    )
    addressee = models.CharField(_("写给"), max_length=120, blank=True)
    service = models.ForeignKey(ServiceItem, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    accused = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("被举报单位")
    )
    identified_at = models.DateTimeField(_("核定被举报单位的时间"), null=True, blank=True)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="parts", verbose_name=_("拆自")
    )
    received_at = models.DateTimeField(_("收到时间"))
    recorded_at = models.DateTimeField(_("登记时间"))
    clock_at = models.DateTimeField(_("起算时间"))
    own_limit = models.CharField(_("上级要求的期限"), max_length=60, blank=True)  # where it comes before the rule's
    reply_class = models.CharField(_("办理类别"), max_length=40, blank=True)
    classed = models.JSONField(default=list, blank=True, editable=False)  # each class it was said to be of, and when
    accepted_at = models.DateTimeField(_("受理时间"), null=True, blank=True)
    assigned_at = models.DateTimeField(_("分办时间"), null=True, blank=True)
    proposed_at = models.DateTimeField(_("提出答复意见时间"), null=True, blank=True)
    extended_at = models.DateTimeField(_("延期时间"), null=True, blank=True)
    mail_stopped_at = models.DateTimeField(_("停发邮件的时间"), null=True, blank=True)
    met_at = models.DateTimeField(_("答复时间"), null=True, blank=True)
    ended_at = models.DateTimeField(_("终止时间"), null=True, blank=True)
    presented_at = models.DateTimeField(_("呈批时间"), null=True, blank=True)
    instructed_at = models.DateTimeField(_("批示时间"), null=True, blank=True)
    rating = models.PositiveSmallIntegerField(_("满意度"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = _("信件")
        verbose_name_plural = _("信件")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=sorted(state.value for state in State)), name="case_known_state"
            ),
            models.CheckConstraint(condition=Q(kind__in=sorted(kind.value for kind in Kind)), name="case_known_kind"),
            models.CheckConstraint(
                condition=Q(rating__isnull=True) | Q(rating__range=(1, 5)), name="case_rating_one_to_five"
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | Q(state="merged"), name="case_merged_says_so"
            ),
            models.UniqueConstraint(
                fields=["outer_number"], condition=Q(source="platform", parent=None), name="case_outer_once"
            ),
            models.UniqueConstraint(
                fields=["source", "handed_by", "outer_number"],
                name="case_outer_once_each",
                condition=Q(source__in=["account", "hotline"], parent=None) & ~Q(outer_number=""),
            ),
        ]
        indexes = [
            # Of all states: SQLite finds no use for an index of some of them, where the question names them as values.
            models.Index(fields=["desk", "state"], name="case_desk_state"),
            models.Index(fields=["site", "state"], name="case_site_state"),
            models.Index(fields=["handler", "state"], name="case_handler_state"),
            models.Index(fields=["level"], condition=Q(state="passing"), name="case_passing"),
            models.Index(fields=["desk", "-received_at"], name="case_desk"),
            models.Index(fields=["site", "-received_at"], name="case_site"),
            models.Index(fields=["mailbox", "-received_at"], name="case_mailbox"),
            models.Index(fields=["-received_at", "-id"], name="case_newest"),
            models.Index(fields=["mailbox"], condition=Q(presented_at__isnull=False), name="case_presented"),
            models.Index(fields=["mailbox"], condition=Q(instructed_at__isnull=False), name="case_instructed"),
            models.Index(fields=["outer_number"], name="case_outer"),
            models.Index(fields=["sender_mark"], condition=~Q(sender_mark=""), name="case_sender"),
            models.Index(fields=["id"], condition=Q(ticket_due=True), name="case_ticket_due"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        return self.state in OPEN


class CaseStep(AppendOnlyModel):
    """办理步骤: one act, by whom, why, and what the sender is told of it. Written once."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="steps", verbose_name=_("信件"))
    act = models.CharField(_("步骤"), max_length=12, choices=[(act.value, ACTS[act]) for act in Act])
    at = models.DateTimeField(_("时间"))
    who = models.CharField(max_length=10, choices=[(who.value, who.value) for who in Who])
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("操作人"))
    by_name = models.CharField(_("姓名"), max_length=80, blank=True)
    by_unit = models.CharField(_("单位"), max_length=120, blank=True)
    before = models.CharField(max_length=12, blank=True)
    after = models.CharField(max_length=12)
    unit = models.CharField(_("承办单位"), max_length=120, help_text=_("这一步之后由谁承办"))
    reason = models.TextField(_("原因"), blank=True)
    note = models.TextField(_("说明"), blank=True)
    told = models.BooleanField(_("告知来信人"))

    class Meta:
        verbose_name = _("办理步骤")
        verbose_name_plural = _("办理步骤")
        default_permissions = ()
        indexes = [
            models.Index(fields=["case", "id"], name="case_step_order"),
            models.Index(fields=["act", "at"], name="case_step_act"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.act}"


class CaseFile(AppendOnlyModel):
    """来信附件: bytes under their digest in the private object store; no tree ever links them."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="files", verbose_name=_("信件"))
    token = models.CharField(max_length=64)
    n = models.PositiveSmallIntegerField()
    name = models.CharField(_("文件名"), max_length=200)
    digest = models.CharField(max_length=80)
    size = models.PositiveBigIntegerField(_("大小"))
    type = models.CharField(max_length=120, blank=True)

    class Meta:
        verbose_name = _("来信附件")
        verbose_name_plural = _("来信附件")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["token", "n"], name="case_file_once")]

    def __str__(self) -> str:
        return self.name


class CaseWord(AppendOnlyModel):
    """来信人后来的话: which further words were taken, so that one is never taken twice."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="words", verbose_name=_("信件"))
    token = models.CharField(max_length=64, unique=True)
    act = models.CharField(max_length=12)
    at = models.DateTimeField(_("时间"))
    text = models.TextField(_("内容"), blank=True)
    refused = models.CharField(_("未采纳的原因"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("来信人补充")
        verbose_name_plural = _("来信人补充")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.case_id} {self.act}"


class Help(models.Model):
    """协办: another site's unit is asked for its opinion; the lead unit joins it into one reply (INT-08)."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="helps", verbose_name=_("信件"))
    helper = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+", verbose_name=_("协办网站"))
    question = models.TextField(_("协办事项"))
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("提出人"))
    asked_at = models.DateTimeField(_("提出时间"))
    opinion = models.TextField(_("协办意见"), blank=True)
    answered_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("答复人")
    )
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("协办")
        verbose_name_plural = _("协办")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["case", "helper"], name="help_once_a_unit")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.helper_id}"


class Reply(models.Model):
    """答复: one draft of the answer and what its reviewer said. What was sent back stays; the next draft is a new row."""

    class State(models.TextChoices):
        DRAFT = "draft", _("起草中")
        SUBMITTED = "submitted", _("待审核")
        APPROVED = "approved", _("已通过")
        RETURNED = "returned", _("已退回")
        SENT = "sent", _("已发出")
        DROPPED = "dropped", _("已作废")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="replies", verbose_name=_("信件"))
    text = models.TextField(_("答复内容"))
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.DRAFT)
    drafted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("起草人"))
    drafted_at = models.DateTimeField(_("起草时间"))
    submitted_at = models.DateTimeField(_("送审时间"), null=True, blank=True)
    reviewed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("审核人")
    )
    reviewed_at = models.DateTimeField(_("审核时间"), null=True, blank=True)
    gates = models.JSONField(_("审核关口"), default=list, blank=True)
    opinion = models.TextField(_("审核意见"), blank=True)
    sent_at = models.DateTimeField(_("发出时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("答复")
        verbose_name_plural = _("答复")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(reviewed_by__isnull=True) | ~Q(reviewed_by=models.F("drafted_by")),
                name="reply_reviewed_by_another",
            ),
            models.UniqueConstraint(
                fields=["case"], condition=Q(state__in=["draft", "submitted", "approved"]), name="reply_one_in_hand"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.state}"

    @property
    def confirmed(self) -> list[Any]:
        """The gates that its reviewer confirmed, in words."""
        return [GATES[gate] for gate in self.gates if gate in GATES]


class PublicVersion(models.Model):
    """公开版: what of a letter and its answer everybody may read, or why nothing of it (INT-05, INT-06)."""

    class State(models.TextChoices):
        PREPARED = "prepared", _("待逐处核对")
        RETURNED = "returned", _("已退回重做")
        CONFIRMED = "confirmed", _("待送审")
        SUBMITTED = "submitted", _("已送审")
        PROPOSED = "proposed", _("待批准不公开")
        WITHHELD = "withheld", _("不公开")

    class Ground(models.TextChoices):
        WISH = "wish", _("来信人不同意公开")
        UNTRUE = "untrue", _("反映的情况不属实")
        SECRET = "secret", _("涉及国家秘密、商业秘密")
        PRIVACY = "privacy", _("涉及未成年人或者他人隐私，隐去后仍能认出")
        OTHER = "other", _("其他特殊情况")

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="public_version", verbose_name=_("信件"))
    record = models.OneToOneField(
        PublicAnswer, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("公开答复")
    )
    state = models.CharField(_("状态"), max_length=10, choices=State.choices)
    column = models.ForeignKey(
        Column, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("栏目")
    )
    title = models.CharField(_("标题"), max_length=60, blank=True)
    question = models.TextField(_("来信内容"), blank=True)
    answer = models.TextField(_("答复内容"), blank=True)
    correction = models.CharField(_("更正的原因"), max_length=300, blank=True)
    ground = models.CharField(_("不公开的情形"), max_length=8, choices=Ground.choices, blank=True)
    grounds = models.TextField(_("不公开的理由"), blank=True)
    prepared_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("制作人"))
    prepared_at = models.DateTimeField(_("制作时间"))
    confirmed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("核对人")
    )
    confirmed_at = models.DateTimeField(_("核对时间"), null=True, blank=True)
    places = models.PositiveIntegerField(_("隐去或改动的处数"), default=0)
    opinion = models.TextField(_("核对意见"), blank=True)
    stale_at = models.DateTimeField(_("要求重办的时间"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = _("公开版")
        verbose_name_plural = _("公开版")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=models.F("prepared_by")),
                name="public_version_confirmed_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["proposed", "withheld"]) | ~Q(ground="", grounds=""),
                name="public_version_withheld_for_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["confirmed", "submitted", "withheld"]) | Q(confirmed_by__isnull=False),
                name="public_version_decided_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.state}"


class Notice(MailNotice):
    """邮件通知: that a letter came, waits for its sender or was answered, to the address that she gave (ADR 0028)."""

    class Kind(models.TextChoices):
        RECEIPT = "receipt", _("回执")
        ASKED = "asked", _("请补充材料")
        ANSWERED = "answered", _("已答复")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="notices", verbose_name=_("信件"))
    step = models.ForeignKey(CaseStep, on_delete=models.PROTECT, related_name="+", verbose_name=_("办理步骤"))
    kind = models.CharField(_("通知"), max_length=10, choices=Kind.choices)

    class Meta:
        verbose_name = _("邮件通知")
        verbose_name_plural = _("邮件通知")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["case", "step"], name="notice_once_a_step")]
        indexes = [models.Index(fields=["made_at"], condition=Q(state="waiting"), name="notice_waiting")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind}"


class SetAside(models.Model):
    """待查来信: what lay in the letter box and could not be read. Its bytes are kept until somebody settled it."""

    token = models.CharField(_("标识"), max_length=80, unique=True)
    problem = models.CharField(_("问题"), max_length=200)
    found_at = models.DateTimeField(_("发现时间"))
    settled_at = models.DateTimeField(_("处理时间"), null=True, blank=True)
    settled_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("处理人")
    )
    outcome = models.CharField(_("处理结果"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("待查来信")
        verbose_name_plural = _("待查来信")
        default_permissions = ()

    def __str__(self) -> str:
        return self.token


# Django looks for models here; the newer parts have modules of their own.
from jiyue.interaction.account_models import FiguresStatement, LetterAccount, UnitFigures  # noqa: E402
from jiyue.interaction.analysis_models import LetterAnalysis  # noqa: E402
from jiyue.interaction.campaign_models import (  # noqa: E402
    Opinion,
    OpinionGroup,
    OpinionPlace,
    Quote,
    SurveyAnswer,
    SurveyText,
)
from jiyue.interaction.comment_models import (  # noqa: E402
    GROUNDS,
    Comment,
    CommentAct,
    CommentExamined,
    CommentNight,
    CommentStanding,
    PageVoices,
    PageVote,
)
from jiyue.interaction.desk_models import BulkStep, TextBlock  # noqa: E402
from jiyue.interaction.enquiry_models import (  # noqa: E402
    Enquiry,
    EnquiryDesk,
    EnquiryDuty,
    EnquiryFigures,
    EnquiryFile,
    EnquiryWord,
)
from jiyue.interaction.file_models import BroughtFile, HandedAnswer, HandedFile  # noqa: E402
from jiyue.interaction.given_models import AnswerGiven  # noqa: E402
from jiyue.interaction.interview_models import InterviewQuestion, LiveWord, QuestionChoice  # noqa: E402
from jiyue.interaction.mark_models import ReplyMark  # noqa: E402

__all__ = [
    "GROUNDS", "AnswerGiven", "BroughtFile", "BulkStep", "Case", "CaseFile", "CaseStep", "CaseWord", "Comment",
    "CommentAct", "CommentExamined", "CommentNight", "CommentStanding", "Enquiry", "EnquiryDesk", "EnquiryDuty",
    "EnquiryFigures", "EnquiryFile", "EnquiryWord", "FiguresStatement", "HandedAnswer", "HandedFile", "Help",
    "InterviewQuestion", "LetterAccount", "LetterAnalysis", "LiveWord", "Opinion", "OpinionGroup", "OpinionPlace",
    "PageVoices", "PageVote", "QuestionChoice", "Quote", "Reply", "ReplyMark", "SetAside", "SurveyAnswer", "SurveyText",
    "TextBlock", "UnitFigures",
]  # fmt: skip
