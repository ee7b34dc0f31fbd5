"""What `jiyue rules` answers (design 10). Needs files only: no database, no settings.

Gives 0 for an answer, 1 where something is wrong with a checked file or no rule gives what was asked for.
"""

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from jiyue.domain.deadlines import SHANGHAI, YEARS
from jiyue.domain.rulesets import Answer, NotSet, Parameter, RuleSet, UnknownParameter
from jiyue.rules import explaining, wording
from jiyue.rules.checking import check
from jiyue.rules.comparing import Pair, compare
from jiyue.rules.library import Library, UnknownPack, shipped
from jiyue.rules.problem_wording import sentence
from jiyue.rules.problems import PackRefused, Problem
from jiyue.rules.reckoning import NoDate, Reckoning, reckon

DONE: Final = 0
FOUND: Final = 1


class CannotAnswer(Exception):
    """The question cannot be answered as asked; the message says what and how to mend it."""


def run(options: argparse.Namespace) -> int:
    """Answer one act of `jiyue rules`; raises CannotAnswer."""
    try:
        return _ACTS[options.act](options)
    except UnknownParameter as error:
        like = f"，是不是 {error.nearest}" if error.nearest else ""
        raise CannotAnswer(f"没有参数 {error.asked}{like}；用 jiyue rules list 查看全部参数") from error
    except UnknownPack as error:
        raise CannotAnswer(f"没有规则包 {error.asked}；现有：{'、'.join(error.known) or '无'}") from error
    except PackRefused as refusal:
        first = _line(refusal.problems[0])
        more = len(refusal.problems)
        raise CannotAnswer(
            f"规则包有 {more} 处问题，先改 {first} 用 jiyue rules check {shipped().folder} 查看全部"
        ) from refusal
    except BrokenPipeError:
        raise
    except OSError as error:
        raise CannotAnswer(f"读不了 {error.filename}：{_reason(error)}") from error


def _reason(error: OSError) -> str:
    known = {
        FileNotFoundError: "没有这个文件；请核对路径",
        PermissionError: "没有读取权限",
        IsADirectoryError: "是文件夹",
    }
    return known.get(type(error), os.strerror(error.errno) if error.errno else str(error))


# ---- list, show ----------------------------------------------------------------------------------------------------


def _list(options: argparse.Namespace) -> int:
    library = shipped()
    if options.pack is None:
        return _list_packs(options, library)
    ruleset, on = library.ruleset(options.pack), _on(options.on)
    answers = [(parameter, ruleset.answer(name, on)) for name, parameter in library.parameters.items()]
    if options.json:
        return _print_json([answer.as_json() for _, answer in answers])
    for parameter, answer in answers:
        found_in = f"  [{answer.pack}]" if answer.is_set else ""
        _print(f"{_head(parameter)}  {wording.answer(answer)}{found_in}")
    return DONE


def _list_packs(options: argparse.Namespace, library: Library) -> int:
    packs = [library.pack(name) for name in library.names]
    setting = {name: [pack.name for pack in packs if name in pack.values] for name in library.parameters}
    if options.json:
        return _print_json([{**_parameter_json(library.parameters[name]), "packs": setting[name]} for name in setting])
    for name, names in setting.items():
        _print(f"{_head(library.parameters[name])}  {'、'.join(names) or wording.NOT_SET}")
    _print("规则包：" + "，".join(f"{pack.name} {pack.title}（{pack.version} 版）" for pack in packs))
    return DONE


def _head(parameter: Parameter) -> str:
    return f"{parameter.name}  {'、'.join(parameter.ids) or '—'}  {wording.KINDS[parameter.kind]}  {parameter.title}"


def _parameter_json(parameter: Parameter) -> dict[str, Any]:
    return {
        "parameter": parameter.name,
        "ids": list(parameter.ids),
        "kind": parameter.kind.value,
        "name": parameter.title,
        "english": parameter.english,
        "from": parameter.start or None,
        "to": parameter.end or None,
        "units": list(parameter.units),
    }


def _show(options: argparse.Namespace) -> int:
    library = shipped()
    parameter = library.parameter(options.parameter)
    if options.pack is None:
        return _show_history(options, library, parameter)
    answer = library.ruleset(options.pack).answer(parameter.name, _on(options.on))
    if options.json:
        _print_json(answer.as_json())
    else:
        _print_lines(explaining.rule(parameter, answer))
    return DONE if answer.is_set else FOUND


def _show_history(options: argparse.Namespace, library: Library, parameter: Parameter) -> int:
    packs = [library.pack(name) for name in library.names]
    if options.json:
        rows = [{"pack": pack.name, "title": pack.title, "version": pack.version,
                 "values": [value.as_json() for value in pack.values.get(parameter.name, ())]} for pack in packs]  # fmt: skip
        return _print_json({**_parameter_json(parameter), "packs": rows})
    _print(wording.parameter(parameter))
    for pack in packs:
        values = pack.values.get(parameter.name, ())
        _print(f"{pack.title}（{pack.name}）" + ("" if values else f"：{wording.NOT_SET}"))
        for value in values:
            _print(f"  {wording.since(value.since)}：{wording.value(value)}")
            _print_lines(f"    {wording.basis(basis)}" for basis in value.basis)
    return DONE


# ---- due, explain --------------------------------------------------------------------------------------------------


