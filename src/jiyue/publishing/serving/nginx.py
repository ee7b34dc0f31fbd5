"""A complete nginx configuration for the layout that the embedded server reads: same addresses, same answers."""

import os
import re
from collections.abc import Iterable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

from jiyue.publishing.serving import media, notices
from jiyue.publishing.serving.limits import Limits
from jiyue.publishing.serving.portal import RETRY_SECONDS
from jiyue.publishing.serving.trees import TREE_NAME

HOST = re.compile(r"[0-9a-z](?:[0-9a-z._-]*[0-9a-z])?")
ASSETS_KEPT = r"^/assets/(?:.*[./-])?[0-9a-f]{10,}[./-]"
ROOTS = "roots.conf"
CLOSED_RULE = r"rewrite ^/(?!\.well-known/) /.jiyue-closed last;"
SAFE_PATH = re.compile(r"[^\s;{}$'\"\\]+")


class UnsafePath(ValueError):
    """nginx would read a part of this path as configuration."""


def hosts(home: Path) -> list[str]:
    """Every host that has a tree or is announced, in order."""
    found: set[str] = set()
    for name in ("deployed", "heads"):
        folder = home / name
        if folder.is_dir():
            found.update(entry for entry in os.listdir(folder) if HOST.fullmatch(entry))
    return sorted(found)


def write(home: Path | str, directory: Path | str, **options: Any) -> Path:
    """Write nginx.conf, what it includes and the platform's pages into `directory`; gives the path for `nginx -c`.

    `options` are those of `generate`. Writes nothing below `home`. Raises `UnsafePath` and `OSError`.
    """
    home, directory = Path(home).resolve(), Path(directory).resolve()
    for name in ("pages", "tmp"):
        (directory / name).mkdir(parents=True, exist_ok=True)
    known = hosts(home)
    for name, text in {**generate(home, directory, known, **options), ROOTS: roots(home, known)}.items():
        put(directory / name, text)
    for key, page in notices.NOTICES.items():
        (directory / "pages" / f"{key}.html").write_bytes(page)
    return directory / "nginx.conf"


def put(path: Path, text: str) -> bool:
    """Replace a file in one step, so that nginx never reads half of it; false when it says that already."""
    try:
        if path.read_text(encoding="utf-8") == text:
            return False
    except FileNotFoundError:
        pass
    fresh = path.with_name(f".{path.name}.new")
    fresh.write_text(text, encoding="utf-8")
    os.replace(fresh, path)
    return True


def roots(home: Path, sites: Iterable[str]) -> str:
    """For each site the tree that is deployed now, and which sites are closed: what pinned nginx reads."""
    known = list(sites)
    trees = "\n".join(f"    {host} {_tree_of(home, host)};" for host in known)
    closed = "\n".join(f"    {host} 1;" for host in known if (home / "closed" / f"{host}.html").is_file())
    # A host without an entry would otherwise be served from the root of the file system.
    return (
        f"map $host $jiyue_root {{\n    default {home}/deployed/.none;\n{trees}\n}}\n"
        f"map $host $jiyue_closed {{\n    default 0;\n{closed}\n}}\n"
    )


def _tree_of(home: Path, host: str) -> Path:
    """The immutable directory behind a site's link; the link itself where it does not lead to a tree."""
    link = home / "deployed" / host
    try:
        name = os.readlink(link).removeprefix("../trees/")
    except OSError:
        return link
    return home / "trees" / name if TREE_NAME.fullmatch(name) else link


