"""依申请公开: who asked for which information, what was done about it step by step, and what was decided (DISC-01…04).

A request is private. Who asked is sealed; by when it must be answered stands nowhere here: the duties engine asks the
rules in force (`disclosure.duties`).
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jiyue.disclosure.words import (
    ACTS,
    APPLICANTS,
    DECISIONS,
    DELIVERIES,
    FORMS,
    REMEDIES,
    STATES,
    VERDICTS,
)
from jiyue.domain.disclosure import OPEN, Act, State, Who
from jiyue.domain.disclosure_outcomes import Applicant, Decision, Remedy, Row, Verdict
from jiyue.estate.models import Site
from jiyue.foundation.models import AppendOnlyModel
from jiyue.identity.models import Organisation, User
from jiyue.interaction.mail_models import MailNotice

SUBJECT = "disclosure:"  # under which trail and duties know a request, by its key
CONSULTATION = "disclosure-consultation:"
STILL_OPEN = Q(state__in=sorted(state.value for state in OPEN))


class Request(models.Model):
    """政府信息公开申请. Changed only through `disclosure.stepping`, which asks the table of `domain.disclosure`.

    `site` is where it was handed in, `desk` the site whose unit answers. Name, documents and ways to reach the applicant
    are sealed in `sealed_applicant`; `version` refuses two people at once. The answer period runs from `clock_at`.
    """

    class Source(models.TextChoices):
        WEB = "web", _("网站")
        IN_PERSON = "in_person", _("当面")
        POST = "post", _("邮寄")
        FAX = "fax", _("传真")

    number = models.CharField(_("编号"), max_length=24, unique=True)
    token = models.CharField(max_length=64, unique=True, null=True, editable=False)  # noqa: DJ001  # unique where set
    site = models.ForeignKey(
        Site, on_delete=models.PROTECT, related_name="disclosure_requests", verbose_name=_("收件网站")
    )
    desk = models.ForeignKey(
        Site, on_delete=models.PROTECT, related_name="desk_disclosure_requests", verbose_name=_("办理网站")
    )
    state = models.CharField(_("状态"), max_length=12, choices=[(state.value, STATES[state]) for state in State])
    source = models.CharField(_("收件方式"), max_length=10, choices=Source.choices, default=Source.WEB)
    language = models.CharField(max_length=12, default="zh-hans")
    applicant = models.CharField(
        _("申请人类别"), max_length=16, choices=[(one.value, APPLICANTS[one]) for one in Applicant]
    )
    title = models.CharField(_("信息名称"), max_length=200)
    document_number = models.CharField(_("文号"), max_length=80, blank=True)
    text = models.TextField(_("其他特征描述"))
    form = models.CharField(_("提供形式"), max_length=12, choices=list(FORMS.items()))
    delivery = models.CharField(_("获取方式"), max_length=12, choices=list(DELIVERIES.items()))
    sealed_applicant = models.TextField(editable=False)
    applicant_mark = models.CharField(max_length=64, editable=False, blank=True)
    ticket_key = models.TextField(editable=False, blank=True)
    ticket_due = models.BooleanField(editable=False, default=False)
    handler = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("承办人")
    )
    received_at = models.DateTimeField(_("收到时间"))
    recorded_at = models.DateTimeField(_("登记时间"))
    clock_at = models.DateTimeField(_("起算时间"))
    checked_at = models.DateTimeField(_("审查时间"), null=True, blank=True)
    correction_until = models.DateField(_("补正期限"), null=True, blank=True)
    extension_reason = models.TextField(_("延长的理由"), blank=True)
    extension_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    fee_asked = models.JSONField(_("起草的收费通知"), default=dict, blank=True)
    fee_asked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    extended_at = models.DateTimeField(_("延长时间"), null=True, blank=True)
    met_at = models.DateTimeField(_("答复时间"), null=True, blank=True)
    ended_at = models.DateTimeField(_("终止时间"), null=True, blank=True)
    outcome = models.CharField(max_length=20, blank=True, choices=[(row.value, row.value) for row in Row])
    mail_stopped_at = models.DateTimeField(_("不再收邮件"), null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = _("公开申请")
        verbose_name_plural = _("公开申请")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=sorted(state.value for state in State)), name="request_known_state"
            ),
            models.CheckConstraint(
                condition=Q(applicant__in=sorted(one.value for one in Applicant)), name="request_known_applicant"
            ),
            # What is settled is counted in a row of the annual report, what is open in none.
            models.CheckConstraint(
                condition=(STILL_OPEN & Q(outcome="")) | (~STILL_OPEN & ~Q(outcome="")),
                name="request_settled_has_outcome",
            ),
        ]
        indexes = [
            models.Index(fields=["desk", "clock_at"], condition=STILL_OPEN, name="request_open_desk"),
            models.Index(fields=["desk", "-received_at"], name="request_desk"),
            models.Index(fields=["site", "-received_at"], name="request_site"),
            models.Index(fields=["applicant_mark"], condition=~Q(applicant_mark=""), name="request_applicant"),
            models.Index(fields=["id"], condition=Q(ticket_due=True), name="request_ticket_due"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        return self.state in OPEN


class RequestStep(AppendOnlyModel):
    """办理步骤: one act, by whom, why, and what the applicant is told of it. Written once."""

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="steps", verbose_name=_("公开申请"))
    act = models.CharField(_("步骤"), max_length=12, choices=[(act.value, ACTS[act]) for act in Act])
    at = models.DateTimeField(_("时间"))
    who = models.CharField(max_length=10, choices=[(who.value, who.value) for who in Who])
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("操作人"))
    by_name = models.CharField(_("姓名"), max_length=80, blank=True)
    by_unit = models.CharField(_("单位"), max_length=120, blank=True)
    before = models.CharField(max_length=12, blank=True)
    after = models.CharField(max_length=12)
    unit = models.CharField(_("办理单位"), max_length=120)
    reason = models.TextField(_("原因"), blank=True)
    note = models.TextField(_("说明"), blank=True)
    told = models.BooleanField(_("告知申请人"))

    class Meta:
        verbose_name = _("办理步骤")
        verbose_name_plural = _("办理步骤")
        default_permissions = ()
        indexes = [models.Index(fields=["request", "id"], name="request_step_order")]

    def __str__(self) -> str:
        return f"{self.request_id} {self.act}"


class RequestNotice(MailNotice):
    """邮件通知: that a request came, waits for its applicant, takes longer or was answered, never what (ADR 0028)."""

    class Kind(models.TextChoices):
        RECEIPT = "receipt", _("回执")
        CORRECTION = "correction", _("请补正")
        EXTENSION = "extension", _("延长答复期限")
        FEE = "fee", _("收费通知")
        DECISION = "decision", _("已有结果")

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="notices", verbose_name=_("公开申请"))
    step = models.OneToOneField(RequestStep, on_delete=models.PROTECT, related_name="+", verbose_name=_("办理步骤"))
    kind = models.CharField(_("通知"), max_length=10, choices=Kind.choices)

    class Meta:
        verbose_name = _("邮件通知")
        verbose_name_plural = _("邮件通知")
        default_permissions = ()
        indexes = [models.Index(fields=["made_at"], condition=Q(state="waiting"), name="request_notice_waiting")]

    def __str__(self) -> str:
        return f"{self.request_id} {self.kind}"


class RequestFile(AppendOnlyModel):
    """申请附件: bytes under their digest in the private object store; no tree ever links them."""

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="files", verbose_name=_("公开申请"))
    token = models.CharField(max_length=64)
    n = models.PositiveSmallIntegerField()
    name = models.CharField(_("文件名"), max_length=200)
    digest = models.CharField(max_length=80)
    size = models.PositiveBigIntegerField(_("大小"))
    type = models.CharField(max_length=120, blank=True)

    class Meta:
        verbose_name = _("申请附件")
        verbose_name_plural = _("申请附件")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["token", "n"], name="request_file_once")]

    def __str__(self) -> str:
        return self.name


class RequestWord(AppendOnlyModel):
    """申请人后来的话: which further words were taken, so that one is never taken twice."""

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="words", verbose_name=_("公开申请"))
    token = models.CharField(max_length=64, unique=True)
    act = models.CharField(max_length=12)
    at = models.DateTimeField(_("时间"))
    text = models.TextField(_("内容"), blank=True)
    refused = models.CharField(_("未采纳的原因"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("申请人补充")
        verbose_name_plural = _("申请人补充")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.request_id} {self.act}"


class Consultation(models.Model):
    """征求意见: a third party whose rights may be harmed, or another body. `due_at` follows from the rules in force.

    The answer period stands still from the day after `asked_at` to the answer, at most to `due_at`.
    """

    class Kind(models.TextChoices):
        THIRD_PARTY = "third_party", _("第三方")
        OTHER_BODY = "other_body", _("其他机关")

    class Stance(models.TextChoices):
        AGREES = "agrees", _("同意公开")
        REFUSES = "refuses", _("不同意公开，并说明了理由")
        SILENT = "silent", _("逾期没有提出意见")

    request = models.ForeignKey(
        Request, on_delete=models.PROTECT, related_name="consultations", verbose_name=_("公开申请")
    )
    kind = models.CharField(_("对象"), max_length=12, choices=Kind.choices)
    party = models.CharField(_("名称"), max_length=120)
    question = models.TextField(_("征求什么意见"))
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("提出人"))
    asked_at = models.DateTimeField(_("对方收到时间"))
    due_at = models.DateTimeField(_("答复期限"))
    stops = models.BooleanField(_("期间不计入答复期限"))
    stance = models.CharField(_("意见"), max_length=8, choices=Stance.choices, blank=True)
    opinion = models.TextField(_("意见内容"), blank=True)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(_("收到意见时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("征求意见")
        verbose_name_plural = _("征求意见")
        default_permissions = ()
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, stance="") | Q(answered_at__isnull=False) & ~Q(stance=""),
                name="consultation_answered_has_stance",
            )
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.kind}"


class Draft(models.Model):
    """答复稿: one decision as it was drafted, and what its reviewer said. What was sent back stays."""

    class State(models.TextChoices):
        SUBMITTED = "submitted", _("待审核")
        APPROVED = "approved", _("已通过")
        RETURNED = "returned", _("已退回")
        SENT = "sent", _("已发出")
        DROPPED = "dropped", _("已作废")

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="drafts", verbose_name=_("公开申请"))
    decision = models.CharField(_("答复类型"), max_length=20, choices=[(one.value, DECISIONS[one]) for one in Decision])
    text = models.TextField(_("答复正文"))
    place = models.TextField(_("获取途径或者负责的机关"), blank=True)
    confirmed = models.BooleanField(_("已核对依据条文"), default=False)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.SUBMITTED)
    drafted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("起草人"))
    drafted_at = models.DateTimeField(_("送审时间"))
    reviewed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("审核人")
    )
    reviewed_at = models.DateTimeField(_("审核时间"), null=True, blank=True)
    opinion = models.TextField(_("审核意见"), blank=True)

    class Meta:
        verbose_name = _("答复稿")
        verbose_name_plural = _("答复稿")
        default_permissions = ()
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(reviewed_by__isnull=True) | ~Q(reviewed_by=models.F("drafted_by")),
                name="disclosure_draft_reviewed_by_another",
            ),
            models.UniqueConstraint(
                fields=["request"],
                condition=Q(state__in=["submitted", "approved"]),
                name="disclosure_one_draft_in_hand",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.state}"


class AnswerFile(AppendOnlyModel):
    """答复附件: what goes to the applicant with a draft once it is sent; bytes under their digest in the private store."""

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="files", verbose_name=_("答复稿"))
    n = models.PositiveSmallIntegerField()
    name = models.CharField(_("文件名"), max_length=200)
    digest = models.CharField(max_length=80)
    size = models.PositiveBigIntegerField(_("大小"))
    type = models.CharField(max_length=120)

    class Meta:
        verbose_name = _("答复附件")
        verbose_name_plural = _("答复附件")
        default_permissions = ()
        ordering = ["draft", "n"]
        constraints = [models.UniqueConstraint(fields=["draft", "n"], name="disclosure_answer_file_once")]

    def __str__(self) -> str:
        return self.name


class Letter(AppendOnlyModel):
    """文书: a numbered letter, with every word it says but the applicant's name, which is put in when it is made.

    Numbers run per unit and year. DOCX and PDF are made from these words whenever they are asked for.
    """

    class Kind(models.TextChoices):
        CORRECTION = "correction", _("补正告知书")
        CONSULTATION = "consultation", _("征求意见书")
        EXTENSION = "extension", _("延长答复期限告知书")
        FEE = "fee", _("收费通知")
        DECISION = "decision", _("政府信息公开申请答复书")

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="letters", verbose_name=_("公开申请"))
    kind = models.CharField(_("文书"), max_length=12, choices=Kind.choices)
    unit = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("单位"))
    year = models.PositiveSmallIntegerField(_("年份"))
    serial = models.PositiveIntegerField(_("序号"))
    number = models.CharField(_("文号"), max_length=80)
    addressee = models.CharField(_("收件人"), max_length=120, blank=True, help_text=_("空着的是申请人"))
    content = models.JSONField(_("内容"))
    made_at = models.DateTimeField(_("制作时间"))

    class Meta:
        verbose_name = _("文书")
        verbose_name_plural = _("文书")
        default_permissions = ()
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["unit", "year", "serial"], name="disclosure_letter_number_once")]

    def __str__(self) -> str:
        return self.number


class Delivery(AppendOnlyModel):
    """送达: when and how an answer reached the applicant (DISC-02)."""

    request = models.ForeignKey(
        Request, on_delete=models.PROTECT, related_name="deliveries", verbose_name=_("公开申请")
    )
    means = models.CharField(_("送达方式"), max_length=12, choices=list(DELIVERIES.items()))
    on = models.DateField(_("送达日期"))
    note = models.CharField(_("说明"), max_length=200, blank=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("登记人"))
    recorded_at = models.DateTimeField(_("登记时间"))

    class Meta:
        verbose_name = _("送达")
        verbose_name_plural = _("送达")
        default_permissions = ()
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.request_id} {self.means}"


class Contest(models.Model):
    """行政复议、行政诉讼 about one answer, and how it ended: table four counts them."""

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="contests", verbose_name=_("公开申请"))
    remedy = models.CharField(_("种类"), max_length=16, choices=[(one.value, REMEDIES[one]) for one in Remedy])
    body = models.CharField(_("受理机关"), max_length=120)
    begun_on = models.DateField(_("受理日期"))
    verdict = models.CharField(
        _("结果"), max_length=10, choices=[(one.value, VERDICTS[one]) for one in Verdict], default=Verdict.PENDING
    )
    ended_on = models.DateField(_("审结日期"), null=True, blank=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("登记人"))
    recorded_at = models.DateTimeField(_("登记时间"))

    class Meta:
        verbose_name = _("复议诉讼")
        verbose_name_plural = _("复议诉讼")
        default_permissions = ()
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(verdict="pending", ended_on__isnull=True)
                | ~Q(verdict="pending") & Q(ended_on__isnull=False),
                name="contest_ended_has_day",
            )
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.remedy}"


class KeptReport(AppendOnlyModel):
    """已确认的年报表: what a unit stated for a year. What it carried on is what the next year carries in."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+", verbose_name=_("网站"))
    year = models.PositiveSmallIntegerField(_("年份"))
    figures = models.JSONField(_("数字"))
    contests = models.JSONField(_("复议诉讼"))
    kept_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("确认人"))
    kept_at = models.DateTimeField(_("确认时间"))

    class Meta:
        verbose_name = _("公开年报表")
        verbose_name_plural = _("公开年报表")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["site", "year"], name="disclosure_report_once_a_year")]

    def __str__(self) -> str:
        return f"{self.site_id} {self.year}"


# Django looks for models here; those of annual reports and fees have modules of their own.
from jiyue.disclosure.annual_models import AnnualReport  # noqa: E402
from jiyue.disclosure.fee_models import FeeNotice  # noqa: E402

__all__ = [
    "CONSULTATION", "STILL_OPEN", "SUBJECT", "AnnualReport", "AnswerFile", "Consultation", "Contest", "Delivery",
    "Draft", "FeeNotice",
    "KeptReport", "Letter", "Request", "RequestFile", "RequestNotice", "RequestStep", "RequestWord",
]  # fmt: skip
