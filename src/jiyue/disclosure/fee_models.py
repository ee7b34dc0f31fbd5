"""收费通知: what an applicant is asked to pay, until when, on what that rests, and whether it was paid."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jiyue.disclosure.words import CLOCKS, METHODS
from jiyue.identity.models import User


class FeeNotice(models.Model):
    """信息处理费收费通知. The amount follows from the table of the rules in force, `until` from the rules or from the unit.

    `own` is true where the unit named the day itself, and `until_basis` then says on what it rests.
    """

    request = models.ForeignKey(
        "disclosure.Request", on_delete=models.PROTECT, related_name="fees", verbose_name=_("公开申请")
    )
    letter = models.OneToOneField(
        "disclosure.Letter", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("文书")
    )
    method = models.CharField(
        _("计费方式"), max_length=12, choices=[(one.value, label) for one, label in METHODS.items()]
    )
    before = models.PositiveIntegerField(_("本月已计件数"), default=0)
    count = models.PositiveIntegerField(_("数量"))
    amount = models.PositiveIntegerField(_("金额（元）"))
    until = models.DateField(_("缴费期限"))
    until_basis = models.CharField(_("期限的依据"), max_length=300)
    own = models.BooleanField(_("期限由本单位确定"))
    clock = models.CharField(_("答复期限"), max_length=8, choices=[(one.value, label) for one, label in CLOCKS.items()])
    charged_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("发出人"))
    approved_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("审核人")
    )  # empty: sent before a second person had to agree
    charged_at = models.DateTimeField(_("发出时间"))
    paid_on = models.DateField(_("缴费日期"), null=True, blank=True)
    receipt = models.CharField(_("票据号"), max_length=80, blank=True)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(_("登记时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("收费通知")
        verbose_name_plural = _("收费通知")
        default_permissions = ()
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=models.F("charged_by")),
                name="disclosure_fee_by_two",
            ),
            models.UniqueConstraint(fields=["request"], condition=Q(closed_at=None), name="disclosure_one_fee_open"),
            models.CheckConstraint(
                condition=Q(paid_on=None) | Q(closed_at__isnull=False), name="disclosure_fee_paid_is_closed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.amount}"
