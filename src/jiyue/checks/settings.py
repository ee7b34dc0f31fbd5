"""Word lists and thresholds in force for one unit on one day: what ships, and what the unit added (`queries`). Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from jiyue.checks.findings import Severity
from jiyue.checks.findings import marked as _


@dataclass(frozen=True, slots=True)
class Word:
    """One entry of a unit's own list. `family` is that of the detectors, `suggestion` what to write instead."""

    family: str
    text: str
    suggestion: str = ""
    severity: Severity = Severity.WARN
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Mask:
    """How a kind of personal data is shown: so many characters kept at both ends, the rest replaced one by one."""

    first: int = 0
    last: int = 0
    sign: str = "*"

    def over(self, value: str) -> str:
        """The value masked; at least a third of its letters and digits is always covered. Separators stay."""
        signs = [at for at, sign in enumerate(value) if sign.isalnum()]
        kept = min(self.first + self.last, len(signs) - (len(signs) + 2) // 3)
        first = min(self.first, kept)
        shown = set(signs[:first]) | set(signs[len(signs) - (kept - first) :] if kept > first else ())
        hidden = set(signs) - shown
        return "".join(self.sign if at in hidden else sign for at, sign in enumerate(value))


@dataclass(frozen=True, slots=True)
class Permit:
    """Personal data that may stay: a detector (or a family, `personal-data.*`), the text where it may, and the law.

    An empty `text` permits every value of that detector; `within` must stand in the title or the column, where given.
    Without a basis there is no permit (PRIV-06).
    """

    detector: str
    text: str
    basis: str
    within: str = ""

    def covers(self, detector: str, words: str, about: str) -> bool:
        same = self.detector == detector or (self.detector.endswith(".*") and detector.startswith(self.detector[:-1]))
        return same and self.text in words and self.within in about


@dataclass(frozen=True, slots=True)
class Leader:
    """领导: a name with the titles it is written with."""

    name: str
    titles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Body:
    """机构: full name, permitted short names, and names it had before."""

    name: str
    short_names: tuple[str, ...] = ()
    former_names: tuple[str, ...] = ()


# 2.2.1 of Ningxia's rules asks for 去标识化: enough is covered that a person is not told from others.
MASKS: Mapping[str, Mask] = MappingProxyType({
    "id-number": Mask(3, 4), "mobile": Mask(3, 4), "landline": Mask(4, 0), "bank-card": Mask(0, 4),
    "passport": Mask(1, 2), "e-mail": Mask(1, 0), "plate": Mask(2, 1), "address": Mask(0, 0), "birth-date": Mask(4, 0),
    "account": Mask(0, 4), "name": Mask(1, 0),
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Threshold:
    """A figure that a unit may change: its Chinese name, the shipped value and the bounds."""

    name: str
    value: int
    least: int
    most: int


SHIPPED_THRESHOLDS: Mapping[str, Threshold] = MappingProxyType({
    "personal-data.aggregation": Threshold(_("一次公开多少人的资料算批量公开"), 20, 2, 100_000),
    "personal-data.column": Threshold(_("一列中有几个个人信息就合并为一条"), 3, 2, 1_000),
    # The longest titles of the State Council's documents stay below 90; 哈密 allows no summary above 500.
    "document.title": Threshold(_("标题最多多少字"), 100, 20, 500),
    "document.summary": Threshold(_("摘要最多多少字"), 500, 50, 5_000),
    "spam.block": Threshold(_("垃圾信息词语累计多少分就禁止发布"), 10, 4, 100),
    "spam.warn": Threshold(_("垃圾信息词语累计多少分就提醒"), 8, 3, 100),
    "spam.head": Threshold(_("标题、关键词、描述中垃圾信息词语累计多少分就提醒"), 6, 3, 100),
    "advertisement.warn": Threshold(_("商业推广词语累计多少分就提醒"), 9, 3, 100),
    "picture.width": Threshold(_("正文图片最宽多少像素"), 1920, 200, 20_000),
    # No text that was read sets these: 0 is "not set" until a unit decides (`content.media_bounds`).
    "picture.side": Threshold(_("正文图片短边至少多少像素（0 为不限）"), 0, 0, 10_000),
    "video.megabytes": Threshold(_("视频最大多少 MB（0 为不限）"), 0, 0, 10_000),
    "video.seconds": Threshold(_("视频最长多少秒（0 为不限）"), 0, 0, 100_000),
})  # fmt: skip


@dataclass(frozen=True)
class Settings:
    """What detectors ask. `hosts` are addresses the unit may link to; `now` is the day of the check.

    `levels` gives a detector another severity, `off` switches detectors off ("personal-data.plate" or "wording.*").
    """

    now: date
    words: tuple[Word, ...] = ()
    masks: Mapping[str, Mask] = field(default_factory=lambda: MASKS, hash=False)
    permits: tuple[Permit, ...] = ()
    hosts: frozenset[str] = frozenset()
    leaders: tuple[Leader, ...] = ()
    bodies: tuple[Body, ...] = ()
    thresholds: Mapping[str, int] = field(default_factory=dict, hash=False)
    levels: Mapping[str, Severity] = field(default_factory=dict, hash=False)
    off: frozenset[str] = frozenset()
    revision: str = ""

    def words_of(self, family: str) -> tuple[Word, ...]:
        """The unit's own words for one family of detectors."""
        return tuple(word for word in self.words if word.family == family)

    def threshold(self, name: str) -> int:
        """The unit's own figure under this name (one of SHIPPED_THRESHOLDS), else the shipped one."""
        return int(self.thresholds.get(name, SHIPPED_THRESHOLDS[name].value))

    def mask(self, kind: str) -> Mask:
        return self.masks.get(kind) or MASKS.get(kind) or Mask()

    def is_off(self, detector: str) -> bool:
        return detector in self.off or f"{detector.partition('.')[0]}.*" in self.off

    def level_of(self, detector: str) -> Severity | None:
        """What the unit decided for this detector, else for its whole family; None where it left what ships."""
        return self.levels.get(detector) or self.levels.get(f"{detector.partition('.')[0]}.*")

    def permit_for(self, detector: str, words: str, about: str) -> Permit | None:
        """The first permit for these words in a matter with this title and column."""
        return next((permit for permit in self.permits if permit.covers(detector, words, about)), None)


def shipped(now: date) -> Settings:
    """What holds where no unit has decided anything."""
    return Settings(now=now)
