"""Sample pages of surveys, opinion calls and their results."""

from datetime import timedelta
from typing import Any

from jiyue.portal import gallery_matter as matter
from jiyue.publishing.frame import Link, SiteFrame
from jiyue.publishing.pages import CampaignResultPage, Crumb, OpinionCallPage, SurveyPage, TallyBar, TallyChart, Treated

ASKED: dict[str, Any] = {
    "purpose": "了解市民怎样到湖边、希望先修哪一段步道，结果用来排明年的修缮次序。", "asked_by": "澄湖市水利和湖泊局",
    "contact": "000-12345", "opens_at": matter.AT, "closes_at": matter.AT + timedelta(days=20),
}  # fmt: skip
RESULT = Link(title="湖滨步道修缮调查结果", address="/zmhd/dczj/2026/1120/9.html")


def _facts(frame: SiteFrame, address: str, title: str) -> dict[str, Any]:
    crumbs = (Crumb(title="政民互动", address="/zmhd/"), Crumb(title="调查征集", address="/zmhd/dczj/"))
    return {
        "frame": frame, "title": title, "address": address, "canonical": f"https://www.chenghu.localhost{address}",
        "crumbs": crumbs, "published_at": matter.AT, "source": "澄湖市水利和湖泊局", "body": "",
    }  # fmt: skip


def survey(frame: SiteFrame) -> SurveyPage:
    return SurveyPage(
        **_facts(frame, "/zmhd/dczj/2026/1101/7.html", "湖滨步道修缮，您说先修哪里"), **ASKED, state="open",
        join="/hudong/join?of=/zmhd/dczj/2026/1101/7.html", questions=("您多久去一次湖边？", "希望先修哪一段？"),
    )  # fmt: skip


def survey_over(frame: SiteFrame) -> SurveyPage:
    return SurveyPage(
        **_facts(frame, "/zmhd/dczj/2026/1001/5.html", "湖滨步道修缮，您说先修哪里"), **ASKED, state="over",
        results=(RESULT,), documents=(Link(title="湖滨步道修缮计划", address="/zwgk/5/3.html"),),
        questions=("您多久去一次湖边？",),
    )  # fmt: skip


def opinion_call(frame: SiteFrame) -> OpinionCallPage:
    body = (
        '<p>第一条 为了保护湖滨步道，制定本办法。<a class="opinion-link" href="/hudong/join?of=/zmhd/8.html&amp;at=1"'
        ' aria-label="对第 1 段提意见">提意见</a></p>'
    )
    facts = _facts(frame, "/zmhd/dczj/2026/1102/8.html", "《湖滨步道管理办法（草案）》征求意见") | {"body": body}
    return OpinionCallPage(
        **facts, **ASKED, state="open", join="/hudong/join?of=/zmhd/8.html", results=(RESULT,),
        documents=(Link(title="湖滨步道管理办法", address="/zwgk/5/4.html"),),
    )  # fmt: skip


def campaign_result(frame: SiteFrame) -> CampaignResultPage:
    often = TallyChart(
        title="1. 您多久去一次湖边？", answered=200, note="平均 3.20 分",
        bars=(
            TallyBar(label="每天", count=120, share="60.0"),
            TallyBar(label="每周", count=80, share="40.0", note="平均名次 1.40"),
        ),
    )  # fmt: skip
    rows = TallyChart(title="路面", answered=150, bars=(TallyBar(label="满意", count=150, share="100.0"),))
    return CampaignResultPage(
        **_facts(frame, RESULT.address, RESULT.title) | {"body": "<p>多数人希望先修北段。</p>"}, total=203,
        counted_at=matter.AT, campaign=Link(title="湖滨步道修缮，您说先修哪里", address="/zmhd/dczj/2026/1001/5.html"),
        asked_by=ASKED["asked_by"], opens_at=ASKED["opens_at"], closes_at=ASKED["closes_at"],
        charts=(
            often, TallyChart(title="2. 各段的情况", answered=150, parts=(rows,)),
            TallyChart(title="3. 还有什么要说", answered=12, quotes=("北段晚上太暗。",)),
        ),
        outcomes=(TallyBar(label="采纳", count=3, share="75.0"), TallyBar(label="不采纳", count=1, share="25.0")),
        treated=(
            Treated(title="增加夜间照明", summary="希望北段增加路灯。", count=3, outcome="采纳", reason="已列入第六条。"),
        ),
        documents=(Link(title="湖滨步道管理办法", address="/zwgk/5/4.html"),),
    )  # fmt: skip
