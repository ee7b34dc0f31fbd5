"""Is what somebody wrote a rule pack? Reads a file, a pack's folder or a folder of packs, and tells all that is wrong."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from jiyue.domain.rulesets import Pack, Parameter, nearest
from jiyue.rules.calendarfiles import read_calendar
from jiyue.rules.library import CALENDARS, PARAMETERS_FILE, Library, read_bytes, shipped, yaml_files
from jiyue.rules.packfiles import PACK_FILE, PackReader, read_parameters
from jiyue.rules.plain_yaml import line_of
from jiyue.rules.problem_wording import sentence
from jiyue.rules.problems import PackRefused, Problem, Problems

_NO_PACKS: Final = (CALENDARS, "schema")


@dataclass(frozen=True)
class Report:
    """How many files were read and what is wrong with them; `file` of each problem is a path as it was asked for."""

    files: int
    problems: tuple[Problem, ...]

    def as_json(self) -> dict[str, object]:
        rows = [{"file": each.file, "line": each.line, "code": each.code, "message": sentence(each)}
                for each in self.problems]  # fmt: skip
        return {"files": self.files, "problems": rows}


def check(path: Path) -> Report:
    """Raises OSError where there is nothing to read; every other fault is in the report."""
    if not path.is_dir():
        return _file(path)
    if path.resolve().name == CALENDARS:
        return _calendars(path)
    return _root(path) if _is_root(path) else _pack(path)


def _is_root(path: Path) -> bool:
    has_packs = (path / PARAMETERS_FILE).exists() or any(path.glob(f"*/{PACK_FILE}"))
    return has_packs and not (path / PACK_FILE).exists()


def _file(path: Path) -> Report:
    content = read_bytes(path)
    if path.name == PARAMETERS_FILE:
        return _refused_by(lambda: read_parameters(content, file=str(path)))
    if path.resolve().parent.name == CALENDARS:
        return _calendar(content, str(path))
    folder = path.parent
    beside = dict(yaml_files(folder)) if (folder / PACK_FILE).is_file() else {}
    problems = _problems_of(folder, {**beside, path.name: content})
    wanted = {str(path), str(folder / PACK_FILE)}
    return Report(1, tuple(problem for problem in problems if problem.file in wanted))


def _refused_by(read: Callable[[], object]) -> Report:
    try:
        read()
    except PackRefused as refusal:
        return Report(1, refusal.problems)
    return Report(1, ())


def _root(path: Path) -> Report:
    """A broken catalogue ends it: what the packs may say stands there."""
    reports = []
    if (path / PARAMETERS_FILE).exists():
        reports.append(_file(path / PARAMETERS_FILE))
    if (path / CALENDARS).is_dir():
        reports.append(_calendars(path / CALENDARS))
    if not (reports and reports[0].problems):
        folders = [each for each in sorted(path.iterdir()) if each.is_dir() and each.name not in _NO_PACKS]
        reports += [_pack(folder) for folder in folders if not folder.name.startswith(".")]
    return _together(reports)


def _calendars(path: Path) -> Report:
    return _together([_calendar(content, str(path / name)) for name, content in yaml_files(path)])


def _calendar(content: bytes, file: str) -> Report:
    return _refused_by(lambda: read_calendar(content, file=file))


def _together(reports: list[Report]) -> Report:
    problems = [problem for report in reports for problem in report.problems]
    return Report(sum(report.files for report in reports), tuple(problems))


def _pack(folder: Path) -> Report:
    files = dict(yaml_files(folder))
    return Report(len(files), _problems_of(folder, files))


def _problems_of(folder: Path, files: Mapping[str, bytes]) -> tuple[Problem, ...]:
    """Everything wrong with a pack, with the paths as they were asked for."""
    problems, name = Problems(), folder.resolve().name
    try:
        parameters = _parameters(folder)
    except PackRefused as refusal:
        return refusal.problems
    with suppress(PackRefused):  # too many to go on; all of them are in `problems`
        pack = PackReader(name, parameters, problems).read(files)
        _check_extends(pack, folder, files, problems)
    placed = [each._replace(file=str(folder / each.file.removeprefix(f"{name}/"))) for each in problems.found]
    return tuple(sorted(placed, key=lambda each: (each.file, each.line, each.code)))


def _parameters(folder: Path) -> Mapping[str, Parameter]:
    """Those beside the pack, else those of the program."""
    own = folder.resolve().parent / PARAMETERS_FILE
    return read_parameters(read_bytes(own), file=str(own)) if own.is_file() else shipped().parameters


def _check_extends(pack: Pack, folder: Path, files: Mapping[str, bytes], problems: Problems) -> None:
    around = Library(folder.resolve().parent)
    known = tuple(dict.fromkeys((*shipped().names, *around.names)))
    passed, above = [pack.name], pack.extends
    line = line_of(files.get(PACK_FILE, b""), "extends")
    file = f"{pack.name}/{PACK_FILE}"
    while above:
        if above in passed:
            problems.add("extends-loop", file=file, line=line, found=" → ".join([*passed, above]))
            return
        if above not in known:
            problems.add(
                "unknown-pack", file=file, line=line, found=above, expected=known, nearest=nearest(above, known)
            )
            return
        passed.append(above)
        above = _extends_of(above, around)


def _extends_of(name: str, around: Library) -> str:
    """What a pack beside this one, or of the program, extends; nothing when it cannot be read (told when it is checked)."""
    library = around if name in around.names else shipped()
    files = dict(yaml_files(library.folder / name))
    return PackReader(name, {}, Problems()).read({PACK_FILE: files.get(PACK_FILE, b"")}).extends
