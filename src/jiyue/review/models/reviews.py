"""What was reviewed, by whom, and what was signed off. The ledger is what the publisher bakes from (design 4)."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jiyue.content.models import Record
from jiyue.estate.models import Site
from jiyue.foundation.models import AppendOnlyModel
from jiyue.identity.models import User


class Subject(models.TextChoices):
    """What a version is a version of."""

    RECORD = "record", _("稿件")
    STRUCTURE = "structure", _("网站设置与栏目")
    BATCH = "batch", _("导入批次")
    PLACEMENT = "placement", _("取用")
    TAKING = "taking", _("取用规则")


class Level(models.TextChoices):
    SECRECY = "secrecy", _("保密审查")
    FIRST = "first", _("初审")
    SECOND = "second", _("复审")
    FINAL = "final", _("终审")


class ReviewRoute(models.Model):
    """审核流程 of a site and content class: which levels, in order. Levels are the three of REV-02 unless a site adds."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="review_routes", verbose_name=_("网站"))
    content_class = models.CharField(_("内容类别"), max_length=16, blank=True, help_text=_("留空表示其余全部类别"))
    levels = models.JSONField(_("审核环节"), default=list)

    class Meta:
        verbose_name = _("审核流程")
        verbose_name_plural = _("审核流程")
        constraints = [models.UniqueConstraint(fields=["site", "content_class"], name="route_once")]

    def __str__(self) -> str:
        return f"{self.site} {self.content_class}"


class Version(AppendOnlyModel):
    """版本: a frozen copy of what was submitted. `content` is canonical JSON, `digest` its SHA-256."""

    subject = models.CharField(max_length=10, choices=Subject.choices)
    identity = models.UUIDField(db_index=True)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    record = models.ForeignKey(Record, on_delete=models.PROTECT, null=True, blank=True, related_name="versions")
    number = models.PositiveIntegerField()
    content = models.TextField()
    digest = models.CharField(max_length=64)
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    writers = models.JSONField(default=list)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("版本")
        verbose_name_plural = _("版本")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["identity", "number"], name="version_number_once")]

    def __str__(self) -> str:
        return f"{self.identity} v{self.number}"

    @property
    def its_record(self) -> Record:
        """The record of a version that has one. Raises LookupError for a structure or a batch."""
        if self.record is None:
            raise LookupError(f"{self}: {self.subject}")
        return self.record


class Review(models.Model):
    """送审: one version on its way through the levels."""

    class Status(models.TextChoices):
        OPEN = "open", _("审核中")
        TOGETHER = "together", _("待同步签发")  # every level has signed; what is bound with it has not
        SIGNING = "signing", _("正在逐篇登记")
        SIGNED_OFF = "signed_off", _("已签发")
        RETURNED = "returned", _("已退回")
        RECALLED = "recalled", _("已撤回送审")

    class Act(models.TextChoices):
        """What the sign-off will do."""

        PUBLISH = "publish", _("发布")
        CORRECT = "correct", _("更正")
        WITHDRAW = "withdraw", _("撤下")
        STRUCTURE = "structure", _("网站设置")
        BATCH = "batch", _("批量签发")
        PLACE = "place", _("取用")
        RULE = "rule", _("取用规则")

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="reviews")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="reviews")
    act = models.CharField(max_length=10, choices=Act.choices, default=Act.PUBLISH)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPEN)
    levels = models.JSONField()
    level = models.CharField(max_length=10, choices=Level.choices, blank=True)
    emergency = models.BooleanField(default=False)
    submitted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField()
    waiting_since = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    publish_at = models.DateTimeField(null=True, blank=True)
    instruction = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("送审")
        verbose_name_plural = _("送审")
        default_permissions = ()
        indexes = [
            # Not partial: SQLite does not match bound values with a condition, so it would never be used there.
            models.Index(fields=["status", "site", "level", "-emergency", "waiting_since"], name="review_open"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["version", "act"], condition=Q(status="open"), name="review_open_once"),
        ]

    def __str__(self) -> str:
        return f"{self.version} {self.act} {self.status}"


