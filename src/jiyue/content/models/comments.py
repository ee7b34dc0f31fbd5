"""评论和评价的安排: under which pages of a site people may comment or vote, until when, and who answers for it (INT-17)."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from jiyue.content.models.columns import Column
from jiyue.content.models.records import Record
from jiyue.estate.models import Site
from jiyue.identity.models import User

LONGEST_NAMED = 60  # characters


class CommentOrder(models.Model):
    """A standing order for one page, for a column with what is below it, or, with neither, for the whole site.

    All of it is part of the signed structure of the site; until that is signed it has no effect.
    """

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="comment_orders", verbose_name=_("网站"))
    column = models.OneToOneField(
        Column, on_delete=models.PROTECT, null=True, blank=True, related_name="comment_order", verbose_name=_("栏目")
    )
    record = models.OneToOneField(
        Record, on_delete=models.PROTECT, null=True, blank=True, related_name="comment_order", verbose_name=_("网页")
    )
    takes_comments = models.BooleanField(_("可以评论"), default=False)
    takes_votes = models.BooleanField(_("可以评价有用没用"), default=False)
    opens_at = models.DateTimeField(_("开始时间"), null=True, blank=True)
    closes_at = models.DateTimeField(_("结束时间"), null=True, blank=True)
    named = models.CharField(
        _("公布的评论管理员"), max_length=LONGEST_NAMED, blank=True,
        help_text=_("网页上写明由谁负责，例如 市教育局办公室 王某某"),
    )  # fmt: skip
    keeper = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("评论管理员账号")
    )
    deputy = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("代理账号")
    )

    class Meta:
        verbose_name = _("评论评价安排")
        verbose_name_plural = _("评论评价安排")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=Q(column=None) | Q(record=None), name="comment_order_one_place"),
            models.UniqueConstraint(fields=["site"], condition=Q(column=None, record=None), name="comment_order_of_site"),
            models.CheckConstraint(
                condition=Q(takes_comments=False) | (Q(keeper__isnull=False) & ~Q(named="")),
                name="comment_order_has_keeper",
            ),
            models.CheckConstraint(
                condition=Q(opens_at=None) | Q(closes_at=None) | Q(closes_at__gt=F("opens_at")),
                name="comment_order_ends_after",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.site_id} {self.column_id or ''} {self.record_id or ''}".strip()

    @property
    def place(self) -> str:
        """Where it counts, in words."""
        if self.record is not None:
            return self.record.title
        return self.column.name if self.column is not None else str(_("整个网站"))
