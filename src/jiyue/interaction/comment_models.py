"""Comments under public pages, what was decided about them, and votes on pages (INT-17, INT-18, ADR 0032).

Nobody's name is asked. What was written is kept as it was; what the public reads of it stands in acts, which are written
once, sealed, and chained to the one before on the same page. They hold while the signed order of their moment names who acted.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from jiyue.content.models import Record
from jiyue.domain import comments
from jiyue.estate.models import Site
from jiyue.foundation.models import AppendOnlyModel
from jiyue.identity.models import User

GROUNDS = {
    comments.Ground.PERSON: _("涉及他人隐私或者个人信息"),
    comments.Ground.ADVERT: _("广告或者垃圾信息"),
    comments.Ground.BESIDE: _("与本页内容无关"),
    comments.Ground.REPEAT: _("与已有评论重复"),
    comments.Ground.LAW: _("违反法律规定"),
}


class Comment(AppendOnlyModel):
    """评论: what one person wrote under one page. For staff to read, until it is shown."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="comments", verbose_name=_("网站"))
    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="comments", verbose_name=_("网页"))
    number = models.CharField(_("编号"), max_length=16, unique=True)
    token = models.CharField(max_length=32, unique=True)
    version = models.CharField(max_length=64)
    at = models.DateTimeField(_("收到时间"))
    language = models.CharField(max_length=12)
    text = models.TextField(_("评论"))
    ticket_key = models.TextField()

    class Meta:
        verbose_name = _("评论")
        verbose_name_plural = _("评论")
        default_permissions = ()
        indexes = [models.Index(fields=["record", "id"], name="comment_of_record")]

    def __str__(self) -> str:
        return self.number


class CommentStanding(models.Model):
    """评论状态: how a comment stands, for lists. It makes nothing public; that is read from the acts."""

    class State(models.TextChoices):
        WAITING = comments.State.WAITING, _("待审核")
        SHOWN = comments.State.SHOWN, _("已显示")
        REFUSED = comments.State.REFUSED, _("不显示")
        HIDDEN = comments.State.HIDDEN, _("已隐藏")
        WITHDRAWN = comments.State.WITHDRAWN, _("已撤回")

    class Reply(models.TextChoices):
        NONE = "", _("没有回应")
        DRAFTED = "drafted", _("回应待审核")
        RETURNED = "returned", _("回应已退回")
        SHOWN = "shown", _("已回应")

    comment = models.OneToOneField(Comment, on_delete=models.PROTECT, related_name="standing", verbose_name=_("评论"))
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+", verbose_name=_("网站"))
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.WAITING)
    reply = models.CharField(_("回应"), max_length=10, choices=Reply.choices, blank=True)
    since = models.DateTimeField(_("自"))
    ticket_due = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("评论状态")
        verbose_name_plural = _("评论状态")
        default_permissions = ()
        indexes = [
            models.Index(fields=["site", "state", "since"], name="comment_standing"),
            models.Index(fields=["ticket_due"], condition=models.Q(ticket_due=True), name="comment_ticket_due"),
        ]

    def __str__(self) -> str:
        return f"{self.comment_id} {self.state}"


class CommentExamined(models.Model):
    """评论复查: what the checks last saw in the public words of a comment, and what of it a keeper let stand (COL-16)."""

    comment = models.OneToOneField(Comment, on_delete=models.PROTECT, related_name="examined", verbose_name=_("评论"))
    engine = models.CharField(max_length=64)
    words = models.CharField(max_length=64)
    doubts = models.JSONField(_("疑问"), default=list)
    let_stand = models.JSONField(default=list)
    is_open = models.BooleanField(_("有疑问"), default=False)
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("评论复查")
        verbose_name_plural = _("评论复查")
        default_permissions = ()
        indexes = [
            models.Index(fields=["is_open"], condition=models.Q(is_open=True), name="comment_doubtful"),
        ]

    def __str__(self) -> str:
        return f"{self.comment_id} {self.at:%Y-%m-%d}"


