"""How each kind is covered: a mail address keeps its host, a date its form, an address its district."""

import re

from jiyue.checks.detectors.personal_data.hits import Hit
from jiyue.checks.settings import Mask, Settings

_DISTRICT = re.compile(r".*?[\u4e00-\u9fff](?:自治县|[区县旗]|(?<!城)市(?![\u4e00-\u9fff]{0,6}[区县旗]))")


def masked(hit: Hit, settings: Settings) -> str:
    """The value as it may be shown."""
    mask = settings.mask("name" if hit.kind in ("sensitive", "minor", "name") else hit.kind)
    match hit.kind:
        case "e-mail":
            local, at, host = hit.value.partition("@")
            return f"{mask.over(local)}{at}{host}"
        case "birth-date":
            return _digits(hit.value, mask)
        case "address":
            return _address(hit.value, mask)
    return mask.over(hit.value)


def _digits(value: str, mask: Mask) -> str:
    """Digits alone are covered, beginning after the first ones."""
    shown, pieces = 0, []
    for sign in value:
        keep = not sign.isdigit() or shown < mask.first
        shown += sign.isdigit()
        pieces.append(sign if keep else mask.sign)
    return "".join(pieces)


def _address(value: str, mask: Mask) -> str:
    """The district stays, unless the unit keeps a fixed number of characters."""
    if mask.first or mask.last:
        return mask.over(value)
    found = _DISTRICT.match(value)
    return (found[0] if found else "") + mask.sign * 4
