"""What has been made of the ledger: which sign-off reached the public when, and what stands where.

These rows are a projection. They can be dropped and computed anew from the ledger; what they say is sealed, and a row
whose seal does not hold is not baked (ADR 0005).
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jiyue.content.models import Column, Record
from jiyue.estate.models import Site
from jiyue.publishing.models.page_rules import PageExamination, PageFault, PageSighting
from jiyue.review.models import SignOff

__all__ = [
    "LISTED", "AnswerPlace", "ColumnTotal", "Incident", "ItemFact", "ItemLink", "ListPage", "NonConformity", "PageExamination",
    "PageFault", "PageRead", "PageSighting", "PublicItem", "Publication", "Relation", "Rendition", "ShelfCall", "ShelfPlace",
    "SitePublication", "StandardsLook",
]  # fmt: skip


class SitePublication(models.Model):
    """One row a site: the structure its pages show, the newest release, and whether publishing is held.

    `profile` repeats of the signed structure what other sites of the group show (name, host, kind, superior), sealed:
    a portal with six hundred neighbours must not read six hundred structures for its home page.
    """

    site = models.OneToOneField(Site, on_delete=models.PROTECT, related_name="publication")
    structure = models.ForeignKey(SignOff, on_delete=models.PROTECT, null=True, related_name="+")
    look = models.CharField(max_length=64, blank=True)
    release = models.PositiveIntegerField(default=0)
    released_at = models.DateTimeField(null=True)
    held_since = models.DateTimeField(_("暂停发布时间"), null=True, blank=True)
    held_reason = models.CharField(_("暂停原因"), max_length=200, blank=True)
    problem = models.TextField(blank=True)
    next_change_at = models.DateTimeField(null=True, blank=True)
    profile = models.JSONField(default=dict, blank=True)
    profile_seal = models.CharField(max_length=120, blank=True)
    group_changed_at = models.DateTimeField(null=True, blank=True)
    files_due = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("网站发布状态")
        verbose_name_plural = _("网站发布状态")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.site} {self.release}"


class Publication(models.Model):
    """发布任务: what became of one sign-off. The ledger row is the promise; this row is its progress."""

    class State(models.TextChoices):
        WAITING = "waiting", _("等待发布")
        BAKED = "baked", _("已生成")
        DEPLOYED = "deployed", _("已发布")
        FAILED = "failed", _("发布失败")

    OPEN = (State.WAITING, State.BAKED, State.FAILED)

    sign_off = models.OneToOneField(SignOff, on_delete=models.PROTECT, related_name="publication")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="publications")
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveIntegerField(_("尝试次数"), default=0)
    problem = models.TextField(_("问题"), blank=True)
    next_try_at = models.DateTimeField(null=True, blank=True)
    baked_at = models.DateTimeField(_("生成时间"), null=True, blank=True)
    deployed_at = models.DateTimeField(_("发布时间"), null=True, blank=True)
    release = models.PositiveIntegerField(_("发布批次"), null=True, blank=True)

    class Meta:
        verbose_name = _("发布任务")
        verbose_name_plural = _("发布任务")
        default_permissions = ()
        indexes = [
            # Not partial: SQLite does not match bound values with a condition, so it would never be used there.
            models.Index(fields=["state", "site", "sign_off"], name="publication_open"),
            # The order in which the public got it: the change feed counts along it.
            models.Index(fields=["site", "release", "sign_off"], name="publication_order"),
        ]

    def __str__(self) -> str:
        return f"{self.sign_off_id} {self.state}"


class PublicItem(models.Model):
    """公开条目: one record as one site shows it, with the address it keeps for ever. Sealed.

    `validity` is how its document stood when last looked at; `turns_at` is the moment to look again.
    """

    class State(models.TextChoices):
        SHOWN = "shown", _("公开")
        REPEALED = "repealed", _("已废止")
        GONE = "gone", _("已撤下")
        MOVED = "moved", _("已合并")

    class Validity(models.TextChoices):
        """How a document stands (`domain.validity`), or a survey or call (`domain.campaigns`); empty for everything else."""

        UNCHECKED = "unchecked", _("有效性未核定")
        NOT_YET = "not_yet", _("尚未施行")
        VALID = "valid", _("有效")
        AMENDED = "amended", _("已修改")
        REPEALED = "repealed", _("已废止")
        EXPIRED = "expired", _("已失效")
        COMING = "coming", _("未开始")
        OPEN = "open", _("进行中")
        OVER = "over", _("已结束")

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="public_items")
    identity = models.UUIDField()
    column = models.ForeignKey(Column, on_delete=models.PROTECT, related_name="public_items")
    kind = models.CharField(max_length=16)
    state = models.CharField(max_length=10, choices=State.choices)
    sign_off = models.ForeignKey(SignOff, on_delete=models.PROTECT, related_name="+")
    placed_by = models.ForeignKey(SignOff, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    version_digest = models.CharField(max_length=64)
    serial = models.PositiveBigIntegerField()
    address = models.CharField(max_length=300)
    published_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    validity = models.CharField(_("时效"), max_length=10, choices=Validity.choices, blank=True)
    turns_at = models.DateTimeField(null=True, blank=True)
    seal = models.CharField(max_length=120)

    class Meta:
        verbose_name = _("公开条目")
        verbose_name_plural = _("公开条目")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["site", "identity"], name="public_item_once"),
            models.UniqueConstraint(fields=["site", "address"], name="public_address_once"),
        ]
        indexes = [
            # These hold the state as their last field instead of a condition: SQLite does not match bound values with one.
            models.Index(fields=["column", "-published_at", "-serial", "state"], name="public_item_list"),
            models.Index(fields=["site", "published_at", "state"], name="public_item_month"),
            models.Index(fields=["site", "identity"], condition=Q(placed_by__isnull=False), name="public_item_placed"),
            # The 资源库 reads the newest of all sites.
            models.Index(fields=["-published_at", "-serial"], name="public_item_library"),
            models.Index(fields=["turns_at", "site"], condition=Q(turns_at__isnull=False), name="public_item_turns"),
        ]

    def __str__(self) -> str:
        return self.address


# What a list shows: what is in force, and what was repealed and stays to be read.
LISTED = (PublicItem.State.SHOWN, PublicItem.State.REPEALED)


class ItemLink(models.Model):
    """An interpretation explains a document, an article tells of a topic: lets the one's page find the other (POL-02)."""

    item = models.ForeignKey(PublicItem, on_delete=models.CASCADE, related_name="links")
    target = models.UUIDField(db_index=True)

    class Meta:
        verbose_name = _("解读关系")
        verbose_name_plural = _("解读关系")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["item", "target"], name="item_link_once")]

    def __str__(self) -> str:
        return f"{self.item} {self.target}"


