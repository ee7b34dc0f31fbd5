"""What a decision about the checks may say, by kind. Pure: reads and refuses values, knows no row."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from jiyue.checks.findings import Severity
from jiyue.checks.findings import marked as _
from jiyue.checks.settings import MASKS, SHIPPED_THRESHOLDS

OFF = "off"
LEVELS = (*(severity.value for severity in Severity), OFF)
DETECTOR = re.compile(r"[a-z]+(?:-[a-z]+)*\.(?:\*|[a-z]+(?:-[a-z]+)*)")
HOST = re.compile(r"(?=.{1,253}\Z)(?:\*\.)?(?:[a-z0-9\u4e00-\u9fff](?:[a-z0-9\u4e00-\u9fff-]{0,61}[a-z0-9\u4e00-\u9fff])?\.)+"
                  r"[a-z\u4e00-\u9fff][a-z0-9\u4e00-\u9fff-]{0,61}")  # fmt: skip
MOST_NAMES = 30
GUARDED = ("personal-data.", "secrecy.")


class NotAChoice(ValueError):
    """The value cannot be used; `field` is name, value or basis, `message` a Chinese message id."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field, self.message = field, message


@dataclass(frozen=True, slots=True)
class Choice:
    """A decision made whole: what is missing is filled in, what is foreign left out."""

    name: str
    value: Mapping[str, Any]


def choice(kind: str, name: str, value: Mapping[str, Any], *, basis: str = "") -> Choice:
    """The decision as it is kept. Raises NotAChoice.

    mask: name is the kind of data, value first, last, sign. permit: name is a detector (or family.*), value text, within.
    leader: value titles. body: value short_names, former_names. host: name is a host, `*.` before it takes all below it.
    threshold: value value. level: name is a detector, value severity (or off).
    """
    name = " ".join(name.split())
    if not name:
        raise NotAChoice("name", _("请填写名称"))
    return Choice(*_READ[kind](name, value, basis))


def _mask(name: str, value: Mapping[str, Any], _basis: str) -> tuple[str, dict[str, Any]]:
    if name not in MASKS:
        raise NotAChoice("name", _("没有这种个人信息"))
    first, last = (_whole(value.get(end, 0), 0, 12) for end in ("first", "last"))
    sign = str(value.get("sign") or "*")
    if len(sign) != 1 or sign.isalnum() or sign.isspace():
        raise NotAChoice("value", _("遮盖符号应为一个符号，例如 *"))
    return name, {"first": first, "last": last, "sign": sign}


def _permit(name: str, value: Mapping[str, Any], basis: str) -> tuple[str, dict[str, Any]]:
    if not basis.strip():
        raise NotAChoice("basis", _("依法保留个人信息必须写明法律依据"))
    text, within = (" ".join(str(value.get(key) or "").split()) for key in ("text", "within"))
    if not text and not within:
        raise NotAChoice("value", _("请写明保留哪些内容，或者只在标题、栏目含有哪些字时保留"))
    return _detector(name), {"text": text, "within": within}


def _leader(name: str, value: Mapping[str, Any], _basis: str) -> tuple[str, dict[str, Any]]:
    return name, {"titles": _names(value.get("titles"))}


def _body(name: str, value: Mapping[str, Any], _basis: str) -> tuple[str, dict[str, Any]]:
    return name, {key: _names(value.get(key)) for key in ("short_names", "former_names")}


def _host(name: str, _value: Mapping[str, Any], _basis: str) -> tuple[str, dict[str, Any]]:
    name = name.lower().removeprefix("https://").removeprefix("http://").rstrip("/")
    if not HOST.fullmatch(name):
        raise NotAChoice("name", _("请只写网站的域名，例如 www.example.gov.cn"))
    return name, {}


def _threshold(name: str, value: Mapping[str, Any], _basis: str) -> tuple[str, dict[str, Any]]:
    known = SHIPPED_THRESHOLDS.get(name)
    if known is None:
        raise NotAChoice("name", _("没有这个阈值"))
    return name, {"value": _whole(value.get("value"), known.least, known.most)}


def _level(name: str, value: Mapping[str, Any], basis: str) -> tuple[str, dict[str, Any]]:
    if value.get("severity") not in LEVELS:
        raise NotAChoice("value", _("请选择检测等级"))
    if name.startswith(GUARDED) and value["severity"] != Severity.BLOCK and not basis.strip():
        raise NotAChoice("basis", _("放宽个人信息和涉密检测必须写明依据"))
    return _detector(name), {"severity": value["severity"]}


def _detector(name: str) -> str:
    if not DETECTOR.fullmatch(name):
        raise NotAChoice("name", _("没有这项检测"))
    return name


def _whole(value: Any, least: int, most: int) -> int:
    try:
        number = int(value)
    except (TypeError, ValueError) as error:
        raise NotAChoice("value", _("请填写数字")) from error
    if not least <= number <= most:
        raise NotAChoice("value", _("数字超出了允许的范围"))
    return number


def _names(value: Any) -> list[str]:
    """Given as a list, or as one text divided by commas, semicolons or lines."""
    words = re.split(r"[,，;；、\n]", value) if isinstance(value, str) else list(value or ())
    names = list(dict.fromkeys(" ".join(str(word).split()) for word in words))
    return [name for name in names if name][:MOST_NAMES]


_READ = MappingProxyType({
    "mask": _mask, "permit": _permit, "leader": _leader, "body": _body, "host": _host, "threshold": _threshold,
    "level": _level,
})  # fmt: skip
