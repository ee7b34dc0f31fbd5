"""What makes the work of staff quicker: acts on many letters at once, and texts that answers are made of."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from jiyue.estate.models import Site
from jiyue.identity.models import User


class BulkStep(models.Model):
    """批量办理: one letter of those for which somebody asked the same act at once. All of them share `token`.

    The act is taken in the transaction that writes here how it went; what is `waiting` was not begun.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("还没有办")
        DONE = "done", _("已办理")
        REFUSED = "refused", _("没有办成")

    token = models.CharField(max_length=64)
    case = models.ForeignKey("interaction.Case", on_delete=models.PROTECT, related_name="+", verbose_name=_("信件"))
    version = models.PositiveIntegerField()
    act = models.CharField(_("步骤"), max_length=12)
    given = models.JSONField(default=dict, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("操作人"))
    asked_at = models.DateTimeField(_("提出时间"))
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.WAITING)
    outcome = models.CharField(_("结果"), max_length=300, blank=True)
    done_at = models.DateTimeField(_("时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("批量办理")
        verbose_name_plural = _("批量办理")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["token", "case"], name="bulk_once_a_letter")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.act} {self.state}"


class TextBlock(models.Model):
    """答复模板: words that a unit's answers are made of; of one person alone where `person` is set."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+", verbose_name=_("网站"))
    person = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("本人")
    )
    title = models.CharField(_("名称"), max_length=60)
    text = models.TextField(_("内容"))
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("修改人"))
    at = models.DateTimeField(_("修改时间"))
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = _("答复模板")
        verbose_name_plural = _("答复模板")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["site", "title"], condition=models.Q(person=None), name="text_block_once"),
            models.UniqueConstraint(
                fields=["site", "person", "title"], condition=models.Q(person__isnull=False), name="text_block_once_own"
            ),
        ]

    def __str__(self) -> str:
        return self.title
