"""模板对照检查: what came of the last look at a site's pages, what is owed, and what people saw with their own eyes."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jiyue.estate.models import Site
from jiyue.identity.models import User


class PageExamination(models.Model):
    """One row a site: the last look. `found` holds of each item what came of it by kind of page."""

    site = models.OneToOneField(Site, on_delete=models.CASCADE, related_name="page_examination")
    edition = models.CharField(max_length=64)  # of the templates and of the site's frame
    pages = models.PositiveIntegerField(default=0)
    found = models.JSONField(default=dict)
    examined_at = models.DateTimeField(_("检查时间"))

    class Meta:
        verbose_name = _("模板对照检查")
        verbose_name_plural = _("模板对照检查")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.site)


class PageFault(models.Model):
    """An item that pages of a site do not keep to, until a look finds it kept, switched off or gone."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="page_faults")
    rule = models.CharField(max_length=100)
    title = models.CharField(_("检查项"), max_length=300)
    weight = models.CharField(max_length=8)
    found_at = models.DateTimeField(_("发现时间"))
    mended_at = models.DateTimeField(_("改正时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("不符合的检查项")
        verbose_name_plural = _("不符合的检查项")
        default_permissions = ()
        ordering = ["found_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["site", "rule"], condition=Q(mended_at__isnull=True), name="page_fault_open_once"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class PageSighting(models.Model):
    """人工查看: what a person saw of an item that no program can judge. It holds for one edition of the templates alone."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="page_sightings")
    rule = models.CharField(max_length=100)
    edition = models.CharField(max_length=64)
    holds = models.BooleanField(_("符合"))
    note = models.CharField(_("看了什么"), max_length=300)
    seen_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    seen_at = models.DateTimeField(_("查看时间"))

    class Meta:
        verbose_name = _("人工查看")
        verbose_name_plural = _("人工查看")
        default_permissions = ()
        ordering = ["-seen_at", "-pk"]
        indexes = [models.Index(fields=["site", "rule", "-seen_at"], name="page_sighting_latest")]

    def __str__(self) -> str:
        return self.rule
