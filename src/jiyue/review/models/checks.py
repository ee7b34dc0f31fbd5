"""What the content checks found, in which version, and who let a finding stand (PRIV-02, PRIV-04, PRIV-06, MON-05)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jiyue.content.models import Record
from jiyue.estate.models import Site
from jiyue.foundation.models import AppendOnlyModel
from jiyue.identity.models import User
from jiyue.review.models.reviews import Version


class Severity(models.TextChoices):
    """What a finding does: it stops the sign-off, wants a look, or tells."""

    BLOCK = "block", _("必须处理")
    WARN = "warn", _("请核对")
    NOTE = "note", _("提示")


class CheckRun(AppendOnlyModel):
    """检测: what one state of the checks says about one version. Sealed, so that a signature can rely on it.

    `engine` names the program's detectors and shipped lists and the unit's own settings together: another engine is
    another run. `findings` is a list of `checking.Found` as JSON, personal data masked; `digest` covers it.
    """

    class Occasion(models.TextChoices):
        SUBMISSION = "submission", _("送审")
        SIGN_OFF = "sign_off", _("签发")
        EXAMINATION = "examination", _("复查")

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="check_runs")
    version_digest = models.CharField(max_length=64)
    engine = models.CharField(max_length=64)
    occasion = models.CharField(max_length=12, choices=Occasion.choices)
    findings = models.JSONField(default=list)
    digest = models.CharField(max_length=64)
    blocks = models.PositiveIntegerField()
    warns = models.PositiveIntegerField()
    at = models.DateTimeField()
    seal = models.CharField(max_length=120)

    class Meta:
        verbose_name = _("检测")
        verbose_name_plural = _("检测")
        default_permissions = ()
        indexes = [models.Index(fields=["version", "engine"], name="check_run_of_version")]

    def __str__(self) -> str:
        return f"{self.version_id} {self.blocks}/{self.warns}"


class FileRun(AppendOnlyModel):
    """附件检测: what one state of the checks says about one file. Its bytes never change, so it is read once."""

    file_digest = models.CharField(max_length=64)
    name = models.CharField(max_length=255)
    engine = models.CharField(max_length=64)
    findings = models.JSONField(default=list)
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()
    seal = models.CharField(max_length=120)

    class Meta:
        verbose_name = _("附件检测")
        verbose_name_plural = _("附件检测")
        default_permissions = ()
        indexes = [models.Index(fields=["file_digest", "engine"], name="check_run_of_file")]

    def __str__(self) -> str:
        return f"{self.file_digest[:12]} {self.name}"


class Waiver(AppendOnlyModel):
    """豁免: one person lets exactly this finding stand in this thing, with grounds. Sealed.

    `key` stands for the detector and the very words it found: other words need another waiver.
    """

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="check_waivers")
    identity = models.UUIDField()
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="waivers")
    record = models.ForeignKey(Record, on_delete=models.PROTECT, null=True, blank=True, related_name="waivers")
    detector = models.CharField(max_length=60)
    key = models.CharField(max_length=64)
    message = models.CharField(max_length=300)
    place = models.CharField(max_length=200)
    excerpt = models.CharField(max_length=200, blank=True)
    grounds = models.TextField()
    basis = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=80)
    by_unit = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField()
    seal = models.CharField(max_length=120)

    class Meta:
        verbose_name = _("豁免")
        verbose_name_plural = _("豁免")
        default_permissions = ()
        indexes = [
            models.Index(fields=["identity", "key"], name="waiver_of_finding"),
            models.Index(fields=["site", "-at"], name="waiver_site_recent"),
        ]

    def __str__(self) -> str:
        return f"{self.detector} {self.by_name}"


class WaiverRevocation(AppendOnlyModel):
    """豁免撤销: a waiver that holds no more, with the reason. Sealed; the finding it let stand stops sign-offs again."""

    waiver = models.OneToOneField(Waiver, on_delete=models.PROTECT, related_name="revocation")
    reason = models.TextField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=80)
    by_unit = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField()
    seal = models.CharField(max_length=120)

    class Meta:
        verbose_name = _("豁免撤销")
        verbose_name_plural = _("豁免撤销")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.waiver_id} {self.by_name}"


class Finding(models.Model):
    """疑似问题 in something public, followed to its handling: mended, withdrawn, waived, or no longer found."""

    class Handling(models.TextChoices):
        MENDED = "mended", _("已更正")
        WITHDRAWN = "withdrawn", _("已撤下")
        WAIVED = "waived", _("已豁免")
        SETTLED = "settled", _("按现在的词表不再是问题")

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="check_findings")
    identity = models.UUIDField()
    record = models.ForeignKey(Record, on_delete=models.PROTECT, null=True, blank=True, related_name="check_findings")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=64)
    detector = models.CharField(max_length=60)
    severity = models.CharField(max_length=5, choices=Severity.choices)
    said = models.JSONField(default=dict)
    found_at = models.DateTimeField()
    handled_at = models.DateTimeField(null=True, blank=True)
    handling = models.CharField(max_length=10, choices=Handling.choices, blank=True)

    class Meta:
        verbose_name = _("疑似问题")
        verbose_name_plural = _("疑似问题")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["identity", "key"], name="finding_once")]
        indexes = [
            models.Index(fields=["site", "found_at"], condition=Q(handled_at__isnull=True), name="finding_open_site"),
            models.Index(fields=["record"], condition=Q(handled_at__isnull=True), name="finding_open_record"),
            models.Index(fields=["site", "-found_at"], name="finding_site_recent"),
        ]

    def __str__(self) -> str:
        return f"{self.detector} {self.identity}"


class Examined(models.Model):
    """Which version of a public thing was examined last, by which state of the checks: the night goes on from here."""

    identity = models.UUIDField(unique=True)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    engine = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("复查到的内容")
        verbose_name_plural = _("复查到的内容")
        default_permissions = ()
        indexes = [models.Index(fields=["site", "engine"], name="examined_site")]

    def __str__(self) -> str:
        return f"{self.identity}"


class Examination(models.Model):
    """复查: one night's re-examination of everything public on one site, and that it took place (COL-16, PRIV-04)."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="examinations")
    night = models.DateField()
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    public = models.PositiveIntegerField(default=0)
    read = models.PositiveIntegerField(default=0)
    found = models.PositiveIntegerField(default=0)
    settled = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("复查")
        verbose_name_plural = _("复查")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["site", "night"], name="examination_once_a_night")]

    def __str__(self) -> str:
        return f"{self.site} {self.night}"
