"""The kinds of events of the audit trail by what they are about: a hundred and more in one list are found by nobody."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

# Area and the beginnings of its codes; the longest beginning that fits a code decides.
AREAS: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (_("稿件和文件"), ("content.record_", "content.review_date", "content.file")),
    (_("审核签发"), ("review.",)),
    (_("发布"), ("publishing.",)),
    (_("内容检测"), (
        "checks.", "review.finding", "review.inspection", "review.item_inspected", "review.leak", "review.rectification",
        "review.site_examined", "review.stopped", "review.waiver", "publishing.pages_",
    )),
    (_("栏目"), ("content.column", "content.reuse_considered")),
    (_("策划、任务和承诺"), ("content.plan_", "content.progress_", "content.commitment_")),
    (_("政策文件和解读"), ("content.case_", "content.question_", "content.campaign_")),
    (_("公开清单"), ("content.catalogue_", "content.change_", "content.withholding_")),
    (_("资源共享和转载"), (
        "content.placement", "content.taking_rule", "content.reprint_", "content.text_kept", "content.feed_", "content.entry_",
        "content.source_", "content.exchange",
    )),
    (_("办事服务"), ("content.service", "content.difference")),
    (_("信件"), ("interaction.",)),
    (_("征集调查和访谈"), (
        "interaction.answers_", "interaction.text_quoted", "interaction.quote_", "interaction.opinion", "interaction.result_",
        "interaction.interview_", "interaction.live_", "interaction.transcript_",
    )),
    (_("评论和评价"), ("interaction.comment",)),
    (_("依申请公开"), ("disclosure.",)),
    (_("网民关切"), ("concerns.",)),
    (_("应办事项"), ("obligations.",)),
    (_("规则"), ("rules.",)),
    (_("网站"), ("estate.",)),
    (_("人员和单位"), ("identity.", "estate.appointed", "estate.dismissed")),
    (_("检索"), ("search.",)),
    (_("个人设置"), ("console.",)),
)  # fmt: skip
OTHER = _("其他")


def area_of(code: str) -> Any:
    """The area of an event; OTHER for a code that no beginning fits, which a test refuses and no reader should suffer."""
    fits = [
        (len(start), number)
        for number, (_area, starts) in enumerate(AREAS)
        for start in starts
        if code.startswith(start)
    ]
    return AREAS[max(fits)[1]][0] if fits else OTHER


def by_area(labels: Iterable[tuple[str, Any]]) -> list[tuple[Any, list[tuple[str, Any]]]]:
    """Choices in groups, each in the order of a Chinese dictionary, so that a first letter or syllable finds its place."""
    found: dict[Any, list[tuple[str, Any]]] = {area: [] for area in (*(area for area, _starts in AREAS), OTHER)}
    for code, label in labels:
        found[area_of(code)].append((code, label))
    return [(area, sorted(rows, key=_in_dictionary)) for area, rows in found.items() if rows]


def _in_dictionary(row: tuple[str, Any]) -> bytes:
    # The common characters of GB 2312 stand in the order of their syllables.
    return str(row[1]).casefold().encode("gb18030", "replace")