class ItemFact(models.Model):
    """A fact by which a public item may belong with others of its site (`relating`): `key` is its kind and value.

    One row an item seals the others.
    """

    item = models.ForeignKey(PublicItem, on_delete=models.CASCADE, related_name="facts")
    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=160)

    class Meta:
        verbose_name = _("条目特征")
        verbose_name_plural = _("条目特征")
        default_permissions = ()
        indexes = [models.Index(fields=["site", "key", "item"], name="item_fact_key")]

    def __str__(self) -> str:
        return f"{self.item} {self.key}"


class AnswerPlace(models.Model):
    """An answered letter in the lists by kind and unit. A guide to the items; what they say is asked of their versions."""

    item = models.OneToOneField(PublicItem, on_delete=models.CASCADE, related_name="+")
    column = models.ForeignKey(Column, on_delete=models.CASCADE, related_name="+")
    letter_kind = models.CharField(max_length=16)
    unit = models.CharField(max_length=120)
    published_at = models.DateTimeField()
    serial = models.PositiveBigIntegerField()

    class Meta:
        verbose_name = _("公开答复索引")
        verbose_name_plural = _("公开答复索引")
        default_permissions = ()
        indexes = [
            models.Index(fields=["column", "letter_kind", "-published_at", "-serial"], name="answer_place_kind"),
            models.Index(fields=["column", "unit", "-published_at", "-serial"], name="answer_place_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.column_id} {self.item_id}"


class Relation(models.Model):
    """相关: when an item was signed, this other one of its site had most to do with it. Sealed.

    `score` is in hundredths (`domain.kinship`); `shared` are the facts that weighed most, for the editors.
    """

    item = models.ForeignKey(PublicItem, on_delete=models.CASCADE, related_name="relations")
    target = models.ForeignKey(PublicItem, on_delete=models.CASCADE, related_name="related_by")
    score = models.PositiveIntegerField()
    shared = models.JSONField(default=list)
    seal = models.CharField(max_length=120)

    class Meta:
        verbose_name = _("相关条目")
        verbose_name_plural = _("相关条目")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["item", "target"], name="relation_once")]

    def __str__(self) -> str:
        return f"{self.item} {self.target}"


