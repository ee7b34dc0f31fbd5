"""领导信箱: which leader of a site may be written to, in which words, and whose desk takes the letters (INT-15)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jiyue.content.models.records import Leader
from jiyue.estate.models import Site
from jiyue.identity.models import User

LONGEST_WORDING = 200  # characters


class LeaderMailbox(models.Model):
    """One leader's mailbox. Leader, openness and words are part of the signed structure of the site; nothing else is.

    `person` is the leader's own account, which reads the letters of this mailbox and no others; it counts only under the seal
    that `interaction.leaders` makes. `wording` stands beside the leader's name while it is open, `closed_why` while it is closed.
    """

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="mailboxes", verbose_name=_("网站"))
    leader = models.OneToOneField(Leader, on_delete=models.PROTECT, related_name="mailbox", verbose_name=_("领导"))
    is_open = models.BooleanField(_("开通"), default=True)
    wording = models.CharField(
        _("信箱说明"), max_length=LONGEST_WORDING, help_text=_("写信人会看到，例如受理什么来信、多久回复")
    )
    closed_why = models.CharField(_("暂停收信的说明"), max_length=LONGEST_WORDING, blank=True)
    desk = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+", verbose_name=_("承办网站"))
    keeper = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("信箱经办人")
    )
    person = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("领导本人的账号")
    )
    person_seal = models.CharField(max_length=120, blank=True, editable=False)
    opened_at = models.DateTimeField(_("开通时间"))
    closed_at = models.DateTimeField(_("停用时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("领导信箱")
        verbose_name_plural = _("领导信箱")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=Q(is_open=True) | ~Q(closed_why=""), name="mailbox_closed_for_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.leader}"
