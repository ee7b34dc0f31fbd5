"""The audit trail (append-only, hash-chained) and the outbox. Only `foundation.audit.record` writes them."""

from django.db import models


class AppendOnly(Exception):
    """Somebody tried to change or delete a row that can only be added."""


class AppendOnlyQuerySet(models.QuerySet):
    def update(self, **kwargs):
        raise AppendOnly(self.model._meta.label)

    def delete(self):
        raise AppendOnly(self.model._meta.label)

    def bulk_update(self, objs, fields, batch_size=None):
        raise AppendOnly(self.model._meta.label)


class AppendOnlyModel(models.Model):
    """Rows that are written once. The database holds triggers that say the same to plain SQL."""

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        if self.pk is not None and not self._state.adding:
            raise AppendOnly(self._meta.label)
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise AppendOnly(self._meta.label)


class AuditEvent(AppendOnlyModel):
    """审计记录: one fact, who, when, about what. Holds a copy of the actor, not a link, so it outlives the account."""

    sequence = models.PositiveBigIntegerField("序号", unique=True)
    at = models.DateTimeField("时间")
    code = models.CharField("事件", max_length=60)
    actor_kind = models.CharField("主体类别", max_length=10)
    actor_key = models.CharField("主体", max_length=80)
    actor_name = models.CharField("姓名", max_length=80)
    actor_unit = models.CharField("单位", max_length=120, blank=True)
    site = models.CharField("网站", max_length=120, blank=True)
    subject = models.CharField("对象", max_length=120)
    data = models.JSONField("内容", default=dict)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, unique=True)

    class Meta:
        verbose_name = "审计记录"
        verbose_name_plural = "审计记录"
        ordering = ["-sequence"]
        indexes = [
            models.Index(fields=["site", "-sequence"], name="audit_site"),
            models.Index(fields=["subject", "-sequence"], name="audit_subject"),
            models.Index(fields=["actor_key", "-sequence"], name="audit_actor"),
            models.Index(fields=["code", "at"], name="audit_code"),
            models.Index(fields=["actor_key", "at"], name="audit_actor_at"),
        ]

    def __str__(self) -> str:
        return f"{self.sequence} {self.code} {self.subject}"


class OutboxMessage(models.Model):
    """待发事件: written in the same transaction as the fact; delivered at least once, after commit."""

    event = models.OneToOneField(AuditEvent, on_delete=models.PROTECT, related_name="message")
    delivered_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField()
    problem = models.TextField(blank=True)

    class Meta:
        verbose_name = "待发事件"
        verbose_name_plural = "待发事件"
        indexes = [
            models.Index(fields=["next_try_at"], condition=models.Q(delivered_at__isnull=True), name="outbox_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.event_id}"