class Rendition(models.Model):
    """A document as a file to take away, as one site offers it. Sealed.

    `facts` is a digest of everything that the file says, `edition` of how it is made; an empty `digest` means that none
    could be made of these facts.
    """

    class Form(models.TextChoices):
        DOCX = "docx", "DOCX"
        PDF = "pdf", "PDF"

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="+")
    identity = models.UUIDField()
    form = models.CharField(max_length=4, choices=Form.choices)
    facts = models.CharField(max_length=64)
    edition = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, blank=True)
    size = models.PositiveIntegerField(default=0)
    pages = models.PositiveIntegerField(null=True)
    seal = models.CharField(max_length=120)

    class Meta:
        verbose_name = _("文件下载版本")
        verbose_name_plural = _("文件下载版本")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["site", "identity", "form"], name="rendition_once")]

    def __str__(self) -> str:
        return f"{self.identity} {self.form}"


class ShelfPlace(models.Model):
    """A public document on one shelf of the policy library: of an issuer, a subject, a standing, a need, or of all.

    `name` is that of an issuer or subject as the document has it, and has to fit the shelf; `on` and `serial` order the
    shelf. Computed from the signed content; compared with it every night (`shelving`).
    """

    item = models.ForeignKey(PublicItem, on_delete=models.CASCADE, related_name="shelves")
    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="+")
    shelf = models.CharField(max_length=40)
    name = models.CharField(max_length=200, blank=True)
    on = models.DateField()
    serial = models.PositiveBigIntegerField()
    is_origin = models.BooleanField()

    class Meta:
        verbose_name = _("政策文件库目录")
        verbose_name_plural = _("政策文件库目录")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["item", "shelf"], name="shelf_place_once")]
        indexes = [
            models.Index(fields=["site", "shelf", "on", "serial"], name="shelf_place_own"),
            models.Index(fields=["shelf", "on", "serial", "site"], name="shelf_place_group"),
        ]

    def __str__(self) -> str:
        return f"{self.item} {self.shelf}"


