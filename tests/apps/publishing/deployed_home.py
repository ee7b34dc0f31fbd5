"""A JIYUE_HOME with deployed trees, built by hand: what the serving tests and the serving benchmark stand on."""

import gzip
import hashlib
import os
from pathlib import Path

from jiyue.domain import manifests
from jiyue.domain.manifests import Entries, Entry

Files = dict[str, bytes]


class DeployedHome:
    """Objects, trees and links as the publisher leaves them."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for name in ("objects", "trees", "deployed", "heads", "closed", "logs"):
            (root / name).mkdir(parents=True)

    def deploy(self, host: str, files: Files) -> str:
        """Write a tree and switch the host to it by one rename; gives the digest of the root."""
        digest = self.tree(files)
        fresh = self.root / "deployed" / f".{host}.new"
        fresh.symlink_to(f"../trees/{digest[:2]}/{digest}")
        os.replace(fresh, self.root / "deployed" / host)
        return digest

    def tree(self, files: Files) -> str:
        below: dict[str, Files] = {}
        entries: Entries = {}
        for path, data in files.items():
            name, slash, rest = path.partition("/")
            if slash:
                below.setdefault(name, {})[rest] = data
            else:
                entries[name] = Entry(manifests.FILE, self.object(data), len(data))
        for name, inner in below.items():
            entries[name] = Entry(manifests.TREE, self.tree(inner), sum(map(len, inner.values())))
        return self._materialise(entries)

    def _materialise(self, entries: Entries) -> str:
        digest = self.object(manifests.written(entries))
        place = self.root / "trees" / digest[:2] / digest
        if place.exists():
            return digest
        place.mkdir(parents=True)
        for name, entry in entries.items():
            if entry.kind == manifests.FILE:
                os.link(self.root / "objects" / entry.digest[:2] / entry.digest, place / name)
            else:
                (place / name).symlink_to(f"../../{entry.digest[:2]}/{entry.digest}")
        return digest

    def object(self, data: bytes) -> str:
        digest = hashlib.sha256(data).hexdigest()
        place = self.root / "objects" / digest[:2] / digest
        place.parent.mkdir(exist_ok=True)
        if not place.exists():
            place.write_bytes(data)
        return digest

    def announce(self, host: str, head: bytes = b'{"sequence": 7}\n') -> None:
        (self.root / "heads" / host).mkdir(exist_ok=True)
        (self.root / "heads" / host / "jiyue-release.json").write_bytes(head)


def page(text: str) -> bytes:
    head = f'<!doctype html>\n<html lang="zh-CN"><meta charset="utf-8"><title>{text}</title>'
    return f"{head}<p>{text}</p></html>\n".encode()


def packed(data: bytes) -> bytes:
    return gzip.compress(data, 6, mtime=0)


UPLOAD = "files/ab/0123456789abcdef"
LETTERS = bytes(range(97, 123))
LARGE = bytes(range(256)) * 8192  # 2 MiB
STYLE = b"body{color:#123}\n" * 40


def sample_site(word: str = "澄湖") -> Files:
    article = page(f"{word}市人民政府办公室通知") + b"<!-- " + b"x" * 3000 + b" -->\n"
    return {
        "index.html": page(f"{word}首页"),
        "index.html.gz": packed(page(f"{word}首页")),
        "404.html": page(f"{word}：没有这个页面"),
        "410.html": page(f"{word}：已撤下"),
        "503.html": page(f"{word}：核验中"),
        "robots.txt": b"User-agent: *\n",
        "feed.atom": b"<feed/>",
        "zwgk/index.html": page(f"{word}政务公开"),
        "zwgk/2026/0102/1.html": article,
        "zwgk/2026/0102/1.html.gz": packed(article),
        "zwgk/2026/0102/2.html.gone": page(f"{word}：这份文件已撤下"),
        "zwgk/2026/0102/3.html": page("移动"),
        "zwgk/2026/0102/3.html.moved": b"/zwgk/2026/0102/1.html\n",
        "zwgk/2026/0102/4.html": page("坏"),
        "zwgk/2026/0102/4.html.moved": b"//elsewhere.example/\n",
        "zwgk/old/index.html.gone": page(f"{word}：栏目已撤下"),
        "list/list/1.html": page("一"),
        ".hidden": b"secret",
        "zwgk/.htaccess": b"secret",
        ".well-known/security.txt": b"Contact: https://www.chenghu.localhost/\n",
        "assets/site.0123456789ab.css": STYLE,
        "assets/site.0123456789ab.css.gz": packed(STYLE),
        "assets/mark.svg": b'<svg xmlns="http://www.w3.org/2000/svg"/>',
        f"{UPLOAD}/letters.txt": LETTERS,
        f"{UPLOAD}/通知 附件.docx": b"PK docx",
        f"{UPLOAD}/drawing.svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        f"{UPLOAD}/large.mp4": LARGE,
        f"{UPLOAD}/picture.png": b"\x89PNG" + b"0" * 200,
        f"{UPLOAD}/notice.ofd": b"PK ofd",
    }


HOST = "www.chenghu.localhost"
OTHER = "jyj.chenghu.localhost"
BARE = "slj.chenghu.localhost"  # known, nothing deployed
CLOSED = "wjw.chenghu.localhost"  # known, deployed, offline for now
NOTICE = page("本网站暂停服务")


def sample_home(root: Path) -> DeployedHome:
    home = DeployedHome(root)
    home.deploy(HOST, sample_site())
    home.deploy(OTHER, sample_site("教育"))
    home.deploy(CLOSED, sample_site("卫健"))
    for host in (HOST, OTHER, BARE, CLOSED):
        home.announce(host)
    (home.root / "closed" / f"{CLOSED}.html").write_bytes(NOTICE)
    return home
