"""How an answer reached whoever did not write here: rung up, told at the desk, posted under the comment. Written once."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from jiyue.foundation.models import AppendOnlyModel
from jiyue.identity.models import User


class AnswerGiven(AppendOnlyModel):
    """答复送达: by which way, when and by whom the sender was told; `at` is what was said of it, `recorded_at` is known.

    The limit is met when it is recorded, never by what `at` says.
    """

    class Way(models.TextChoices):
        PHONE = "phone", _("电话回复")
        VISIT = "visit", _("当面回复")
        POST = "post", _("书面寄送")
        ACCOUNT = "account", _("在账号上回复")
        SITE = "site", _("联系不上，凭查询码在网站查看")

    case = models.ForeignKey("interaction.Case", on_delete=models.PROTECT, related_name="given", verbose_name=_("信件"))
    way = models.CharField(_("方式"), max_length=8, choices=Way.choices)
    at = models.DateTimeField(_("回复时间"))
    person = models.CharField(_("回复人"), max_length=40)
    link = models.CharField(_("链接"), max_length=500, blank=True)
    note = models.CharField(_("说明"), max_length=300, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("登记人"))
    recorded_at = models.DateTimeField(_("登记时间"))

    class Meta:
        verbose_name = _("答复送达")
        verbose_name_plural = _("答复送达")
        default_permissions = ()
        indexes = [models.Index(fields=["case", "id"], name="answer_given_case")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.way}"