class Decision(AppendOnlyModel):
    """审核意见: one person, one level, one answer about one digest. Sealed: a forged row does not count."""

    class Answer(models.TextChoices):
        APPROVE = "approve", _("通过")
        RETURN = "return", _("退回")

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="decisions")
    level = models.CharField(max_length=10, choices=Level.choices)
    answer = models.CharField(max_length=10, choices=Answer.choices)
    reviewer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reviewer_name = models.CharField(max_length=80)
    reviewer_unit = models.CharField(max_length=120, blank=True)
    version_digest = models.CharField(max_length=64)
    gates = models.JSONField(default=list)
    principle = models.CharField(max_length=20, blank=True)
    reason = models.TextField(blank=True)
    # Of a batch's secrecy review: the identities of the drawn documents that were read. None for all other decisions.
    looked_at = models.JSONField(null=True, blank=True)
    at = models.DateTimeField()
    seal = models.CharField(max_length=120)

    class Meta:
        verbose_name = _("审核意见")
        verbose_name_plural = _("审核意见")
        default_permissions = ()
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.level} {self.answer} {self.reviewer_name}"


class Batch(models.Model):
    """批次: historic material, signed for as a whole after a sample was looked at (issue G)."""

    identity = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="batches")
    name = models.CharField(_("批次名称"), max_length=120)
    report = models.JSONField(default=dict)
    sample = models.JSONField(default=list)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("导入批次")
        verbose_name_plural = _("导入批次")
        default_permissions = ()

    def __str__(self) -> str:
        return self.name


class BatchOrder(AppendOnlyModel):
    """批次签发令: the one decision about a batch, sealed. The ledger rows of its documents follow it piece by piece."""

    review = models.OneToOneField(Review, on_delete=models.PROTECT, related_name="order")
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="+")
    version_digest = models.CharField(max_length=64)
    documents = models.PositiveIntegerField()
    signers = models.JSONField()
    instruction = models.JSONField()
    signed_at = models.DateTimeField()
    effective_at = models.DateTimeField()
    seal = models.CharField(max_length=120)

    class Meta:
        verbose_name = _("批次签发令")
        verbose_name_plural = _("批次签发令")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.review_id} {self.documents}"


class SignOff(AppendOnlyModel):
    """签发台账: the only source of what is public. Chained and sealed with a key that is not in the database."""

    class Act(models.TextChoices):
        PUBLISH = "publish", _("发布")
        CORRECT = "correct", _("更正")
        WITHDRAW = "withdraw", _("撤下")
        STRUCTURE = "structure", _("网站设置")
        PLACE = "place", _("取用")
        RULE = "rule", _("取用规则")

    sequence = models.PositiveBigIntegerField(unique=True)
    act = models.CharField(max_length=10, choices=Act.choices)
    subject = models.CharField(max_length=10, choices=Subject.choices)
    identity = models.UUIDField(db_index=True)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="sign_offs")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="sign_offs")
    version_digest = models.CharField(max_length=64)
    review = models.ForeignKey(Review, on_delete=models.PROTECT, null=True, blank=True, related_name="sign_offs")
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, null=True, blank=True, related_name="sign_offs")
    signers = models.JSONField()
    instruction = models.JSONField(default=dict)
    signed_at = models.DateTimeField()
    effective_at = models.DateTimeField()
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, unique=True)
    seal = models.CharField(max_length=120)

    class Meta:
        verbose_name = _("签发记录")
        verbose_name_plural = _("签发台账")
        default_permissions = ()
        ordering = ["sequence"]
        indexes = [
            models.Index(fields=["site", "sequence"], name="signoff_site"),
            models.Index(fields=["identity", "-sequence"], name="signoff_identity"),
            models.Index(fields=["effective_at"], name="signoff_effective"),
        ]

    def __str__(self) -> str:
        return f"{self.sequence} {self.act} {self.identity}"
