"""Gambling, adult, medical, loan and contraband offers (spam.*) anywhere in a text."""

from collections.abc import Iterator
from functools import cache

from jiyue.checks.detectors.spam.folding import fold
from jiyue.checks.detectors.spam.own_words import own_words
from jiyue.checks.detectors.spam.scoring import Cluster, Weighing, clusters
from jiyue.checks.detectors.spam.words import heavy_hits
from jiyue.checks.findings import Finding, Severity
from jiyue.checks.findings import marked as _
from jiyue.checks.matter import Matter
from jiyue.checks.settings import Settings
from jiyue.checks.shipped import shipped_list

BASIS = "《政府网站发展指引》（国办发〔2017〕47号）"
_SENTENCES = {
    "gambling": _("疑似赌博类垃圾信息：%(words)s"),
    "adult": _("疑似色情类垃圾信息：%(words)s"),
    "medical": _("疑似医疗、药品推销信息：%(words)s"),
    "loan": _("疑似贷款、套现类垃圾信息：%(words)s"),
    "abuse": _("疑似辱骂性文字：%(words)s"),
    "contraband": _("疑似假证、违禁品等违法信息：%(words)s"),
}
_ADVICE = _("确认是否为网页被篡改或内容被植入；属于宣传防范、案件通报等正常内容的，可说明理由放行")
_SHOWN = 6
_MARGIN = 12
_MOST = 20  # a page full of it is told at its first places


def find_offers(matter: Matter, settings: Settings) -> Iterator[Finding]:
    """Accumulations of the trade's words that weigh enough, and words of the unit's own list."""
    folded = fold(matter.text)
    yield from own_words(matter, folded, settings, "spam")
    hits = heavy_hits(matter.text, folded)
    if not hits:
        return
    weighing = weighing_of(settings)
    told: dict[str, int] = {}
    for cluster in clusters(matter, folded, hits, weighing):
        severity = _severity(cluster, weighing)
        if severity and told.get(cluster.category, 0) < _MOST:
            told[cluster.category] = told.get(cluster.category, 0) + 1
            yield _finding(matter, cluster, severity)


@cache
def _shipped() -> dict[str, float]:
    return dict(shipped_list("spam")["thresholds"])


def weighing_of(settings: Settings) -> Weighing:
    """The figures in force: `spam.block`, `spam.warn`, `spam.head` may be the unit's own."""
    figures = _shipped()
    return Weighing(
        block=float(settings.threshold("spam.block")),
        warn=float(settings.threshold("spam.warn")),
        head=float(settings.threshold("spam.head")),
        window=int(figures["window"]),
        named_against=float(figures["named_against"]),
        reach=int(figures["reach"]),
    )


def _severity(cluster: Cluster, weighing: Weighing) -> Severity | None:
    if cluster.weight >= weighing.block:
        return Severity.BLOCK
    return Severity.WARN if cluster.weight >= (weighing.head if cluster.in_head else weighing.warn) else None


def _finding(matter: Matter, cluster: Cluster, severity: Severity) -> Finding:
    start, end = cluster.start, cluster.end
    excerpt = matter.text[max(0, start - _MARGIN) : min(end, start + 60) + _MARGIN].replace("\n", " ")
    return Finding(
        detector=f"spam.{cluster.category}",
        severity=severity,
        message=_SENTENCES[cluster.category],
        start=start,
        end=end,
        excerpt=excerpt,
        suggestion=_ADVICE,
        basis=BASIS,
        values={"words": "、".join(cluster.words[:_SHOWN])},
    )
