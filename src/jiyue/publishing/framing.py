"""The frame of a site from its signed-off structure: header, channels, notices, footer with its seven marks."""

from datetime import datetime
from typing import Any, get_args

from django.conf import settings
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import override

from jiyue.domain.manifests import File
from jiyue.publishing.frame import (
    Assets,
    Channel,
    Contact,
    Link,
    LinkGroup,
    Mark,
    Notice,
    NoticeKind,
    SiteFrame,
    Window,
)

CHANNEL_KEYS = {"news": "zwdt", "openness": "zwgk", "services": "zwfw", "interaction": "zmhd", "topics": "ztzl"}
NOTICE_KINDS: dict[str, NoticeKind] = {kind: kind for kind in get_args(NoticeKind)}
SITE_MAP = "/wzdt.html"
SHOWN_WIDTH, SHOWN_HEIGHT = 160, 72  # CSS pixels, the most that a picture of a mark is given
# The language of a page → the catalogue of what the program itself says on it. A foreign edition adds its line here.
LANGUAGE = "zh-CN"  # of every site, until there are foreign editions
CATALOGUES = {"zh-CN": "zh-hans", "en": "en"}


def origin_of(host: str) -> str:
    """Scheme, host and port under which readers reach a site; from the settings, because a port is none of ours."""
    return settings.PORTAL_ADDRESS.format(host=host)


def frame_of(structure: dict[str, Any], *, assets: Assets, at: datetime, preview: bool = False) -> SiteFrame:
    """The frame as it is at the moment `at` (notices and mourning begin and end by the clock)."""
    # Whoever starts this may read another language; the page does not follow.
    with override(CATALOGUES[LANGUAGE]):
        party_mark, find_errors = _("党政机关"), _("我为政府网站找错")
    profile, pictures = structure["profile"], _pictures(structure)
    return SiteFrame(
        name=profile["name"],
        host=profile["host"],
        origin=origin_of(profile["host"]),
        identification_code=profile["identification_code"],
        icp=Mark(text=profile["icp_number"]),
        police_filing=Mark(text=profile["police_number"], **pictures.get("police", {})),
        party_mark=Mark(text=party_mark if profile["party_mark"] else "", **pictures.get("party", {})),
        owner=profile["owner"],
        operator=profile["operator"],
        contact=Contact(phone=profile["contact"], email=profile.get("email", ""), address=profile["address"]),
        colour=profile["colour"],
        assets=assets,
        error_report_address=profile["error_report_url"],
        error_report=Mark(text=find_errors, **pictures["error_report"]) if "error_report" in pictures else None,
        channels=tuple(_channels(structure)),
        notices=tuple(_notices(structure, at)),
        site_map=tuple(site_map_groups(structure)),
        site_map_address=SITE_MAP,
        group_portal=_group_portal(profile),
        blocks=frozenset(profile["blocks"]),
        mourning=_mourns(profile, at),
        preview=preview,
        language=LANGUAGE,
    )


def mark_files(structure: dict[str, Any]) -> dict[str, File]:
    """The pictures of the footer's marks: path in the tree and file."""
    return {_mark_path(facts): File(facts["digest"], facts["size"]) for facts in structure.get("marks", ())}


def _mark_path(facts: dict[str, Any]) -> str:
    digest = facts["digest"]
    return f"files/{digest[:2]}/{digest[:16]}/{facts['mark']}.png"


def _pictures(structure: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """For each mark that has a picture: where it leads, the picture's address, and the size the footer gives it."""
    found = {}
    for facts in structure.get("marks", ()):
        scale = min(1, SHOWN_WIDTH / facts["width"], SHOWN_HEIGHT / facts["height"])
        width, height = round(facts["width"] * scale), round(facts["height"] * scale)
        link = {"address": facts["address"]} if facts["address"] else {}
        found[facts["mark"]] = {"image": f"/{_mark_path(facts)}", "width": width, "height": height, **link}
    return found


def next_change_after(structure: dict[str, Any], at: datetime) -> datetime | None:
    """The next moment at which the frame changes by the clock alone; None when there is none."""
    timed = [*structure["notices"], *structure.get("windows", ())]
    moments = [thing[edge] for thing in timed for edge in ("starts_at", "until")]
    moments += [moment for moment in structure["profile"]["mourning"] if moment]
    later = [moment for moment in map(_moment, moments) if moment > at]
    return min(later, default=None)


def children_of(structure: dict[str, Any], parent: int | None) -> list[dict[str, Any]]:
    """Open columns directly below a column (or at the top), in order."""
    return [column for column in structure["columns"] if column["parent"] == parent and not column["closed"]]


def address_of_column(column: dict[str, Any]) -> str:
    return f"/{column['path']}/"


def site_map_groups(structure: dict[str, Any]) -> list[LinkGroup]:
    """The site map: one group for each top column, with the columns below it."""
    return [
        LinkGroup(title=top["name"], address=address_of_column(top), links=tuple(_links(structure, top)))
        for top in children_of(structure, None)
    ]


def _channels(structure: dict[str, Any]) -> list[Channel]:
    return [
        Channel(
            key=CHANNEL_KEYS[top["channel"]],
            title=top["name"],
            address=address_of_column(top),
            children=tuple(_links(structure, top)),
        )
        for top in children_of(structure, None)
        if top["kind"] == "channel"
    ]


def _links(structure: dict[str, Any], parent: dict[str, Any]) -> list[Link]:
    return [
        Link(title=child["name"], address=address_of_column(child)) for child in children_of(structure, parent["id"])
    ]


def _notices(structure: dict[str, Any], at: datetime) -> list[Notice]:
    notices = []
    for notice in structure["notices"]:
        starts_at, until = _moment(notice["starts_at"]), _moment(notice["until"])
        if starts_at <= at < until:
            kind = NOTICE_KINDS.get(notice["kind"], "other")
            notices.append(Notice(kind=kind, text=notice["text"], starts_at=starts_at, ends_at=until))
    return notices


def window_of(structure: dict[str, Any], at: datetime) -> Window | None:
    """The floating window that is up at the moment `at`; at most one is."""
    for window in structure.get("windows", ()):
        until = _moment(window["until"])
        if _moment(window["starts_at"]) <= at < until:
            return Window(title=window["title"], address=window["address"], ends_at=until)
    return None


def _group_portal(profile: dict[str, Any]) -> Link | None:
    above = profile["superior_site"]
    return Link(title=above["name"], address=origin_of(above["host"])) if above else None


def _mourns(profile: dict[str, Any], at: datetime) -> bool:
    begins, ends = profile["mourning"]
    return bool(begins and ends) and _moment(begins) <= at < _moment(ends)


def _moment(text: str) -> datetime:
    moment = parse_datetime(text)
    if moment is None:
        raise ValueError(text)
    return moment
