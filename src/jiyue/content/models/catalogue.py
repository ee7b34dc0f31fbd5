"""政务公开清单: what a unit has to make public, where and by when, and why something is not public (COL-02, COL-20)."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from jiyue.content.models.columns import Column
from jiyue.domain.limits import NotALimit, parse_limit, parse_span
from jiyue.estate.models import Site
from jiyue.identity.models import Organisation, User


class InformationClass(models.TextChoices):
    """信息类别: which limit of disclosure counts (P-26 to P-29; Xiangxi art. 7)."""

    REGULATIONS = "regulations", _("法规规章、规范性文件、办事事项、领导机构、人事和公告")
    MAJOR = "major", _("重大会议活动、发展规划和涉及公众切身利益的重大事项")
    OTHER = "other", _("其他主动公开的信息")


def own_limit(text: str) -> None:
    """Validator: a time limit as rule packs write them (`20 working-days`, `same-day`)."""
    try:
        parse_limit(text)
    except NotALimit as error:
        raise ValidationError(
            _("时限写法不对：%(text)s。例如“20 working-days”、“same-day”") % {"text": text}
        ) from error


def own_gap(text: str) -> None:
    """Validator: a longest gap between two updates (`1 year`, `3 months`)."""
    try:
        parse_span(text)
    except NotALimit as error:
        raise ValidationError(_("更新周期写法不对：%(text)s。例如“1 year”、“3 months”") % {"text": text}) from error


class CatalogueItem(models.Model):
    """清单事项: one line of a unit's openness catalogue.

    `limit` is the item's own time limit, in the words of the rule packs; empty means that of its information class in
    the rules in force. `renewal` is how long its newest content may stand; empty means that it need not be renewed.
    """

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="catalogue_items", verbose_name=_("网站"))
    unit = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="catalogue_items", verbose_name=_("公开主体")
    )
    responsible = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("责任部门")
    )
    number = models.CharField(_("序号"), max_length=30)
    name = models.CharField(_("公开事项"), max_length=120)
    content = models.TextField(_("公开内容"), max_length=1000, blank=True)
    basis = models.CharField(_("公开依据"), max_length=300, blank=True)
    column = models.ForeignKey(
        Column, on_delete=models.PROTECT, null=True, blank=True, related_name="catalogue_items",
        verbose_name=_("公开栏目"),
    )  # fmt: skip
    information_class = models.CharField(
        _("信息类别"), max_length=12, choices=InformationClass.choices, default=InformationClass.OTHER
    )
    limit = models.CharField(
        _("公开时限"), max_length=40, blank=True, validators=[own_limit], help_text=_("留空表示按信息类别的规定")
    )
    renewal = models.CharField(
        _("更新周期"), max_length=40, blank=True, validators=[own_gap], help_text=_("留空表示不要求定期更新")
    )
    since = models.DateField(_("列入日期"))
    removed_on = models.DateField(_("移出日期"), null=True, blank=True)
    removed_reason = models.CharField(_("移出原因"), max_length=200, blank=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("登记人"))
    created_at = models.DateTimeField(_("登记时间"))
    changed_at = models.DateTimeField(_("修改时间"))

    class Meta:
        verbose_name = _("清单事项")
        verbose_name_plural = _("政务公开清单")
        default_permissions = ()
        ordering = ["unit", "number", "pk"]
        indexes = [models.Index(fields=["column"], condition=Q(removed_on__isnull=True), name="catalogue_column")]
        constraints = [
            models.UniqueConstraint(
                fields=["site", "unit", "number"], condition=Q(removed_on__isnull=True), name="catalogue_number_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"

    def clean(self) -> None:
        if self.column and self.column.site_id != self.site_id:
            raise ValidationError({"column": _("请选择本网站的栏目")})


class Withholding(models.Model):
    """不予公开: why an item of the catalogue is not public, who asked for it and who agreed (COL-20)."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("待批准")
        APPROVED = "approved", _("已批准")
        REFUSED = "refused", _("不批准")
        LIFTED = "lifted", _("已恢复公开")

    item = models.ForeignKey(
        CatalogueItem, on_delete=models.PROTECT, related_name="withholdings", verbose_name=_("清单事项")
    )
    reason = models.CharField(_("不公开的理由"), max_length=300)
    basis = models.CharField(_("法律依据"), max_length=300)
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.PROPOSED)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("提出人"))
    proposed_at = models.DateTimeField(_("提出时间"))
    decided_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("批准人")
    )
    decided_at = models.DateTimeField(_("批准时间"), null=True, blank=True)
    opinion = models.CharField(_("意见"), max_length=300, blank=True)
    lifted_at = models.DateTimeField(_("恢复公开时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("不予公开")
        verbose_name_plural = _("不予公开")
        default_permissions = ()
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["item"], condition=Q(state__in=["proposed", "approved"]), name="withholding_open_once"
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")), name="withholding_by_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item} {self.state}"
