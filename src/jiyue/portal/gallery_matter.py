"""Invented matter of Chenghu (澄湖市) for the gallery: every block of a body, lists, a mark and pictures.

All names, numbers and places are made up and look it; telephone numbers begin with 000.
"""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from jiyue.publishing.frame import Channel, Contact, Link, LinkGroup, Mark, Notice, Picture, Validity
from jiyue.publishing.pages import ListBlock, ListItem

AT = datetime(2026, 11, 20, 1, 30, tzinfo=UTC)
TODAY = date(2026, 11, 20)
COLOUR = "#123f7a"

MARK_SVG = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">
<circle cx="32" cy="32" r="31" fill="#123f7a"/>
<path d="M8 36c8-7 16 7 24 0s16 7 24 0M12 45c7-6 13 6 20 0s13 6 20 0" fill="none" stroke="#fff" stroke-width="3"/>
<path d="M32 11l9 9H23zM26 20h12v9H26z" fill="#fff"/></svg>"""


def landscape(sky: str, hill: str, water: str) -> str:
    """A flat drawing of a lake, in place of a photograph."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1280 720"><rect width="1280" height="720" fill="{sky}"/>'
        '<circle cx="980" cy="170" r="64" fill="#fff" opacity=".75"/>'
        f'<path d="M0 400l210-150 170 110 220-190 260 220 190-120 230 150v300H0z" fill="{hill}" opacity=".55"/>'
        f'<path d="M0 430l260-80 240 70 300-110 250 100 230-50v360H0z" fill="{hill}"/>'
        f'<path d="M0 470h1280v250H0z" fill="{water}"/>'
        '<path d="M120 540h300M560 580h420M240 640h360M820 520h240M700 670h460" stroke="#fff" '
        'stroke-width="4" opacity=".5"/>'
        f'<path d="M600 500h150l-25 34H625zM672 400v94h-70z" fill="{hill}"/></svg>'
    )


PICTURES = {
    "lake": landscape("#dbe7f1", "#486a72", "#8fb3c4"),
    "dawn": landscape("#f2e3d2", "#6b5a5e", "#b79f95"),
    "spring": landscape("#e4eee0", "#4f6f52", "#9dbfae"),
}


def picture(name: str, alt: str, caption: str = "") -> Picture:
    return Picture(address=f"/files/gallery/{name}.svg", alt=alt, width=1280, height=720, caption=caption)


def item(title: str, days: int, *, source: str = "", document_number: str = "", validity: Validity = "") -> ListItem:
    """A list item published `days` days before the gallery's day."""
    return ListItem(
        title=title,
        address=f"/zwgk/{TODAY - timedelta(days=days):%Y/%m%d}/{len(title)}{days}.html",
        published_at=AT - timedelta(days=days, hours=days % 7),
        source=source,
        document_number=document_number,
        validity=validity,
    )


def links(words: str, base: str = "/zwfw/") -> tuple[Link, ...]:
    return tuple(Link(title=word, address=f"{base}{n}/") for n, word in enumerate(words.split(), 1))


CHANNELS = (
    Channel(
        key="zwdt",
        title="政务动态",
        address="/zwdt/",
        children=links("澄湖要闻 部门动态 区县动态 图片新闻 视频", "/zwdt/"),
    ),
    Channel(
        key="zwgk",
        title="政务公开",
        address="/zwgk/",
        children=links(
            "公开指南 公开年报 领导之窗 机构职能 政策文件 政策解读 规划计划 人事信息 数据发布 财政资金", "/zwgk/"
        ),
    ),
    Channel(
        key="zwfw", title="政务服务", address="/zwfw/", children=links("个人办事 企业办事 便民查询 服务机构", "/zwfw/")
    ),
    Channel(
        key="zmhd", title="政民互动", address="/zmhd/", children=links("市长信箱 意见征集 在线访谈 网上调查", "/zmhd/")
    ),
    Channel(
        key="ztzl", title="专题专栏", address="/ztzl/", children=links("湖泊保护 营商环境 冬春供暖 归档专题", "/ztzl/")
    ),
)
SITE_MAP = tuple(LinkGroup(title=c.title, address=c.address, links=c.children) for c in CHANNELS)
CONTACT = Contact(
    phone="000-5550100", email="office@chenghu.example", address="示范省澄湖市望湖大道 0 号", postcode="000000"
)
ICP = Mark(text="示ICP备00000001号-1", address="/about/icp.html")
POLICE = Mark(text="示公网安备 00000000000001 号", address="/about/police.html")
PARTY = Mark(text="党政机关", address="/about/mark.html")
NOTICES = (
    Notice(
        kind="offline",
        text="因机房检修，11月28日零时至六时本站暂停访问，不便之处请谅解。",
        starts_at=AT,
        ends_at=AT + timedelta(days=8),
        address="/zwgk/2026/1120/1.html",
    ),
)
EMERGENCY = Notice(kind="emergency", text="澄湖今夜有八级以上阵风，环湖步道和轮渡停止开放。", starts_at=AT)

