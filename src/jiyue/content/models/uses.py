"""Which record uses which file: written when a draft is saved and when a version is frozen."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jiyue.content.models.files import Attachment, Picture
from jiyue.content.models.records import Record


class FileUse(models.Model):
    """文件用处: a record names this file in its draft, or named it in a version that was submitted, or both.

    What a submitted version named stays named for ever, also after the draft let go of it: such a file is never removed.
    """

    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="file_uses")
    picture = models.ForeignKey(Picture, on_delete=models.PROTECT, null=True, related_name="uses")
    attachment = models.ForeignKey(Attachment, on_delete=models.PROTECT, null=True, related_name="uses")
    in_draft = models.BooleanField(default=False)
    submitted = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("文件用处")
        verbose_name_plural = _("文件用处")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["record", "picture"], condition=Q(picture__isnull=False), name="file_use_picture_once"
            ),
            models.UniqueConstraint(
                fields=["record", "attachment"], condition=Q(attachment__isnull=False), name="file_use_attachment_once"
            ),
            models.CheckConstraint(
                condition=Q(picture__isnull=True) ^ Q(attachment__isnull=True), name="file_use_of_one_file"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.record} {self.picture or self.attachment}"
