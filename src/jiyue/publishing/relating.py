"""相关: which public items of a site belong together, reckoned once, when an item takes effect (LIB-06).

By what both signed contents say: the same rare words of title and keywords, the same subject class, theme, life event,
issuer, topic, the same document named or explained. What that weighs is `domain.kinship`.

An item is compared with what its site shows at that moment and keeps its best few. A page shows these, and newer items
that chose it. So a sign-off touches its own page and the few that it chooses, whatever the size of the site; and nobody
is chosen for likeness by more than MOST_CHOSEN, so that a later change of one item does not touch thousands. Repeating
the ledger in its order gives the same rows again.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django.db import connection

from jiyue.checks.segmenter import segmenter
from jiyue.content.relating import RELATED_KINDS
from jiyue.domain import kinship
from jiyue.domain.document_numbers import canonical, numbers_in
from jiyue.publishing.models import LISTED, ItemFact, PublicItem, Relation
from jiyue.publishing.sealed import SealBroken, check_item, check_relation, seal_relation
from jiyue.publishing.validity import signed_content
from jiyue.review.sealing import seals

MOST_KEPT = 6  # of what an item has to do with, when it is signed
MOST_CHOSEN = 30  # items that choose one and the same by likeness; whoever names it always may
MOST_WORDS, MOST_NAMES, MOST_TOLD = 12, 16, 4
# Words that stand in titles of every sort and say nothing of what they are about.
IDLE = frozenset(
    """
    关于 通知 印发 转发 公布 发布 办法 规定 条例 细则 实施 实施细则 管理 管理办法 管理条例 意见 实施意见 决定 公告 通告 公报
    方案 工作方案 实施方案 工作 进一步 加强 做好 有关 问题 若干 解释 适用 修改 废止 部分 暂行 试行 中华人民共和国 国务院
    国务院办公厅 人民政府 人民法院 最高人民法院 办公室 办公厅 开展 推进 推动 批复 指南 办事指南 解读 政策解读 情况 政府
    召开 会议 举行 启动 一图读懂 读懂 图解 问答 全市 全县 全区 我市 我县 我区 年度 公示 政策
    """.split()  # noqa: SIM905 - a list literal takes seventy lines
)
SEALED = "sealed:"  # begins the key of the row that seals an item's facts
MARKED = re.compile(r"《([^《》]{4,80})》")
MARKS = re.compile(r"[\W_]+|中华人民共和国")
# What prose puts in front of a number without a sign between: the code of an agency begins after it.
LED_IN = re.compile(
    r"^.{0,20}?(?:依据|根据|按照|依照|遵照|参照|落实|执行|废止|修改|印发|转发|以及|附件|文件|原)(?=\S{2,}〔)"
)
NO_WORD = re.compile(r"[\d\W_]+")


class Facts(NamedTuple):
    """What relates an item: shared facts by kind, the names it goes by, and the names that it calls others by."""

    shared: frozenset[tuple[str, str]]
    own: frozenset[str]
    named: frozenset[str]

    def rows(self) -> set[str]:
        """Their keys, as rows hold them."""
        return {
            *(f"{kind}:{value}"[:80] for kind, value in self.shared),
            *(f"own:{name}" for name in self.own),
            *(f"cites:{name}" for name in self.named),
        }


def facts_of(content: Mapping[str, Any]) -> Facts:
    """The facts of a signed content by which it may belong with others."""
    detail = content["detail"]
    item = detail.get("item") or {}
    shared = {("word", word) for word in words_of(content)}
    shared |= {("document", name) for key in ("documents", "amends", "repeals") for name in detail.get(key, ())}
    shared |= {("topic", content["topic"])} | {("subject", content["subject_class"].strip())}
    shared |= {("theme", code) for code in (*detail.get("themes", ()), *item.get("themes", ()))}
    shared |= {("event", code) for code in (*detail.get("life_events", ()), *item.get("life_events", ()))}
    shared |= {("issuer", detail.get("issuer") or "")}
    number = detail.get("document_number") or ""
    own = {_digest(canonical(number))} if number else set()
    own |= {_digest(_plain(title)) for title in (content["title"], *MARKED.findall(content["title"])[:1])}
    return Facts(frozenset(pair for pair in shared if pair[1]), frozenset(own), frozenset(_names_in(content) - own))


def words_of(content: Mapping[str, Any]) -> list[str]:
    """Words of title and keywords that say what it is about, in their order."""
    cut = [*segmenter().cut(content["title"]), *content["keywords"]]
    words = (word.strip() for word in cut)
    kept = (word for word in words if 2 <= len(word) <= 20 and word not in IDLE and not NO_WORD.fullmatch(word))
    return list(dict.fromkeys(kept))[:MOST_WORDS]


def _names_in(content: Mapping[str, Any]) -> set[str]:
    """Titles and numbers that a text calls others by, as digests: the first of them, in the order of the text."""
    text = f"{content['title']}\n{content['text']}"
    names = [_plain(title) for title in MARKED.findall(text)]
    names += [LED_IN.sub("", mention.value) for mention in numbers_in(text)]
    return {_digest(name) for name in list(dict.fromkeys(names))[:MOST_NAMES] if name}


def _plain(title: str) -> str:
    return MARKS.sub("", title)


def _digest(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:16]


def related_key(identity: Any) -> str:
    """The key of what an item's page offers beside it."""
    return f"related:{identity}"


