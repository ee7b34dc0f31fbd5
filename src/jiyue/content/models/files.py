"""Pictures and attachments of a site. They are private; a public page links to copies by digest (C5)."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.documents.models import AbstractDocument
from wagtail.images.models import AbstractImage, AbstractRendition
from wagtail.search import index

from jiyue.estate.models import Site


class Picture(AbstractImage):
    """图片 of one site."""

    wagtail_reference_index_ignore = True

    site = models.ForeignKey(
        Site, on_delete=models.PROTECT, related_name="pictures", verbose_name=_("网站"), editable=False
    )
    rights = models.CharField(_("来源与授权"), max_length=120, blank=True)

    # The chooser narrows its search to a site; without this field Wagtail refuses to search at all.
    search_fields = [*AbstractImage.search_fields, index.FilterField("site")]
    admin_form_fields = ("title", "file", "description", "rights", "collection", "tags")

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


class Attachment(AbstractDocument):
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