class CommentNight(models.Model):
    """评论复查记录: one night's re-examination of everything that readers see of a site's comments, and that it took place."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="comment_nights", verbose_name=_("网站"))
    night = models.DateField(_("夜"))
    finished_at = models.DateTimeField()
    public = models.PositiveIntegerField(_("公开"))
    read = models.PositiveIntegerField(_("读过"))
    found = models.PositiveIntegerField(_("有疑问"))

    class Meta:
        verbose_name = _("评论复查记录")
        verbose_name_plural = _("评论复查记录")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["site", "night"], name="comments_once_a_night")]

    def __str__(self) -> str:
        return f"{self.site_id} {self.night}"


class CommentAct(AppendOnlyModel):
    """评论办理: one act about one comment. `words` are those that the public reads, `target` the number of a drafted reply."""

    class Act(models.TextChoices):
        SHOW = "show", _("显示")
        REFUSE = "refuse", _("不显示")
        HIDE = "hide", _("隐藏")
        WITHDRAW = "withdraw", _("本人撤回")
        REPLY = "reply", _("起草回应")
        APPROVE = "approve", _("审核通过回应")
        RETURN = "return", _("退回回应")

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="comment_acts", verbose_name=_("网页"))
    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="acts", verbose_name=_("评论"))
    number = models.PositiveIntegerField(_("序号"))
    act = models.CharField(_("动作"), max_length=10, choices=Act.choices)
    target = models.PositiveIntegerField(default=0)
    words = models.TextField(_("公开的文字"), blank=True)
    ground = models.CharField(
        _("不显示的原因"),
        max_length=10,
        choices=[(ground.value, words) for ground, words in GROUNDS.items()],
        blank=True,
    )
    article = models.CharField(_("依据条款"), max_length=comments.LONGEST_REASON, blank=True)
    reason = models.CharField(_("说明"), max_length=comments.LONGEST_REASON, blank=True)
    actor = models.CharField(max_length=150, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("办理人"))
    at = models.DateTimeField(_("时间"))
    order = models.CharField(max_length=64, blank=True)
    place = models.CharField(max_length=50, blank=True)
    previous = models.CharField(max_length=80, blank=True)
    seal = models.CharField(max_length=80)

    class Meta:
        verbose_name = _("评论办理")
        verbose_name_plural = _("评论办理")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["record", "number"], name="comment_act_number")]

    def __str__(self) -> str:
        return f"{self.record_id} {self.number}"


class PageVote(AppendOnlyModel):
    """网页评价: somebody found a page useful or not, and perhaps said why. The reason is for staff alone."""

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="votes", verbose_name=_("网页"))
    token = models.CharField(max_length=32, unique=True)
    version = models.CharField(max_length=64)
    at = models.DateTimeField(_("收到时间"))
    language = models.CharField(max_length=12)
    is_useful = models.BooleanField(_("有用"))
    reason = models.CharField(_("说明"), max_length=comments.LONGEST_REASON, blank=True)
    seal = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("网页评价")
        verbose_name_plural = _("网页评价")
        default_permissions = ()
        indexes = [models.Index(fields=["record", "at"], name="page_vote_of_record")]

    def __str__(self) -> str:
        return f"{self.record_id} {self.token[:8]}"


class PageVoices(models.Model):
    """What of a page's comments and votes has to be told anew: `turn` grows with each change, `told` follows it."""

    record = models.OneToOneField(Record, on_delete=models.PROTECT, related_name="voices", verbose_name=_("网页"))
    turn = models.PositiveIntegerField(default=0)
    told = models.PositiveIntegerField(default=0)
    broken = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("网页的评论和评价")
        verbose_name_plural = _("网页的评论和评价")
        default_permissions = ()
        indexes = [
            models.Index(fields=["id"], condition=~models.Q(turn=models.F("told")), name="page_voices_due"),
        ]

    def __str__(self) -> str:
        return f"{self.record_id}"
