"""站点模板: a whole site with its standard columns in one act (PLAT-01, COL-01; Hebi art. 23, 27)."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiyue.content.actions import save_column
from jiyue.content.models import Column
from jiyue.domain.actors import Actor
from jiyue.estate.actions import save_site
from jiyue.estate.models import Block, Site

Kind, Channel, Update = Column.Kind, Column.Channel, Column.UpdateClass


@dataclass(frozen=True)
class Planned:
    """One column of a template. `slug` is its address, `update` how long it may stand still."""

    slug: str
    name: str
    kind: str
    update: str
    description: str
    keywords: str = ""


@dataclass(frozen=True)
class Branch:
    """A channel and what stands in it."""

    channel: str
    slug: str
    description: str
    columns: tuple[Planned, ...] = field(default_factory=tuple)


NEWS = Branch(Channel.NEWS, "zwdt", "本单位工作动态、通知公告和应急信息。", (
    Planned("zwyw", "政务要闻", Kind.NEWS, Update.TWO_WEEKS, "重要会议、重要活动和重大决策。", "要闻,会议,决策"),
    Planned("bmdt", "工作动态", Kind.NEWS, Update.TWO_WEEKS, "日常工作的进展。", "动态,进展"),
    Planned("tzgg", "通知公告", Kind.NOTICES, Update.TWO_WEEKS, "面向公众和企业的通知、公告、公示。", "通知,公告,公示"),
    Planned("tpsp", "图片视频", Kind.GALLERY, Update.HALF_YEAR, "配有文字稿的图片、音频和视频。", "图片,视频"),
))  # fmt: skip
OPENNESS = Branch(Channel.OPENNESS, "zwgk", "依法主动公开的政府信息。", (
    Planned("gkzn", "信息公开指南", Kind.DISCLOSURE_GUIDE, Update.YEAR, "公开范围、方式和监督渠道。", "指南,依申请公开"),
    Planned("jggk", "概况", Kind.OVERVIEW, Update.YEAR, "基本情况介绍。", "概况"),
    Planned("jgzn", "机构职能", Kind.INSTITUTIONS, Update.EVENT, "职能、地址、电话和办公时间。", "机构,职能,办公时间"),
    Planned("ldxx", "领导信息", Kind.LEADERS, Update.EVENT, "领导姓名、职务和工作分工。", "领导,分工"),
    Planned("zcwj", "政策文件", Kind.POLICY_DOCUMENTS, Update.HALF_YEAR, "行政规范性文件和其他政策文件。", "政策,规范性文件"),
    Planned("zcjd", "政策解读", Kind.INTERPRETATIONS, Update.HALF_YEAR, "说明政策为何出台、谁能受益、如何办理。", "解读,问答"),
    Planned("sjfb", "数据发布", Kind.DATA, Update.HALF_YEAR, "统计数据和公报。", "数据,统计,公报"),
    Planned("rsxx", "人事信息", Kind.PERSONNEL, Update.EVENT, "任免通知和公开招录信息。", "任免,招录"),
    Planned("ghjh", "规划计划", Kind.PLANS, Update.YEAR, "发展规划、专项规划和年度计划。", "规划,计划"),
    Planned("gknb", "信息公开年报", Kind.DISCLOSURE_REPORT, Update.YEAR, "信息公开工作年度报告和网站工作年度报表。", "年报,报表"),
))  # fmt: skip
SERVICES = Branch(Channel.SERVICES, "zwfw", "办事前先看这里。", (
    Planned("bszn", "办事指引", Kind.GENERAL, Update.HALF_YEAR, "一件事要带什么、去哪里、多久办好。", "办事,材料,时限"),
    Planned("bmxx", "便民信息", Kind.GENERAL, Update.TWO_WEEKS, "与日常生活有关的服务信息。", "便民"),
))  # fmt: skip
INTERACTION = Branch(Channel.INTERACTION, "zmhd", "说给政府听，政府有回音。", (
    Planned("yjzj", "意见征集", Kind.GENERAL, Update.HALF_YEAR, "政策草案公开征求意见及采纳情况反馈。", "征集,意见,反馈"),
    Planned("cjwt", "常见问题", Kind.GENERAL, Update.HALF_YEAR, "问得最多的问题和回答。", "问答,咨询"),
))  # fmt: skip
TOPICS = Branch(Channel.TOPICS, "ztzl", "围绕重点工作开设的专题，结束后归档保留。", (
    Planned("zdzt", "重点专题", Kind.TOPICS, Update.HALF_YEAR, "正在进行的专题。", "专题"),
))  # fmt: skip


class Template(models.TextChoices):
    """What a new site starts as; each fits the site type of the same name."""

    PORTAL = "portal", gettext_lazy("政府门户网站：五个频道，全部标准栏目")
    DEPARTMENT = "department", gettext_lazy("部门网站：五个频道，部门常用栏目")
    SUBSITE = "subsite", gettext_lazy("分站：五个频道，少量栏目")


_DEPARTMENT = frozenset({"zwyw", "tpsp", "jggk", "sjfb", "zdzt"})
_SUBSITE = frozenset({"bmdt", "tzgg", "gkzn", "jgzn", "zcwj", "zcjd", "bszn", "cjwt"})


def branches_of(template: str) -> list[Branch]:
    """The channels and columns of a template. Raises ValueError for an unknown one."""
    keep = {
        Template.PORTAL: lambda slug: True,
        Template.DEPARTMENT: lambda slug: slug not in _DEPARTMENT,
        Template.SUBSITE: lambda slug: slug in _SUBSITE,
    }[Template(template)]
    return [
        Branch(whole.channel, whole.slug, whole.description, tuple(c for c in whole.columns if keep(c.slug)))
        for whole in (NEWS, OPENNESS, SERVICES, INTERACTION, TOPICS)
    ]


@transaction.atomic
def create_site_from_template(*, template: str, by: Actor, now: datetime, **profile: Any) -> Site:
    """A new site in preparation with its channels and columns; the owner keeps them all until somebody says otherwise.

    `profile` holds the fields of the site (name, host, owner, marks, …). The review route is the default of the house
    (`review.routes`), which needs no row. Raises ValidationError, with every wrong field.
    """
    if template not in Template.values:
        raise ValidationError({"template": _("没有这样的站点模板")})
    profile.setdefault("blocks", list(Block.values))
    site = save_site(site=Site(kind=template, **profile), by=by, now=now)
    for position, branch in enumerate(branches_of(template)):
        channel = save_column(column=_channel(site, branch, position), by=by, now=now)
        for order, planned in enumerate(branch.columns):
            save_column(column=_column(channel, planned, order), by=by, now=now)
    return site


def _channel(site: Site, branch: Branch, position: int) -> Column:
    return Column(
        site=site, kind=Kind.CHANNEL, channel=branch.channel, name=str(Channel(branch.channel).label),
        slug=branch.slug, description=branch.description, keywords="", update_class=Update.EVENT,
        responsible=site.owner, position=position,
    )  # fmt: skip


def _column(parent: Column, planned: Planned, position: int) -> Column:
    return Column(
        site=parent.site, parent=parent, kind=planned.kind, channel=parent.channel, name=planned.name,
        slug=planned.slug, description=planned.description, keywords=planned.keywords, update_class=planned.update,
        responsible=parent.site.owner, position=position,
    )  # fmt: skip