HEADLINES = ListBlock(
    title="头条",
    address="/zwdt/1/",
    items=(
        item("全市冬季供暖准备工作推进会召开，老旧管网改造月底前完成", 1),
        item("澄湖至望溪的城际公交新增早晚班次，末班车延到二十二时", 1),
        item("前三季度全市新开办企业同比增长，开办时间压到一天之内", 2),
        item("市疾控中心提醒：流感疫苗接种点增至八十六处", 3),
        item("第九届澄湖读书节下周开幕，十二个街道同步设分会场", 3),
        item("环湖生态廊道三期开工，两年后可骑行一周", 5),
    ),
)
NOTICE_LIST = ListBlock(
    title="通知公告",
    address="/zwgk/tzgg/",
    items=(
        item("关于二〇二七年城乡居民基本医疗保险参保缴费的通告", 1),
        item("澄湖市公开招聘中小学教师体检递补人员公告（第三批）", 2),
        item("关于望湖大道夜间施工期间交通管制的通告", 3),
        item("二〇二六年度市级科技计划项目拟立项公示", 4),
        item("关于开展冬季消防安全检查的通知", 6),
    ),
)
POLICY_LIST = ListBlock(
    title="政策文件",
    address="/zwgk/5/",
    items=(
        item("澄湖市湖泊水域岸线保护办法", 4, document_number="澄政发〔2026〕21号", validity="valid"),
        item("关于支持个体工商户稳定经营的若干措施", 9, document_number="澄政办发〔2026〕37号", validity="valid"),
        item("澄湖市城市更新专项规划编制工作方案", 15, document_number="澄政办发〔2026〕36号", validity="not_yet"),
        item("关于修改部分市政府规范性文件的决定", 22, document_number="澄政发〔2026〕20号", validity="amended"),
        item("澄湖市机动车停放管理暂行办法", 400, document_number="澄政发〔2025〕8号", validity="repealed"),
    ),
)
READING_LIST = ListBlock(
    title="政策解读",
    address="/zwgk/6/",
    items=(
        item("一图读懂《澄湖市湖泊水域岸线保护办法》", 4, source="市水利和湖泊局"),
        item("岸线管到哪里、罚到多少：市水利和湖泊局负责人答问", 4),
        item("个体工商户能享受哪些支持？十问十答", 8),
        item("城市更新怎么定、听谁的：编制方案要点", 15),
    ),
)
DOORS = (
    LinkGroup(
        title="我要办",
        address="/zwfw/",
        links=links(
            "办身份证 新生儿落户 结婚登记 社保缴费 公积金提取 医保报销 不动产登记 "
            "驾驶证换证 开办企业 入学报名 养老金认证 居住证"
        ),
    ),
    LinkGroup(title="我要查", address="/zwfw/3/", links=links("实时公交 空气质量 停水停电 学区划分 办件进度 房价备案")),
    LinkGroup(title="我要说", address="/zmhd/", links=links("写信给市长 意见征集 网上调查 在线访谈")),
)
NEIGHBOURS = (
    LinkGroup(
        title="市级部门", links=links("教育局 生态环境局 人力资源和社会保障局 卫生健康委员会 水利和湖泊局", "/site/")
    ),
    LinkGroup(title="县区政府", links=links("望溪县 禾浦区", "/county/")),
)

_BODIES = Path(__file__).parent / "gallery_bodies"
ARTICLE_BODY = (_BODIES / "article.html").read_text(encoding="utf-8")
POLICY_BODY = (_BODIES / "policy.html").read_text(encoding="utf-8")
PLAIN_BODY = (_BODIES / "plain.html").read_text(encoding="utf-8")
