"""The rule packs of a folder, each read when it is first asked for.

The folder is `rulepacks/` of the project, which the package carries with it, unless the environment variable
JIYUE_RULEPACKS names another.
"""

import os
from collections.abc import Iterable, Mapping
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Final

from jiyue.domain.fixed_holidays import PARAMETER as FIXED_HOLIDAYS
from jiyue.domain.fixed_holidays import read_fixed_holidays
from jiyue.domain.rule_terms import Setting
from jiyue.domain.rulesets import Pack, Parameter, RuleSet, find_parameter, nearest
from jiyue.domain.working_days import FixedHolidays, WorkingCalendar
from jiyue.rules.calendarfiles import read_calendars
from jiyue.rules.packfiles import PACK_FILE, read_pack, read_parameters
from jiyue.rules.plain_yaml import MOST_BYTES, line_of
from jiyue.rules.problems import PackRefused, Problem

NATIONAL: Final = "national"
PARAMETERS_FILE: Final = "parameters.yaml"
CALENDARS: Final = "calendars"
_VARIABLE: Final = "JIYUE_RULEPACKS"
_CARRIED: Final = Path(__file__).resolve().parents[1] / "rulepacks"


class UnknownPack(LookupError):
    """There is no pack of this name; `nearest` is the one most like it, or empty, and `known` are all."""

    def __init__(self, asked: str, known: Iterable[str]) -> None:
        super().__init__(asked)
        self.asked = asked
        self.known = tuple(known)
        self.nearest = nearest(asked, self.known)


def root() -> Path:
    """Where the packs lie; the folder need not exist."""
    return Path(os.environ.get(_VARIABLE) or _CARRIED)


class Library:
    """The packs of one folder, and further ones given as they are (a government's own, kept in the database).

    Whatever is asked for raises PackRefused when its files cannot be used, and OSError when they cannot be read.
    """

    def __init__(self, folder: Path, own: Iterable[Pack] = ()) -> None:
        self.folder = folder
        self._own = {pack.name: pack for pack in own}
        self._packs: dict[str, Pack] = {}

    @cached_property
    def parameters(self) -> Mapping[str, Parameter]:
        return read_parameters(read_bytes(self.folder / PARAMETERS_FILE), file=PARAMETERS_FILE)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The national pack, then all others by name."""
        names = {path.parent.name for path in self.folder.glob(f"*/{PACK_FILE}")} | set(self._own)
        return tuple(sorted(names, key=lambda name: (name != NATIONAL, name)))

    @cached_property
    def calendar(self) -> WorkingCalendar:
        """The published years of the folder, and the holidays that the national pack says the law fixes by date."""
        years = {f"{CALENDARS}/{name}": content for name, content in yaml_files(self.folder / CALENDARS)}
        return read_calendars(years).fixing(self._fixed_holidays())

    def _fixed_holidays(self) -> FixedHolidays:
        if NATIONAL not in self.names:
            return {}
        stated = self.pack(NATIONAL).values.get(FIXED_HOLIDAYS, ())
        terms = stated[-1].terms if stated else None
        return read_fixed_holidays(terms.value) if isinstance(terms, Setting) else {}

    def parameter(self, asked: str) -> Parameter:
        """By dotted name or number (`P-40`), in any case; raises UnknownParameter."""
        return find_parameter(self.parameters, asked)

    def pack(self, name: str) -> Pack:
        """Raises UnknownPack."""
        if name in self._own:
            return self._own[name]
        if name not in self.names:
            raise UnknownPack(name, self.names)
        if name not in self._packs:
            files = dict(yaml_files(self.folder / name))
            self._packs[name] = read_pack(files, name=name, parameters=self.parameters)
        return self._packs[name]

    def chain(self, name: str) -> tuple[Pack, ...]:
        """The pack and those it extends, up to the nation's; raises PackRefused for a loop and for one that is absent."""
        chain = [self.pack(name)]
        while chain[-1].extends:
            below, above = chain[-1], chain[-1].extends
            if above in [pack.name for pack in chain]:
                path = " → ".join([*(pack.name for pack in chain), above])
                raise PackRefused([self._of_extends(below, "extends-loop", found=path)])
            if above not in self.names:
                like = nearest(above, self.names)
                raise PackRefused(
                    [self._of_extends(below, "unknown-pack", found=above, expected=self.names, nearest=like)]
                )
            chain.append(self.pack(above))
        return tuple(chain)

    def ruleset(self, name: str) -> RuleSet:
        """The rules of this pack and of those it extends."""
        return RuleSet(self.chain(name), self.parameters)

    def _of_extends(self, pack: Pack, code: str, **facts: object) -> Problem:
        path = self.folder / pack.name / PACK_FILE
        line = line_of(read_bytes(path), "extends") if path.is_file() else 0
        return Problem(f"{pack.name}/{PACK_FILE}", line, code, {"key": "extends", **facts})

    def with_packs(self, own: Iterable[Pack]) -> "Library":
        """This library with further packs beside those of its folder; one of the same name takes its place."""
        library = Library(self.folder, (*self._own.values(), *own))
        library.__dict__.update(
            {name: self.__dict__[name] for name in ("parameters", "calendar") if name in self.__dict__}
        )
        library._packs = dict(self._packs)
        return library


def read_bytes(path: Path) -> bytes:
    """The content, or one byte more than is allowed of a file that is too long to be meant."""
    with path.open("rb") as file:
        return file.read(MOST_BYTES + 1)


def yaml_files(folder: Path) -> Iterable[tuple[str, bytes]]:
    """The YAML files of a folder by name, misnamed `.yml` included; nothing for a folder that is not there."""
    paths = sorted((*folder.glob("[!.]*.yaml"), *folder.glob("[!.]*.yml")))
    return ((path.name, read_bytes(path)) for path in paths if path.is_file())


@lru_cache(maxsize=4)
def _at(folder: Path) -> Library:
    return Library(folder)


def shipped() -> Library:
    """The packs of this installation; read once in a process."""
    return _at(root())
