"""Sample pages that show every template and every block of a body, and a folder of them to look at.

`render_gallery` writes plain files; put any static server in front of the folder and open `/`.
"""

from dataclasses import replace
from datetime import date
from pathlib import Path

from jiyue.portal import gallery_matter as matter
from jiyue.portal.answers import Answers
from jiyue.portal.environment import portal_renderer
from jiyue.portal.gallery_campaigns import campaign_result, opinion_call, survey, survey_over
from jiyue.portal.gallery_counter import counter, counter_pages
from jiyue.portal.gallery_interviews import interview, interview_over, transcript
from jiyue.portal.gallery_letters import (
    answers_empty,
    answers_list,
    answers_of_kind,
    answers_older,
    letter_figures,
    public_answer,
)
from jiyue.portal.gallery_library import policy_library, policy_library_empty, policy_shelf, policy_year
from jiyue.portal.gallery_pages import (
    HOST,
    ORIGIN,
    article,
    column,
    error_pages,
    gallery,
    home,
    institution,
    institutions,
    interpretation,
    leader,
    leaders,
    notice,
    plain,
    plain_article,
    policy,
    search,
    site_map,
    task,
    topic,
    year,
)
from jiyue.portal.gallery_search import answers
from jiyue.portal.gallery_services import service_catalogue, service_guide, service_list, services
from jiyue.portal.gallery_voices import voiced
from jiyue.publishing.frame import SiteFrame
from jiyue.publishing.pages import (
    AnyPage,
    AssetFile,
)


def sample_frame(*, colour: str = matter.COLOUR, mourning: bool = False) -> tuple[SiteFrame, tuple[AssetFile, ...]]:
    """The frame of the invented city portal, its shared parts rendered, and the files its pages load."""
    assets, files = portal_renderer().assets(colour)
    frame = SiteFrame(
        name="澄湖市人民政府",
        name_foreign="The People’s Government of Chenghu",
        host=HOST,
        origin=ORIGIN,
        identification_code="9901000001",
        icp=matter.ICP,
        police_filing=matter.POLICE,
        party_mark=matter.PARTY,
        owner="澄湖市人民政府办公室",
        operator="澄湖市政务信息中心",
        contact=matter.CONTACT,
        colour=colour,
        mark="/files/gallery/mark.svg",
        assets=assets,
        error_report_address="/jiucuo.html",
        channels=matter.CHANNELS,
        site_map=matter.SITE_MAP,
        mourning=mourning,
        blocks=frozenset({"interaction"}),
    )
    return portal_renderer().with_fragments(frame), files


def sample_pages(frame: SiteFrame) -> dict[str, AnyPage]:
    """One page of every template with everything in it, and a few with less, by file name."""
    empty = replace(
        column(frame), items=(), years=(), total=0, older="", empty_why="栏目刚刚设立。", expected_on=date(2026, 12, 31)
    )
    gate = replace(
        column(frame),
        items=(),
        years=(),
        siblings=(),
        older="",
        total=None,
        lists=(matter.POLICY_LIST, matter.READING_LIST),
    )
    full = (
        home, column, article, plain_article, voiced, notice, policy, interpretation, leaders, leader,
        institutions, institution, topic, task, gallery, plain, site_map, year, search, counter,
        policy_library, policy_shelf, policy_year, policy_library_empty,
        services, service_list, service_catalogue, service_guide,
        public_answer, answers_list, answers_of_kind, answers_older, answers_empty, letter_figures,
        survey, survey_over, opinion_call, campaign_result,
        interview, interview_over, transcript,
    )  # fmt: skip
    pages: dict[str, AnyPage] = {f"{make.__name__}.html": make(frame) for make in full}
    pages |= {
        "column_empty.html": empty,
        "column_gate.html": gate,
        "column_older.html": replace(column(frame), number=12, newer="/zwgk/5/list/13.html", total=None),
        "service_list_empty.html": service_list(frame, empty=True),
        "home_words.html": home(frame, with_picture=False),
    }
    return pages | dict(error_pages(frame))


def sample_files() -> tuple[AssetFile, ...]:
    drawings = {f"{name}.svg": text for name, text in matter.PICTURES.items()} | {"mark.svg": matter.MARK_SVG}
    return tuple(AssetFile(address=f"/files/gallery/{name}", content=text.encode()) for name, text in drawings.items())


def render_gallery(out_dir: Path) -> list[Path]:
    """Write all sample pages and their files below `out_dir`; the pages, for taking pictures of them."""
    frame, assets = sample_frame()
    noticed = portal_renderer().with_fragments(replace(frame, notices=(matter.EMERGENCY, *matter.NOTICES)))
    grey, _ = sample_frame(mourning=True)
    pages = sample_pages(frame) | {"home_notices.html": home(noticed), "home_mourning.html": home(grey)}
    for file in (*assets, *sample_files()):
        target = out_dir / file.address.lstrip("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(file.content)
    written = []
    for name, page in pages.items():
        path = out_dir / name
        path.write_text(portal_renderer().render(page), encoding="utf-8")
        written.append(path)
    frame_of_answers = (out_dir / "search.html").read_text(encoding="utf-8")
    for name, answer, problem in answers():
        path = out_dir / name
        path.write_text(Answers(portal_renderer()).page(frame_of_answers, answer, problem), encoding="utf-8")
        written.append(path)
    for name, text in counter_pages(portal_renderer(), (out_dir / "counter.html").read_text(encoding="utf-8")):
        path = out_dir / name
        path.write_text(text, encoding="utf-8")
        written.append(path)
    (out_dir / "index.html").write_text((out_dir / "home.html").read_text(encoding="utf-8"), encoding="utf-8")
    return written
