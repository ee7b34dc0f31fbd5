"""`jiyue check --templates`: the checklist of the Guide against the deployed pages, printed. Writes nothing."""

import json
import sys
from collections.abc import Sequence
from typing import Any

from django.utils import timezone, translation

from jiyue.config.outcomes import DONE, FOUND, WrongUse
from jiyue.console.checks.page_rules import OF_KINDS, sentence
from jiyue.domain.page_rules import Item
from jiyue.estate.models import Site
from jiyue.publishing.page_rules.looking import NothingPublic, OfKind, Report, look
from jiyue.rules import wording


def check_templates(sites: Sequence[Site], *, as_json: bool) -> int:
    """Print each item with what came of it; FOUND when a page of any site does not keep to one. Raises WrongUse."""
    reports = []
    for site in sites:
        try:
            reports.append(look(site, on=timezone.localdate()))
        except NothingPublic as error:
            raise WrongUse(f"{site.host} 还没有发布，没有页面可以检查") from error
    with translation.override("zh-hans"):
        if as_json:
            sys.stdout.write(json.dumps([_document(one) for one in reports], ensure_ascii=False, indent=1) + "\n")
        else:
            for report in reports:
                _tell(report)
    return FOUND if any(report.failing for report in reports) else DONE


def _tell(report: Report) -> None:
    for item in report.items:
        sys.stdout.write(f"[{_state(report, item)}] {item.title}：{item.off or item.say}\n")
        for source in item.sources:
            sys.stdout.writelines(f"    {source.pack}：{wording.basis(basis)}\n" for basis in source.basis)
        for kind, one in report.of(item).items():
            if one.failed or one.hints:
                word = "不符合" if one.failed else "提示"
                sys.stdout.write(f"    {word} {OF_KINDS[kind]} {one.address} {sentence(one.said)}\n")
    eye = sum(1 for item in report.items if item.by_eye and not item.off)
    sys.stdout.write(
        f"{report.site.host}：查了 {report.pages} 页，{len(report.items)} 项，不符合 {len(report.failing)} 项，"
        f"另有 {eye} 项要人工查看\n"
    )


def _state(report: Report, item: Item) -> str:
    if item.off:
        return "停用"
    if item.by_eye:
        return "人工查看"
    if not report.of(item):
        return "没有这类页面"
    return "不符合" if report.fails(item) else "符合"


def _document(report: Report) -> dict[str, Any]:
    return {
        "site": report.site.host, "pages": report.pages, "edition": report.edition,
        "items": [_item(report, item) for item in report.items],
    }  # fmt: skip


def _item(report: Report, item: Item) -> dict[str, Any]:
    return {
        "rule": item.key, "title": item.title, "say": item.say, "weight": item.weight, "most": item.most, "off": item.off,
        "by_eye": item.by_eye, "kept": bool(report.of(item)) and not report.fails(item),
        "basis": [wording.basis(basis) for source in item.sources for basis in source.basis],
        "kinds": {kind: _kind(one) for kind, one in report.of(item).items()},
    }  # fmt: skip


def _kind(one: OfKind) -> dict[str, Any]:
    return {
        "read": one.read, "failed": one.failed, "hints": one.hints, "address": one.address,
        "said": sentence(one.said) if one.said else "",
    }  # fmt: skip
