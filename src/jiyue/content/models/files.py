"""Pictures and attachments of a site. They are private; a public page links to copies by digest (C5)."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.documents.models import AbstractDocument
from wagtail.images.models import AbstractImage, AbstractRendition
from wagtail.search import index

from jiyue.estate.models import Site


class Licence(models.TextChoices):
    """By what right a file is shown (C4)."""

    OWN = "own", _("本单位制作，权利归本单位")
    AUTHOR = "author", _("作者授权")
    BOUGHT = "bought", _("购买的使用许可")
    FREE = "free", _("公有领域或免费许可")
    REPRINT = "reprint", _("转载，已获许可")


class Rights(models.Model):
    """Who made a file, where it comes from, and until when it may be shown.

    Only these words change after the upload, never the bytes: what was reviewed relies on those.
    """

    description = models.CharField(_("内容说明"), max_length=255, blank=True, default="")
    author = models.CharField(_("作者"), max_length=80, blank=True)
    origin = models.CharField(_("来源"), max_length=120, blank=True)
    licence = models.CharField(_("使用权"), max_length=10, choices=Licence.choices, blank=True)
    permission = models.CharField(
        _("授权依据"), max_length=200, blank=True, help_text=_("许可书、合同或网页的名称和编号")
    )
    valid_until = models.DateField(_("授权到期日"), null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def is_cleared(self) -> bool:
        """Is it written down by what right the file is shown? Another's work needs a document to show for it."""
        return bool(self.licence) and (self.licence == Licence.OWN or bool(self.permission.strip()))


class Picture(AbstractImage, Rights):  # type: ignore[django-manager-missing]  # two bases hide it from the checker
    """图片 of one site."""

    wagtail_reference_index_ignore = True

    site = models.ForeignKey(
        Site, on_delete=models.PROTECT, related_name="pictures", verbose_name=_("网站"), editable=False
    )

    # The chooser narrows its search to a site; without this field Wagtail refuses to search at all.
    search_fields = [*AbstractImage.search_fields, index.FilterField("site")]
    admin_form_fields = ("title", "file", "description", "collection", "tags")

    class Meta(AbstractImage.Meta):
        verbose_name = _("图片")
        verbose_name_plural = _("图片")
        permissions: ClassVar[list] = []

    def __str__(self) -> str:
        return self.title


class PictureRendition(AbstractRendition):
    image = models.ForeignKey(Picture, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        unique_together = (("image", "filter_spec", "focal_point_key"),)

    def __str__(self) -> str:
        return self.filter_spec


class Attachment(AbstractDocument, Rights):  # type: ignore[django-manager-missing]  # as above
    """附件 of one site; audio and video count as attachments too."""

    wagtail_reference_index_ignore = True

    site = models.ForeignKey(
        Site, on_delete=models.PROTECT, related_name="attachments", verbose_name=_("网站"), editable=False
    )

    search_fields = [*AbstractDocument.search_fields, index.FilterField("site")]
    admin_form_fields = ("title", "file", "collection", "tags")

    class Meta(AbstractDocument.Meta):
        verbose_name = _("附件")
        verbose_name_plural = _("附件")
        permissions: ClassVar[list] = []

    def __str__(self) -> str:
        return self.title