class ShelfCall(models.Model):
    """A site of a portal's group changed from here on what the portal's library of the group shows; gone once baked."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="+")
    shelf = models.CharField(max_length=40)
    on = models.DateField()
    serial = models.PositiveBigIntegerField()
    called_at = models.DateTimeField()

    class Meta:
        verbose_name = _("政策文件库更新")
        verbose_name_plural = _("政策文件库更新")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.site} {self.shelf} {self.on}"


class ListPage(models.Model):
    """A closed page of a column's list: the items after `from_*` up to and including `until_*` (older list pages).

    Sealed one by one, so that a release looks at the last page only. `division` names the dividing it belongs to: a
    page of an earlier one does not fit, whatever its seal.
    """

    column = models.ForeignKey(Column, on_delete=models.PROTECT, related_name="list_pages")
    number = models.PositiveIntegerField()
    from_at = models.DateTimeField(null=True)
    from_serial = models.PositiveBigIntegerField(default=0)
    until_at = models.DateTimeField()
    until_serial = models.PositiveBigIntegerField()
    division = models.CharField(max_length=32, default="")
    seal = models.CharField(max_length=120, default="")

    class Meta:
        verbose_name = _("列表页")
        verbose_name_plural = _("列表页")
        default_permissions = ()
        ordering = ["column", "number"]
        constraints = [models.UniqueConstraint(fields=["column", "number"], name="list_page_once")]

    def __str__(self) -> str:
        return f"{self.column} {self.number}"


class ColumnTotal(models.Model):
    """How many items and closed pages a column has and had to have, and its last page. Sealed.

    A row taken out behind the publisher's back shows here.
    """

    column = models.OneToOneField(Column, on_delete=models.PROTECT, related_name="public_total")
    total = models.PositiveIntegerField(default=0)
    division = models.CharField(max_length=32, default="")
    seal = models.CharField(max_length=120)

    class Meta:
        verbose_name = _("栏目公开条目数")
        verbose_name_plural = _("栏目公开条目数")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.column} {self.total}"


class PageRead(models.Model):
    """What a page read while it was baked; the answer to "what else must be rebuilt?"."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="+")
    address = models.CharField(max_length=300)
    key = models.CharField(max_length=80)

    class Meta:
        verbose_name = _("页面依赖")
        verbose_name_plural = _("页面依赖")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["site", "address", "key"], name="page_read_once")]
        indexes = [models.Index(fields=["site", "key"], name="page_read_key")]

    def __str__(self) -> str:
        return f"{self.address} {self.key}"


class StandardsLook(models.Model):
    """When the public records of a site were last compared with the data standards, and with which (PLAT-08)."""

    site = models.OneToOneField(Site, on_delete=models.CASCADE, related_name="+")
    standards = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("数据标准复核")
        verbose_name_plural = _("数据标准复核")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.site} {self.at}"


class NonConformity(models.Model):
    """不符合数据标准: a public record that was signed before a stricter standard came into force, until it is corrected."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="non_conformities")
    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="non_conformities")
    version_digest = models.CharField(max_length=64)
    faults = models.JSONField(_("不符合之处"), default=list)
    found_at = models.DateTimeField(_("发现时间"))
    mended_at = models.DateTimeField(_("改正时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("不符合数据标准的稿件")
        verbose_name_plural = _("不符合数据标准的稿件")
        default_permissions = ()
        ordering = ["found_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["record"], condition=Q(mended_at__isnull=True), name="non_conformity_open_once"
            ),
        ]

    def __str__(self) -> str:
        return str(self.record)


class Incident(models.Model):
    """发布异常: something that was not as the ledger says, with what was done about it."""

    class Kind(models.TextChoices):
        MIRROR = "mirror", _("后台状态与台账不一致")
        SEAL = "seal", _("记录的封签不符")
        LEDGER = "ledger", _("台账不完整")
        DEPLOY = "deploy", _("发布目录异常")
        DISK = "disk", _("磁盘空间不足")

    kind = models.CharField(_("类型"), max_length=10, choices=Kind.choices)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, related_name="publishing_incidents")
    subject = models.CharField(_("对象"), max_length=160)
    what = models.TextField(_("情况"))
    done = models.TextField(_("处理"), blank=True)
    found_at = models.DateTimeField(_("发现时间"))
    times = models.PositiveIntegerField(_("次数"), default=1)
    last_at = models.DateTimeField(_("最近一次"))
    closed_at = models.DateTimeField(_("关闭时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("发布异常")
        verbose_name_plural = _("发布异常")
        default_permissions = ()
        ordering = ["-last_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject"], condition=Q(closed_at__isnull=True), name="incident_open_once"
            ),
        ]

    def __str__(self) -> str:
        return self.what