def _due(options: argparse.Namespace) -> int:
    parameter, answer, start, found = _reckoned(options)
    if options.json:
        _print_json(explaining.as_json(parameter, answer, found, start.isoformat(), latest=options.latest))
        return DONE if found else FOUND
    _print(f"{wording.parameter(parameter)}：{wording.answer(answer)}")
    if found is None:
        _print(_no_date(answer))
        return FOUND
    _print_lines(f"依据：{wording.basis(basis)}" for basis in answer.basis)
    _print(f"起算：{wording.moment(start)}{_said_zone(options)}")
    _print_lines(explaining.counting(answer, found.limit))
    _print_lines(explaining.ends(found))
    return DONE


def _explain(options: argparse.Namespace) -> int:
    parameter, answer, start, found = _reckoned(options)
    if options.json:
        days = explaining.as_json(parameter, answer, found, start.isoformat(), latest=True)
        return _print_json({**days, "answer": answer.as_json()}) if found else _print_json(days) or FOUND
    _print_lines(explaining.rule(parameter, answer))
    if found is None:
        _print(_no_date(answer))
        return FOUND
    if zone := _said_zone(options):
        _print(zone.strip("（）"))
    _print_lines(explaining.reckoning(found))
    return DONE


def _reckoned(options: argparse.Namespace) -> tuple[Parameter, Answer, datetime, Reckoning | None]:
    """The rule of the day on which the clock started, and what follows from it, if anything."""
    library = shipped()
    parameter = library.parameter(options.parameter)
    ruleset: RuleSet = library.ruleset(options.pack)
    start = _moment("--from", options.start)
    event = _moment("--event", options.event) if options.event else None
    answer = ruleset.answer(parameter.name, start.date())
    try:
        return parameter, answer, start, reckon(answer, start=start, calendar=library.calendar, event_at=event)
    except (NoDate, NotSet):
        return parameter, answer, start, None


def _no_date(answer: Answer) -> str:
    if not answer.is_set:
        return wording.not_set(answer)
    return "这项规定不从某一时间起算，没有可以算出的日期"


def _said_zone(options: argparse.Namespace) -> str:
    naive = [
        name for name, text in (("--from", options.start), ("--event", options.event)) if text and not _has_zone(text)
    ]
    return f"（{'、'.join(naive)} 没有时区，按北京时间）" if naive else ""


def _has_zone(text: str) -> bool:
    return _parsed(text).tzinfo is not None


def _moment(option: str, text: str) -> datetime:
    """A day (its first moment) or a time, in Asia/Shanghai unless it names its offset."""
    try:
        found = _parsed(text)
    except ValueError as error:
        raise CannotAnswer(
            f"{option} {text} 不是时间；写成 2025-09-29、2025-09-29T10:00 或 2025-09-29T10:00+08:00"
        ) from error
    if found.year not in YEARS:
        raise CannotAnswer(f"{option} {text} 的年份应在 {YEARS.start} 与 {YEARS.stop - 1} 之间")
    return found.replace(tzinfo=SHANGHAI) if found.tzinfo is None else found.astimezone(SHANGHAI)


def _parsed(text: str) -> datetime:
    return datetime.fromisoformat(text.strip())


def _on(text: str | None) -> date:
    """The day asked about; today in Shanghai when none is named."""
    if text is None:
        return datetime.now(SHANGHAI).date()
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise CannotAnswer(f"--on {text} 不是日期；写成 2025-09-29") from error


# ---- check, compare ------------------------------------------------------------------------------------------------


def _check(options: argparse.Namespace) -> int:
    report = check(Path(options.path))
    if options.json:
        _print_json(report.as_json())
    else:
        _print_lines(_line(problem) for problem in report.problems)
        wrong = f"{len(report.problems)} 处问题" if report.problems else "没有问题"
        _print(f"核对了 {report.files} 个文件，{wrong}")
    return FOUND if report.problems else DONE


def _line(problem: Problem) -> str:
    place = f"{problem.file}:{problem.line}" if problem.line else problem.file
    return f"{place}: {sentence(problem)}"


def _compare(options: argparse.Namespace) -> int:
    library, on = shipped(), _on(options.on)
    left, right = library.ruleset(options.left), library.ruleset(options.right)
    pairs = [pair for pair in compare(left, right, on=on) if options.all or pair.differs]
    if options.json:
        return _print_json({"left": options.left, "right": options.right, "on": on.isoformat(),
                            "parameters": [pair.as_json() for pair in pairs]})  # fmt: skip
    for pair in pairs:
        _print_pair(pair, left, right)
    _print(f"{on.isoformat()}：{len(pairs)} 项" + ("" if options.all else "不同"))
    return DONE


def _print_pair(pair: Pair, left: RuleSet, right: RuleSet) -> None:
    same = "" if pair.differs else "  （相同）"
    _print(f"{wording.parameter(pair.parameter)}{same}")
    for ruleset, answer in ((left, pair.left), (right, pair.right)):
        # Of what nobody sets, the words are all there is, and told already.
        words = "".join(f"；{wording.passed(passed)}" for passed in answer.words if answer.is_set)
        source = f"（取自 {answer.pack_title}）" if answer.is_set and answer.pack != ruleset.nearest.name else ""
        _print(f"  {ruleset.nearest.title}：{wording.answer(answer)}{source}{words}")


# ---- printing ------------------------------------------------------------------------------------------------------

_ACTS: Final[Mapping[str, Callable[[argparse.Namespace], int]]] = {
    "list": _list,
    "show": _show,
    "due": _due,
    "explain": _explain,
    "check": _check,
    "compare": _compare,
}


def _print(line: str) -> None:
    sys.stdout.write(line + "\n")


def _print_lines(lines: Iterable[str]) -> None:
    for line in lines:
        _print(line)


def _print_json(document: object) -> int:
    _print(json.dumps(document, ensure_ascii=False, indent=1))
    return DONE