def renew(item: PublicItem, content: Mapping[str, Any]) -> set[str]:
    """Reckon a saved item anew against what its site shows now; gives the keys of the pages that may change.

    What is no longer public neither relates nor is chosen.
    """
    before = set(item.relations.values_list("target__identity", flat=True))
    if item.kind not in RELATED_KINDS or item.state not in LISTED:
        item.facts.all().delete()
        item.relations.all().delete()
        return {related_key(identity) for identity in before}
    facts = facts_of(content)
    _keep_facts(item, facts.rows())
    chosen = _best(item.site_id, facts, but=item.pk)
    if before or chosen:
        item.relations.all().delete()
    rows = [Relation(item=item, target_id=pk, score=tie.score, shared=tie.told()) for pk, tie in chosen]
    for row in rows:
        seal_relation(row)
    Relation.objects.bulk_create(rows)
    after = PublicItem.objects.filter(pk__in=[pk for pk, _tie in chosen]).values_list("identity", flat=True)
    return {related_key(identity) for identity in (*before, *after, item.identity)}


def keys_of(item: PublicItem) -> set[str]:
    """The keys of the pages that offer an item, or that it chose."""
    both = (*item.relations.values_list("target__identity"), *item.related_by.values_list("item__identity"))
    return {related_key(identity) for (identity,) in both}


def _keep_facts(item: PublicItem, wanted: set[str]) -> None:
    facts = {"item": item.pk, "site": item.site_id, "keys": sorted(wanted)}
    wanted = {*wanted, SEALED + seals().seal("item-facts", facts)}
    there = dict(item.facts.values_list("key", "pk"))
    if gone := [pk for key, pk in there.items() if key not in wanted]:
        ItemFact.objects.filter(pk__in=gone).delete()
    fresh = sorted(wanted - there.keys())
    ItemFact.objects.bulk_create(ItemFact(item=item, site_id=item.site_id, key=key) for key in fresh)


class Tie:
    """What one other item has in common with the one at hand."""

    def __init__(self) -> None:
        self.score = 0
        self.is_named = False
        self._parts: list[tuple[int, str]] = []

    def add(self, hundredths: int, key: str) -> None:
        self.score += hundredths
        self._parts.append((hundredths, key))

    def told(self) -> list[str]:
        """The facts that weigh most."""
        return [key for _weight, key in sorted(self._parts, key=lambda part: (-part[0], part[1]))[:MOST_TOLD]]


class Offered(NamedTuple):
    """An item that would stand beside another, with what ties them."""

    item: PublicItem
    score: int
    shared: list[str]


def offered(site_id: int, content: Mapping[str, Any]) -> list[Offered]:
    """What would be offered beside a content that nobody signed, best first. Raises SealBroken."""
    own = PublicItem.objects.filter(site=site_id, identity=content["identity"]).first()
    found = {pk: (tie.score, tie.told()) for pk, tie in _best(site_id, facts_of(content), but=own.pk if own else None)}
    if own is not None:
        for row in own.related_by.filter(item__state__in=LISTED).select_related("item"):
            found.setdefault(row.item_id, (check_relation(row).score, row.shared))
    items = PublicItem.objects.in_bulk(found)
    ordered = sorted(found, key=lambda pk: (-found[pk][0], -pk))
    return [Offered(check_item(items[pk]), *found[pk]) for pk in ordered]


