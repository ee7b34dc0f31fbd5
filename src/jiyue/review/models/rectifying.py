"""整改: a finding in what is public that has to be put right, by whom, and what was done (PAGE-10)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jiyue.estate.models import Site
from jiyue.identity.models import User
from jiyue.review.models.checks import Finding


class Rectification(models.Model):
    """整改: opened with its finding, reported as done by a person, and closed only by the checks themselves."""

    class State(models.TextChoices):
        """Derived from the moments, never stored."""

        OPEN = "open", _("待整改")
        REPORTED = "reported", _("已整改，待复查")
        CLOSED = "closed", _("复查通过")

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="rectifications")
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="rectifications")
    opened_at = models.DateTimeField()
    person = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    measures = models.TextField(_("怎么整改的"), blank=True)
    reported_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reported_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    failed_times = models.PositiveSmallIntegerField(default=0)
    closed_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=Finding.Handling.choices, blank=True)

    class Meta:
        verbose_name = _("整改")
        verbose_name_plural = _("整改")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["finding"], condition=Q(closed_at__isnull=True), name="rectification_open_once"
            ),
        ]
        indexes = [
            models.Index(fields=["site", "opened_at"], condition=Q(closed_at__isnull=True), name="rectification_open"),
            models.Index(fields=["site", "-opened_at"], name="rectification_recent"),
        ]

    def __str__(self) -> str:
        return f"{self.finding_id} {self.state}"

    @property
    def state(self) -> str:
        if self.closed_at is not None:
            return self.State.CLOSED
        return self.State.REPORTED if self.reported_at is not None else self.State.OPEN
