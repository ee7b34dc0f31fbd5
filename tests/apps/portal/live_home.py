"""An interview that is on, as it lies in the tree and beside it, without a database: for the portal's tests and the bench."""

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.apps.publishing.deployed_home import DeployedHome

from jiyue.foundation.home import Home
from jiyue.portal import gallery
from jiyue.portal.environment import portal_renderer
from jiyue.publishing.serving.feeds import file_for

HOST = "www.chenghu.localhost"
PAGE = "/zmhd/zxft/2026/1101/7.html"
ABOUT = "0123abcd-0000-4000-8000-000000000000"
HOUR = timedelta(hours=1)


def signed_data(now: datetime, **detail: Any) -> dict[str, Any]:
    """What lies beside the page of an interview that began half an hour ago."""
    facts = {
        "purpose": "供暖", "asked_by": "办公室", "host_name": "林小满", "guests": "周明澄，局长", "takes_questions": True,
        "has_live": True, "opens_at": (now - HOUR / 2).isoformat(), "closes_at": (now + HOUR).isoformat(), **detail,
    }  # fmt: skip
    record = {"kind": "interview", "identity": ABOUT, "title": "冬季供暖怎么保障", "detail": facts}
    return {"version": "f" * 64, "record": record}


def site(folder: Path, **detail: Any) -> Home:
    deployed = DeployedHome(folder)
    frame, assets = gallery.sample_frame()
    files = {file.address.lstrip("/"): file.content for file in (*assets, *gallery.sample_files())}
    pages = {
        "hudong/index.html": gallery.counter(frame), "index.html": gallery.home(frame),
        PAGE.lstrip("/"): gallery.interview(frame), "404.html": dict(gallery.error_pages(frame))["404.html"],
    }  # fmt: skip
    files |= {name: portal_renderer().render(page).encode() for name, page in pages.items()}
    data = json.dumps(signed_data(datetime.now(UTC), **detail), ensure_ascii=False).encode()
    deployed.deploy(HOST, {**files, PAGE.lstrip("/").replace(".html", ".json"): data})
    return Home(folder).prepare()


def word(n: int, text: str, **more: Any) -> dict[str, Any]:
    facts = {"n": n, "changed": n, "at": "2026-11-22T08:30:00+00:00", "state": "said", "who": "林小满", "public": False}
    return {**facts, "text": text, "picture": None, **more}


def tell(home: Home, words: list[dict[str, Any]], *, state: str = "on", **more: Any) -> Path:
    """Replace the file as the console does, without waiting for the disk."""
    path = file_for(home.path, HOST, ABOUT)
    path.parent.mkdir(parents=True, exist_ok=True)
    seq = max((one["changed"] for one in words), default=0)
    page = {"v": 1, "interview": ABOUT, "seq": seq, "state": state, "transcript": "", "words": words, **more}
    fresh = path.with_name(".fresh")
    fresh.write_text(json.dumps(page, ensure_ascii=False), encoding="utf-8")
    os.replace(fresh, path)
    return path