def generate(
    home: Path,
    directory: Path,
    sites: Iterable[str],
    *,
    listen: str = "80",
    workers: str = "auto",
    user: str = "",
    logs: Path | str = "",
    remembers: bool = False,
    pins: bool = False,
) -> dict[str, str]:
    """The two files by name.

    `user` is needed only where nginx starts as root and its own user may not read `home`.

    A page that is public at a second must be served at that second, so open files are not remembered. With `remembers`
    they are, for one second: more requests a second, and a release may be seen up to a second late. With `pins` each
    site's root is the tree itself, named in `roots.conf`: trees never change, so open files are
    remembered for good, and a release needs that file written and nginx reloaded, which `nginx_following` does. All sites
    are then one server to nginx: six hundred of their own would make a reload take a second.
    """
    logs = Path(logs) if logs else home / "logs"
    for path in (home, directory, logs):
        if not SAFE_PATH.fullmatch(str(path)):
            raise UnsafePath(str(path))
    values = {
        "HOME": str(home),
        "DIRECTORY": str(directory),
        "LOGS": str(logs),
        "LISTEN": listen,
        "WORKERS": workers,
        "CONTENT_FILES": "" if remembers or pins else "open_file_cache off;",
        "OPEN_FILES": "20000" if remembers or pins else "4096",
        "OPEN_FOR": "1h" if pins else "1s",
        "KEPT_FOR": "10m" if pins else "60s",
        "CLOSED": _closed_rule("$jiyue_closed" if pins else f"-f {home}/closed/$server_name.html"),
        "SITE": "$host" if pins else "$server_name",
        "ROOTS": f"include {directory}/{ROOTS};" if pins else "",
        "USER": f"user {user};" if user else "",
        "SITES": "\n".join(_servers(home, directory, listen, list(sites), pins=pins)),
        **_media_values(),
        **_header_values(),
    }
    return {
        "nginx.conf": _filled("nginx.conf", values),
        "site.conf": _filled("nginx-site.conf", values),
    }


def _filled(name: str, values: dict[str, str]) -> str:
    template = files(__package__).joinpath(name).read_text(encoding="utf-8")
    return re.sub(r"@([A-Z_]+)@", lambda match: values[match[1]], template)


def _servers(home: Path, directory: Path, listen: str, sites: list[str], *, pins: bool) -> Iterator[str]:
    if pins and sites:
        yield _server(directory, listen, "\n            ".join(sites), "$jiyue_root")
    elif not pins:
        for host in sites:
            yield _server(directory, listen, host, f"{home}/deployed/{host}")


def _server(directory: Path, listen: str, names: str, root: str) -> str:
    return (
        f"    server {{\n        listen {listen};\n        server_name {names};\n"
        f"        root {root};\n        include {directory}/site.conf;\n    }}\n"
    )


def _closed_rule(condition: str) -> str:
    return f"if ({condition}) {{\n    {CLOSED_RULE}\n}}"


def _media_values() -> dict[str, str]:
    types = (f'        "{kind}" {name};' for name, kind in media.CONTENT_TYPES.items())
    policies = (f'        "{kind}" "{policy}";' for kind, policy in media.POLICIES.items())
    return {
        "TYPES": "\n".join(types),
        "POLICIES": "\n".join(policies),
        "SHOWN": "|".join(sorted(media.SHOWN_UPLOADS)),
        "IMMUTABLE": ASSETS_KEPT,
        "ASK": media.ASK_EVERY_TIME,
        "KEEP": media.KEEP_FOR_EVER,
        "RETRY": str(RETRY_SECONDS),
        "BODY": str(Limits().body),
    }


def _header_values() -> dict[str, str]:
    page = {"Content-Security-Policy": "$jiyue_policy", **media.SECURITY_HEADERS, "Last-Modified": ""}
    told = {**media.page_headers(), "Last-Modified": ""}
    notice = {**notices.HEADERS, "Last-Modified": ""}
    closed = {**media.page_headers(media.NOTICE_POLICY), "Last-Modified": ""}
    return {
        "PAGE_HEADERS": _added({**page, "Cache-Control": media.ASK_EVERY_TIME}),
        "ASSET_HEADERS": _added({**page, "Cache-Control": "$jiyue_assets"}),
        "UPLOAD_HEADERS": _added(
            {**page, "Cache-Control": media.KEEP_FOR_EVER, "Content-Disposition": "$jiyue_disposition"}
        ),
        "TOLD_HEADERS": _added(told),
        "NOTICE_HEADERS": _added(notice) + "\n    add_header Allow $jiyue_allow always;",
        "CLOSED_HEADERS": _added(closed),
    }


def _added(headers: dict[str, str]) -> str:
    wanted = ((name, value) for name, value in headers.items() if name != "Content-Type")
    return "\n".join(f'    add_header {name} "{value}" always;' for name, value in wanted)