def _best(site_id: int, facts: Facts, *, but: int | None) -> list[tuple[int, Tie]]:
    """The items that these facts have most to do with, best first, the newer of two alike."""
    ties = _ties(site_id, facts)
    ties.pop(but or 0, None)
    likely = [(pk, tie) for pk, tie in ties.items() if tie.score >= kinship.LEAST]
    ordered = sorted(likely, key=lambda pair: (-pair[1].score, -pair[0]))
    chosen: list[tuple[int, Tie]] = []
    for pk, tie in ordered:
        if len(chosen) == MOST_KEPT:
            break
        if tie.is_named or _has_room(pk, but):
            chosen.append((pk, tie))
    _check_facts(site_id, [pk for pk, _tie in chosen])
    return chosen


def _has_room(pk: int, but: int | None) -> bool:
    """Do fewer items than MOST_CHOSEN name this one as theirs?"""
    return Relation.objects.filter(target=pk).exclude(item=but)[:MOST_CHOSEN].count() < MOST_CHOSEN


def _check_facts(site_id: int, chosen: list[int]) -> None:
    """Raise SealBroken unless the facts of these items are those that were written when they were signed."""
    rows: dict[int, set[str]] = {pk: set() for pk in chosen}
    for pk, key in ItemFact.objects.filter(item__in=chosen, site=site_id).values_list("item", "key"):
        rows[pk].add(key)
    for pk, keys in rows.items():
        seal = next((key for key in keys if key.startswith(SEALED)), "")
        facts = {"item": pk, "site": site_id, "keys": sorted(keys - {seal})}
        if not seals().check_seal("item-facts", facts, seal.removeprefix(SEALED)):
            raise SealBroken(f"facts:{pk}")


def _ties(site_id: int, facts: Facts) -> dict[int, Tie]:
    # What names the other, or is named by it, or goes by the same name; then what both say.
    calling = {f"own:{name}": "names" for name in facts.named} | {f"cites:{name}": "named" for name in facts.own}
    calling |= {f"own:{name}": "same" for name in facts.own}
    both = {key: key.partition(":")[0] for key in facts.rows() if not key.startswith("own:")}
    sharers = _sharers(site_id, {*calling, *both})
    among = _counted(site_id)
    ties: dict[int, Tie] = defaultdict(Tie)
    for key in sorted(sharers):
        how = calling.get(key)
        hundredths = kinship.weight(both[key], count=len(sharers[key]), among=among) if key in both else 0
        for pk in sharers[key]:
            if how:
                ties[pk].is_named = True
                ties[pk].add(kinship.NAMED, how)
            elif hundredths:
                ties[pk].add(hundredths, key)
    return ties


def _sharers(site_id: int, keys: Iterable[str]) -> dict[str, list[int]]:
    """By key: the newest items of a site that have it, no more than tell anything. One statement for all keys."""
    table = connection.ops.quote_name(ItemFact._meta.db_table)
    keys = sorted(keys)
    if not keys:
        return {}
    # Django has no limit inside a union that SQLite would take. The table's name is ours, values are bound.
    newest = f"SELECT key, item_id FROM {table} WHERE site_id = %s AND key = %s ORDER BY item_id DESC LIMIT %s"  # noqa: S608
    one = f"SELECT * FROM ({newest}) AS newest"  # noqa: S608
    found: dict[str, list[int]] = defaultdict(list)
    with connection.cursor() as cursor:
        values = [value for key in keys for value in (site_id, key, kinship.MOST_COUNTED)]
        cursor.execute(" UNION ALL ".join([one] * len(keys)), values)
        for key, pk in cursor.fetchall():
            found[key].append(pk)
    return found


def _counted(site_id: int) -> int:
    """How many items a site shows, no further than it matters."""
    return PublicItem.objects.filter(site=site_id, kind__in=RELATED_KINDS)[: kinship.MOST_COUNTED].count()


def fill(site: Any) -> None:
    """Relate items from before anything was related, oldest first."""
    items = PublicItem.objects.filter(site=site, kind__in=RELATED_KINDS, state__in=LISTED, facts=None)
    for item in items.select_related("sign_off__version").order_by("serial").iterator(chunk_size=500):
        renew(check_item(item), signed_content(item))
