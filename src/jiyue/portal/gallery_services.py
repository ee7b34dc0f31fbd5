"""Sample pages of 办事服务 with everything in them: a guide, the entrance, a list, the catalogue."""

from typing import Any

from jiyue.portal import gallery_matter as matter
from jiyue.portal.gallery_letters import LINES
from jiyue.publishing.frame import Download, Link, SiteFrame
from jiyue.publishing.pages import (
    CatalogueClass,
    CatalogueLine,
    ColumnFacts,
    Crumb,
    Facet,
    GuideLine,
    GuideMaterial,
    GuideQuestion,
    GuideStep,
    InterpretationLink,
    PolicyLink,
    Row,
    ServiceCataloguePage,
    ServiceEntrance,
    ServiceGuidePage,
    ServiceListPage,
    ServicesPage,
    SiteReach,
)

BASE = "/zwfw/bszn/"
ORIGIN = "https://www.chenghu.localhost"
COLUMN = ColumnFacts(
    name="办事服务", address=BASE, channel="zwfw", description="全市政务服务事项的统一入口。", keywords=("办事",),
    kinds=("办事服务",), keeper="市政府办公室",
)  # fmt: skip
CRUMBS = (Crumb(title="政务服务", address="/zwfw/"), Crumb(title="办事服务", address=BASE))
ENTRANCE = Link(title="办事服务", address=BASE)
_THEMES = "教育 医疗 社保 就业 住房 交通 证件办理 企业开办 资质认定 婚育收养 经营纳税 公用事业"
_EVENTS = "出生 上学 就业创业 结婚生育 买房租房 看病就医 退休养老 开办企业 经营管理"


def _links(words: str, base: str, current: str = "") -> tuple[Link, ...]:
    return tuple(
        Link(title=word, address=f"{BASE}{base}/{n}/", note=f"{n * 3 % 7} 项" if n * 3 % 7 else "暂无", current=word == current)
        for n, word in enumerate(words.split(), 1)
    )  # fmt: skip


THEMES = Facet(title="按主题", links=_links(_THEMES, "theme"))
AUDIENCES = _links("个人 法人和其他组织", "audience")
GUIDES = (
    GuideLine(
        title="取水许可办事指南", address="/zwfw/bszn/2026/1101/3.html", unit="澄湖市水利和湖泊局", item_class="行政许可",
        depth="全程网办", online=Link(title="在线办理", address="https://zwfw.chenghu.localhost/apply/1"),
        forms="/zwfw/bszn/2026/1101/3.html#materials", consultation="https://zwfw.chenghu.localhost/ask/",
    ),
    GuideLine(
        title="适龄儿童小学入学报名", address="/zwfw/bszn/2026/1101/4.html", unit="澄湖市教育局", item_class="公共服务",
        depth="网上查看指南",
    ),
)  # fmt: skip


def entrance() -> ServiceEntrance:
    """What a home page shows of the services."""
    return ServiceEntrance(link=ENTRANCE, total=42, audiences=AUDIENCES, themes=THEMES.links)


def _place(address: str, title: str) -> dict[str, Any]:
    crumbs = CRUMBS if address == BASE else (*CRUMBS, Crumb(title=title, address=address))
    return {"title": title, "address": address, "canonical": ORIGIN + address, "column": COLUMN, "crumbs": crumbs}


ENTRIES = (
    Link(title="网上审批", address="https://zwfw.chenghu.localhost/approve", note="zwfw.chenghu.localhost"),
    Link(title="市长信箱", address="https://www.chenghu.localhost/hudong/", note="www.chenghu.localhost"),
    Link(title="呼叫中心", address="tel:000-12345", note="000-12345"),
    Link(title="全程代办", address="https://zwfw.chenghu.localhost/agency", note="zwfw.chenghu.localhost"),
)
REACH = (
    SiteReach(name="澄湖市人力资源和社会保障局", address="http://rsj.chenghu.localhost/", total=12, online=9, share=75),
    SiteReach(name="澄湖市教育局", address="http://jyj.chenghu.localhost/", total=3, online=0, share=0),
)


def services(frame: SiteFrame) -> ServicesPage:
    return ServicesPage(
        frame=frame, **_place(BASE, "办事服务"), total=42,
        catalogue=Link(title="政务服务事项目录", address=f"{BASE}catalogue/"), audiences=AUDIENCES,
        modes=_links("网上办理 按指南到现场办理", "mode"), themes=THEMES,
        events=Facet(title="按人生事件和企业事件", links=_links(_EVENTS, "event")),
        units=Facet(title="按部门", links=_links("澄湖市教育局 澄湖市水利和湖泊局 澄湖市人力资源和社会保障局", "unit")),
        guides=GUIDES * 3, entries=ENTRIES, reach=REACH,
    )  # fmt: skip


