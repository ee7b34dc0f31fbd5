"""The sample pages themselves, one function for each template; each gives the page with everything in it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import TypedDict

from jiyue.portal import gallery_matter as matter
from jiyue.portal.gallery_services import entrance
from jiyue.publishing.frame import Download, Link, LinkGroup, SiteFrame, Video, Window
from jiyue.publishing.pages import (
    AnyPage,
    ArticlePage,
    ColumnFacts,
    ColumnPage,
    Correction,
    Crumb,
    DocumentTie,
    GalleryPage,
    GonePage,
    HomePage,
    InnerOffice,
    InstitutionGroup,
    InstitutionLine,
    InstitutionPage,
    InstitutionsPage,
    InterpretationLink,
    InterpretationPage,
    LeaderCard,
    LeaderGroup,
    LeaderPage,
    LeadersPage,
    ListBlock,
    MovedPage,
    NotFoundPage,
    NoticePage,
    OutlineItem,
    PlainPage,
    PlatformNotFound,
    PolicyDocumentPage,
    PolicyLink,
    PublicQuestion,
    SearchPage,
    SiteMapPage,
    TopicCard,
    TopicPage,
    UnavailablePage,
    WorkFacts,
    YearPage,
)

HOST = "www.chenghu.localhost"
ORIGIN = f"https://{HOST}"
AT = matter.AT


def _column(name: str, address: str, channel: str, description: str, keeper: str = "市政府办公室") -> ColumnFacts:
    return ColumnFacts(
        name=name,
        address=address,
        channel=channel,
        description=description,
        keywords=(name, "澄湖市"),
        kinds=(name,),
        keeper=keeper,
    )


NEWS = _column("澄湖要闻", "/zwdt/1/", "zwdt", "市委、市政府重要活动和全市要事。")
POLICIES = _column("政策文件", "/zwgk/5/", "zwgk", "市政府和市政府办公室印发的规范性文件及其他政策文件。")
READINGS = _column("政策解读", "/zwgk/6/", "zwgk", "起草单位用文字、图表、视频解释政策文件。")
LEADERS = _column("领导之窗", "/zwgk/3/", "zwgk", "市政府领导的分工和简历。")
OFFICES = _column("机构职能", "/zwgk/4/", "zwgk", "市政府部门的职责、内设机构和联系方式。")
CHANNEL_TITLES = {channel.key: channel for channel in matter.CHANNELS}


def _crumbs(column: ColumnFacts) -> tuple[Crumb, ...]:
    channel = CHANNEL_TITLES[column.channel]
    return (
        Crumb(title=channel.title, address=channel.address),
        Crumb(title=column.name, address=column.address),
    )


class Place(TypedDict):
    """Where a page stands, as the keywords that all pages take."""

    column: ColumnFacts
    crumbs: tuple[Crumb, ...]
    address: str
    canonical: str


def _place(column: ColumnFacts, address: str) -> Place:
    return {"column": column, "crumbs": _crumbs(column), "address": address, "canonical": ORIGIN + address}


def home(frame: SiteFrame, *, with_picture: bool = True) -> HomePage:
    lead = replace(
        matter.item("澄湖入湖河口湿地全部建成，二十年来首次全湖稳定达到三类水质", 1),
        source="澄湖日报",
        summary="二十七处河口湿地今起全部运行，入湖污水先过一遍芦苇荡。市生态环境局公布了逐月水质数据，可以下载。",
        picture=matter.picture("lake", "湖面与远山") if with_picture else None,
    )
    topics = (
        TopicCard(title="湖泊保护", address="/ztzl/1/", picture=matter.picture("spring", "")),
        TopicCard(title="优化营商环境", address="/ztzl/2/", picture=matter.picture("dawn", "")),
        TopicCard(title="冬春供暖", address="/ztzl/3/", summary="缴费、报修、测温、退费，一页说清。"),
        TopicCard(title="第八次人口抽样调查", address="/ztzl/4/", summary="登记已经结束。", archived=True),
    )
    return HomePage(
        frame=frame,
        window=Window(title="义务植树活动开始报名", address="/zwdt/tzgg/", ends_at=AT) if with_picture else None,
        title=frame.name,
        address="/",
        canonical=f"{ORIGIN}/",
        description="澄湖市人民政府门户网站：政务公开、政务服务、政民互动。",
        keywords=("澄湖市", "政府网站"),
        lead=lead,
        headlines=matter.HEADLINES,
        doors=matter.DOORS,
        services=entrance(),
        lists=(matter.NOTICE_LIST, matter.POLICY_LIST, matter.READING_LIST),
        topics=topics,
        topics_address="/ztzl/",
        neighbours=matter.NEIGHBOURS,
        feeds=(Link(title="RSS", address="/rss.xml"),),
    )


def column(frame: SiteFrame) -> ColumnPage:
    items = (
        *matter.POLICY_LIST.items,
        replace(
            matter.item("澄湖市“十五五”生态环境保护规划", 30, document_number="澄政发〔2026〕18号", validity="valid"),
            source="市生态环境局",
            summary="规划提出到2030年全湖水质稳定在三类，入湖河口湿地覆盖率达到九成，环湖骑行道全线贯通。",
        ),
    )
    return ColumnPage(
        frame=frame,
        title="政策文件",
        **_place(POLICIES, "/zwgk/5/"),
        items=tuple(replace(entry, source=entry.source or "市政府办公室") for entry in items) * 3,
        older="/zwgk/5/list/31.html",
        total=624,
        years=tuple(
            Link(title=year, address=f"/zwgk/5/{year}/", current=year == "全部")
            for year in ("全部", "2026", "2025", "2024")
        ),
        siblings=tuple(replace(link, current=link.title == "政策文件") for link in CHANNEL_TITLES["zwgk"].children),
        feeds=(Link(title="RSS", address="/zwgk/5/rss.xml"), Link(title="Atom", address="/zwgk/5/atom.xml")),
    )


def year(frame: SiteFrame) -> YearPage:
    return YearPage(
        frame=frame,
        title="政策文件（2025年）",
        **_place(POLICIES, "/zwgk/5/2025/"),
        year=2025,
        total=318,
        months=(
            ListBlock(title="12月", items=matter.POLICY_LIST.items),
            ListBlock(title="11月", items=matter.POLICY_LIST.items),
        ),
        gates=(
            Link(title="12月", address="/zwgk/5/list/30.html", note="41 条"),
            Link(title="11月", address="/zwgk/5/list/28.html", note="36 条"),
        ),
        years=tuple(Link(title=year, address=f"/zwgk/5/{year}/", current=year == "2025") for year in ("2026", "2025")),
        siblings=CHANNEL_TITLES["zwgk"].children,
    )


def _related() -> tuple[LinkGroup, ...]:
    return (LinkGroup(title="相关", links=(Link(title="供暖报修电话一览", address="/zwfw/9/", note="便民查询"),)),)


def article(frame: SiteFrame) -> ArticlePage:
    return ArticlePage(
        frame=frame,
        title="全市冬季供暖准备工作推进会召开，老旧管网改造月底前完成",
        **_place(NEWS, "/zwdt/1/2026/1120/1.html"),
        description="今年改造四十二公里老旧供热管网，余下三公里月底前完成。",
        keywords=("供暖", "管网改造"),
        published_at=AT,
        source="澄湖日报",
        author="吴试",
        editor="郑样",
        body=matter.ARTICLE_BODY,
        images=("/files/gallery/dawn.svg",),
        corrections=(
            Correction(at=AT + timedelta(hours=2), what="更正换热站数量。", before="新增十座", after="新增十一座"),
        ),
        downloads=(
            Download(title="供暖保障清单", address="/files/gallery/list.pdf", kind="PDF", size=1_258_291, pages=12),
        ),
        related=_related(),
        origin=Link(title="市住房和城乡建设局", address="/site/6/"),
    )


def plain_article(frame: SiteFrame) -> ArticlePage:
    full = article(frame)
    return replace(full, address="/zwdt/1/2026/1120/2.html", related=(), corrections=(), downloads=(), origin=None)


def notice(frame: SiteFrame) -> NoticePage:
    return NoticePage(
        frame=frame,
        title="关于望湖大道夜间施工期间交通管制的通告",
        **_place(_column("通知公告", "/zwgk/tzgg/", "zwgk", "通知、公告和公示。"), "/zwgk/tzgg/2026/1117/3.html"),
        published_at=AT,
        source="市公安局",
        issuer="澄湖市公安局",
        document_number="澄公通〔2026〕3号",
        valid_until=date(2026, 12, 31),
        banner="本通告第二条的管制时段已于2026年11月19日更正。",
        body="<p>因供热管网施工，11月21日至12月31日每日22时至次日6时，望湖大道环湖路口至澄东桥段单向通行。</p>" * 3,
    )


def policy(frame: SiteFrame) -> PolicyDocumentPage:
    articles = tuple(
        OutlineItem(title=f"第{n}条", anchor=f"tiao-{i}", level=2) for i, n in enumerate("一二三四五六七八九", 1)
    )
    outline = (
        OutlineItem(title="第一章　总则", anchor="zhang-1"),
        *articles[:4],
        OutlineItem(title="第二章　管控", anchor="zhang-2"),
        *articles[4:],
    )
    return PolicyDocumentPage(
        frame=frame,
        title="澄湖市人民政府关于印发《澄湖市湖泊水域岸线保护办法》的通知",
        **_place(POLICIES, "/zwgk/5/2026/1116/21.html"),
        description="湖泊水域岸线的规划、保护、利用和监督管理。",
        keywords=("湖泊", "岸线", "保护"),
        published_at=AT - timedelta(days=4),
        source="澄湖市人民政府办公室",
        body=matter.POLICY_BODY,
        index_number="990100001/2026-00021",
        document_number="澄政发〔2026〕21号",
        issuers=("澄湖市人民政府",),
        drafting_unit="市水利和湖泊局",
        written_on=date(2026, 11, 12),
        issued_on=date(2026, 11, 13),
        effective_on=date(2027, 1, 1),
        expires_on=date(2031, 12, 31),
        validity="not_yet",
        validity_note="2027年1月1日起施行",
        lineage=(
            DocumentTie(
                how="repeals",
                on=date(2027, 1, 1),
                title="澄湖市湖泊岸线管理暂行规定",
                document_number="澄政发〔2019〕5号",
                address="/zwgk/zcwj/2019/0305/88.html",
            ),
        ),
        subject_class="农业、水利／湖泊保护",
        subject_shelves=(Link(title="农业、水利", address="/zcwjk/subject/1a2b/"),),
        editions=(
            Download(title="PDF 版", address="/zwgk/5/2026/1120/7.pdf", kind="PDF", size=82_878, pages=3),
            Download(title="Word 版", address="/zwgk/5/2026/1120/7.docx", kind="DOCX", size=40_833),
        ),
        need_shelves=(Link(title="经营纳税", address="/zcwjk/theme/business-and-tax/"),),
        public_scope="主动公开",
        outline=outline,
        interpretations=(
            InterpretationLink(
                title="岸线管到哪里、罚到多少：负责人答问", address="/zwgk/6/1.html", form="文字解读", published_at=AT
            ),
            InterpretationLink(
                title="一图读懂岸线保护办法", address="/zwgk/6/2.html", form="图表解读", published_at=AT
            ),
        ),
        questions=(
            PublicQuestion(
                words="我家的小码头要不要拆？",
                address="/zwgk/6/1.html#s2",
                section="管到哪里",
                title="岸线管到哪里、罚到多少：负责人答问",
            ),
        ),
        downloads=(
            Download(title="下载 Word 版", address="/files/gallery/21.docx", kind="DOCX", size=48_300),
            Download(title="下载 PDF 版", address="/files/gallery/21.pdf", kind="PDF", size=312_000, pages=7),
        ),
    )


def interpretation(frame: SiteFrame) -> InterpretationPage:
    document = policy(frame)
    return InterpretationPage(
        frame=frame,
        title="岸线管到哪里、罚到多少：市水利和湖泊局负责人答问",
        **_place(READINGS, "/zwgk/6/2026/1116/1.html"),
        published_at=AT,
        source="市水利和湖泊局",
        form="文字解读",
        interpreting_unit="市水利和湖泊局",
        questions=(PublicQuestion(words="我家的小码头要不要拆？", address="#s1", section="为什么要出台"),),
        body='<h2 id="s1">为什么要出台</h2><p>近三年侵占岸线的投诉年均两百余件，原有规定没有写清谁来管。</p>'
        '<h2 id="s2">管到哪里</h2><p>办法第六条把岸线分成保护区、保留区、控制利用区三类。</p>',
        policies=(
            PolicyLink(
                title=document.title,
                address=document.address,
                document_number=document.document_number,
                published_at=document.published_at,
                validity="not_yet",
            ),
        ),
        outline=(OutlineItem(title="为什么要出台", anchor="s1"), OutlineItem(title="管到哪里", anchor="s2")),
    )


def _leader_cards() -> tuple[LeaderCard, ...]:
    names = (("赵样", "市长"), ("钱例", "常务副市长"), ("孙示", "副市长"), ("李范", "副市长"), ("周虚", "秘书长"))
    return tuple(LeaderCard(name=n, post=p, address=f"/zwgk/3/{i}.html") for i, (n, p) in enumerate(names, 1))


def leaders(frame: SiteFrame) -> LeadersPage:
    cards = _leader_cards()
    groups = (LeaderGroup(title="市长", leaders=cards[:1]), LeaderGroup(title="副市长", leaders=cards[1:]))
    return LeadersPage(
        frame=frame, title="领导之窗", description=LEADERS.description, groups=groups, **_place(LEADERS, "/zwgk/3/")
    )


def leader(frame: SiteFrame) -> LeaderPage:
    return LeaderPage(
        frame=frame,
        title="赵样 市长",
        **_place(LEADERS, "/zwgk/3/1.html"),
        name="赵样",
        post="澄湖市人民政府市长",
        duties="领导市政府全面工作。负责审计、机构编制、财政税务方面的工作。",
        body="<p>赵样，示范省人，虚构人物，只用于展示页面。</p>",
        published_at=AT,
        lists=(replace(matter.HEADLINES, title="重要活动"),),
        others=_leader_cards()[1:],
    )


def institutions(frame: SiteFrame) -> InstitutionsPage:
    names = ("教育局", "生态环境局", "人力资源和社会保障局", "卫生健康委员会", "水利和湖泊局", "住房和城乡建设局")
    lines = tuple(
        InstitutionLine(name=f"澄湖市{n}", address=f"/zwgk/4/{i}.html", phone=f"000-555020{i}")
        for i, n in enumerate(names)
    )
    groups = (
        InstitutionGroup(title="市政府工作部门", institutions=lines),
        InstitutionGroup(title="直属机构", institutions=lines[:2]),
    )
    return InstitutionsPage(
        frame=frame, title="机构职能", description=OFFICES.description, groups=groups, **_place(OFFICES, "/zwgk/4/")
    )


def institution(frame: SiteFrame) -> InstitutionPage:
    return InstitutionPage(
        frame=frame,
        title="澄湖市水利和湖泊局",
        **_place(OFFICES, "/zwgk/4/4.html"),
        name="澄湖市水利和湖泊局",
        published_at=AT,
        head="冯拟（局长）",
        phone="000-5550204",
        fax="000-5550205",
        office_hours="工作日 9:00—12:00，13:30—17:00",
        office_address="澄湖市环湖路 0 号",
        postcode="000000",
        website=Link(title="slj.chenghu.localhost", address="/site/5/"),
        body="<p>（一）负责保障水资源的合理开发利用；（二）负责湖泊、河流的保护和治理；（三）组织防汛抗旱。</p>",
        inner_offices=(
            InnerOffice(name="办公室", duties="文电、会务、机要、信息公开。", phone="000-5550210"),
            InnerOffice(name="湖泊保护科", duties="岸线名录、湖泊巡查、执法协调。", phone="000-5550211"),
        ),
    )


def topic(frame: SiteFrame) -> TopicPage:
    lists = (replace(matter.HEADLINES, title="最新进展"), replace(matter.POLICY_LIST, title="有关文件"))
    return TopicPage(
        frame=frame,
        title="湖泊保护",
        **_place(_column("湖泊保护", "/ztzl/1/", "ztzl", "湖泊保护行动的进展和文件。"), "/ztzl/1/"),
        purpose="公布湖泊保护行动的安排、进展和结果。",
        keeper="市水利和湖泊局",
        picture=matter.picture("spring", "春天的湖岸"),
        starts_on=date(2025, 3, 1),
        ends_on=date(2026, 10, 31),
        archived_on=date(2026, 11, 1),
        body="<p>行动分三步：查清岸线、退出侵占、恢复湿地。</p>",
        lists=(*lists, replace(matter.READING_LIST, title="公众参与", items=(), empty_why="活动结束后将公布结果。")),
    )


def task(frame: SiteFrame) -> TopicPage:
    """A task of the year with its notes of progress."""
    return TopicPage(
        frame=frame,
        title="老旧小区加装电梯一百一十部",
        **_place(_column("老旧小区加装电梯一百一十部", "/ztzl/5/", "ztzl", "公布加装电梯的安排和进展。"), "/ztzl/5/"),
        purpose="公布加装电梯的安排和进展。",
        keeper="市住房城乡建设局",
        ends_on=date(2026, 12, 31),
        lists=(replace(matter.HEADLINES, title="工作进展"),),
        work=WorkFacts(
            kind="便民实事", year=2026, number="第1项", target="十二月底前完成一百一十部，按季度公布小区名单。"
        ),
    )


def gallery(frame: SiteFrame) -> GalleryPage:
    pictures = (
        matter.picture("lake", "湖面与远山", "清晨的澄湖。"),
        matter.picture("dawn", "晨光里的湖岸", "十月，南岸湿地。"),
        matter.picture("spring", "春天的湖岸", "三月，河口湿地返青。"),
    )
    film = Video(
        address="/files/gallery/lake.mp4",
        title="湿地一年",
        poster="/files/gallery/lake.svg",
        transcript="画面：湿地四季。无解说。",
    )
    return GalleryPage(
        frame=frame,
        title="湿地一年：从清淤到返青",
        **_place(_column("图片新闻", "/zwdt/4/", "zwdt", "用图片说的新闻。"), "/zwdt/4/2026/1101/1.html"),
        published_at=AT,
        source="市生态环境局",
        body="<p>一年里在同一处拍下的三张图。</p>",
        pictures=pictures,
        videos=(film,),
    )


def plain(frame: SiteFrame) -> PlainPage:
    return PlainPage(
        frame=frame,
        title="关于本站",
        address="/about.html",
        canonical=f"{ORIGIN}/about.html",
        body=matter.PLAIN_BODY,
        updated_at=AT,
    )


def site_map(frame: SiteFrame) -> SiteMapPage:
    return SiteMapPage(
        frame=frame, title="网站地图", address="/wzdt.html", canonical=f"{ORIGIN}/wzdt.html", groups=matter.SITE_MAP
    )


def search(frame: SiteFrame) -> SearchPage:
    return SearchPage(frame=frame, title="搜索", address="/search/", canonical=f"{ORIGIN}/search/")


def error_pages(frame: SiteFrame) -> Iterator[tuple[str, AnyPage]]:
    yield "404.html", NotFoundPage(frame=frame, title="找不到这个网页", address="/404.html", canonical="")
    yield (
        "410.html",
        GonePage(
            frame=frame,
            title="这个网页已经撤下",
            address="/410.html",
            canonical="",
            what="关于印发某某方案的通知",
            reason="发布有误，正文已重新发布。",
            withdrawn_at=AT,
            replacement=Link(title="关于印发某某方案的通知（更正版）", address="/zwgk/5/2026/1116/22.html"),
        ),
    )
    yield (
        "503.html",
        UnavailablePage(frame=frame, title="网站暂时打不开", address="/503.html", canonical="", back_at=AT),
    )
    yield (
        "moved.html",
        MovedPage(
            frame=frame, title="网页已经搬走", address="/old.html", canonical=f"{ORIGIN}/new.html", target="/new.html"
        ),
    )
    yield "platform_404.html", PlatformNotFound()