def service_list(frame: SiteFrame, *, empty: bool = False) -> ServiceListPage:
    word = "医疗" if empty else "教育"
    return ServiceListPage(
        frame=frame, **_place(f"{BASE}theme/1/", f"办事服务：{word}"),
        facet=Facet(title="按主题", links=_links(_THEMES, "theme", word)), guides=() if empty else GUIDES,
        empty_why="“医疗”目前还没有发布办事指南。" if empty else "", entrance=ENTRANCE,
    )  # fmt: skip


def service_catalogue(frame: SiteFrame) -> ServiceCataloguePage:
    licence = CatalogueLine(
        code="990100-SL-0001", name="取水许可", audiences="法人和其他组织", charge="不收费", guides=GUIDES[:1]
    )
    school = CatalogueLine(
        code="990100-JY-0001", name="小学入学报名", audiences="个人", charge="不收费", guides=GUIDES[1:]
    )
    return ServiceCataloguePage(
        frame=frame, **_place(f"{BASE}catalogue/", "政务服务事项目录"), total=2, entrance=ENTRANCE,
        classes=(
            CatalogueClass(title="行政许可", anchor="licensing", lines=(licence,)),
            CatalogueClass(title="非行政许可审批", anchor="approval"),
            CatalogueClass(title="公共服务", anchor="public-service", lines=(school,)),
        ),
    )  # fmt: skip


def _file(title: str, name: str) -> Download:
    return Download(title=title, address=f"/files/gallery/{name}", kind="DOCX", size=48_128)


def service_guide(frame: SiteFrame) -> ServiceGuidePage:
    form = GuideMaterial(
        name="取水许可申请书", asked=("原件", "2 份", "申请人自备"),
        instructions=("用黑色签字笔填写，单位名称与营业执照一致。", "取水量按近三年最大年份填写。"),
        blank=_file("空白表格", "blank.docx"), instructions_file=_file("填写说明", "how.docx"),
        sample=_file("样表", "sample.docx"),
    )  # fmt: skip
    licence = GuideMaterial(name="营业执照", asked=("部门共享，不用提交",), needed_when="申请人是企业的")
    return ServiceGuidePage(
        frame=frame, **_place("/zwfw/bszn/2026/1101/3.html", "取水许可办事指南"), description="在澄湖取水怎么办许可。",
        keywords=("取水", "许可"), published_at=matter.AT, source="澄湖市水利和湖泊局", body="", item_class="行政许可",
        depth="全程网办", write="/hudong/write?guide=/zwfw/bszn/2026/1101/3.html", answers=LINES, all_answers="/zmhd/lxgk/",
        glance=(
            Row(name="谁可以办", lines=("法人和其他组织",)),
            Row(name="到哪里办", lines=("湖滨路 1 号政务大厅二楼 6 号窗口", "工作日 9:00—12:00，13:30—17:00")),
            Row(name="多久办好", lines=("10 个工作日",)), Row(name="收多少钱", lines=("不收费",)),
            Row(name="网上能办到哪一步", lines=("全程网办",)), Row(name="要跑几次", lines=("不用到现场",)),
            Row(name="问谁", lines=("000-12345",)),
        ),
        rows=(
            Row(name="事项名称", lines=("取水许可",)), Row(name="事项编码", lines=("990100-SL-0001",)),
            Row(name="办理依据", lines=("《取水许可和水资源费征收管理条例》第四条", "《澄湖市水资源管理办法》第九条")),
            Row(name="法定办结时限", lines=("20 个工作日",)),
        ),
        more=(
            Row(name="申报条件", lines=("取水用途合法", "有符合要求的计量设施")),
            Row(name="所需证件", lines=("营业执照",)),
        ),
        materials=(form, licence),
        steps=(
            GuideStep(name="受理", what="窗口或网上核对材料，不全的一次告知要补什么。", how_long="当场", who="综合窗口"),
            GuideStep(name="审查", what="看现场，核计量设施。", how_long="6 个工作日", who="水资源科"),
            GuideStep(name="决定", what="批准的发许可证；不批准的书面说明理由。", how_long="3 个工作日", who="局领导"),
        ),
        questions=(
            GuideQuestion(question="家里打一口井要办吗？", answer=("家庭生活少量取水不用办。",)),
        ),
        online=Link(title="在线办理", address="https://zwfw.chenghu.localhost/apply/1", note="zwfw.chenghu.localhost"),
        links=(
            Link(title="查办理进度", address="https://zwfw.chenghu.localhost/query/", note="zwfw.chenghu.localhost"),
        ),
        policies=(
            PolicyLink(
                title="澄湖市水资源管理办法", address="/zwgk/5/1.html", document_number="澄政发〔2026〕9号", validity="valid"
            ),
        ),
        interpretations=(
            InterpretationLink(
                title="一图读懂水资源管理办法", address="/zwgk/6/1.html", form="图表图解", published_at=matter.AT
            ),
        ),
        telephone="000-12345", place="湖滨路 1 号政务大厅二楼 6 号窗口", operator="澄湖市水利和湖泊局",
        audiences=("法人和其他组织",),
    )  # fmt: skip
