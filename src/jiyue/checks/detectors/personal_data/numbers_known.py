"""What makes a row of digits an identity number, a card or a mobile number: check digits, dates, known beginnings."""

from datetime import date
from functools import lru_cache

# GB/T 2260: the first two digits name a province; 82 and 83 are permits for residents of Macau and Taiwan.
PROVINCES = frozenset(
    [
        "11",
        "12",
        "13",
        "14",
        "15",
        "21",
        "22",
        "23",
        "31",
        "32",
        "33",
        "34",
        "35",
        "36",
        "37",
        "41",
        "42",
        "43",
        "44",
        "45",
        "46",
        "50",
        "51",
        "52",
        "53",
        "54",
        "61",
        "62",
        "63",
        "64",
        "65",
        "71",
        "81",
        "82",
        "83",
    ]
)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
OLDEST = 1890
# Number ranges that the ministry has given out (2G to 5G, virtual operators, data cards).
_MOBILE = frozenset(
    [
        "130",
        "131",
        "132",
        "133",
        "134",
        "135",
        "136",
        "137",
        "138",
        "139",
        "140",
        "141",
        "144",
        "145",
        "146",
        "147",
        "148",
        "149",
        "150",
        "151",
        "152",
        "153",
        "155",
        "156",
        "157",
        "158",
        "159",
        "162",
        "165",
        "166",
        "167",
        "170",
        "171",
        "172",
        "173",
        "174",
        "175",
        "176",
        "177",
        "178",
        "180",
        "181",
        "182",
        "183",
        "184",
        "185",
        "186",
        "187",
        "188",
        "189",
        "190",
        "191",
        "192",
        "193",
        "195",
        "196",
        "197",
        "198",
        "199",
    ]
)


def is_mobile(digits: str) -> bool:
    return len(digits) == 11 and digits[:3] in _MOBILE


def check_digit(number: str) -> str:
    """The last sign of an 18-digit identity number (GB 11643-1999, ISO 7064 MOD 11-2)."""
    return _CHECKS[sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False)) % 11]


def birth_of(number: str) -> date | None:
    """The birth date in an identity number of 18 or 15 digits, if it is one."""
    shown = number[6:14] if len(number) == 18 else f"19{number[6:12]}"
    if not shown.isdigit():
        return None
    try:
        return date(int(shown[:4]), int(shown[4:6]), int(shown[6:]))
    except ValueError:
        return None


def is_identity(number: str, *, today: date) -> bool:
    """18 signs with the right check digit, a province, and a birthday that has been."""
    return looks_like_identity(number, today=today) and check_digit(number) == number[17].upper()


def looks_like_identity(number: str, *, today: date) -> bool:
    """The same without the check digit: mistyped, or made up."""
    if len(number) != 18 or number[:2] not in PROVINCES:
        return False
    born = birth_of(number)
    return born is not None and born.year >= OLDEST and born <= today


def is_old_identity(number: str) -> bool:
    """15 digits, given out until 1999: a province, a county that existed, a date in the twentieth century."""
    return len(number) == 15 and number[:2] in PROVINCES and birth_of(number) is not None and is_county(number[:6])


@lru_cache(maxsize=4096)
def is_county(code: str) -> bool:
    """Has the code of six digits ever named a county or district? (list of python-stdnum, with abolished ones)"""
    from stdnum import numdb  # noqa: PLC0415 - the list takes a tenth of a second to read, and few texts ask

    found = numdb.get("cn/loc").info(code)
    return len(found) > 1 and bool(found[1][1])


def is_luhn(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit)
        if place % 2:
            value = value * 2 - 9 if value > 4 else value * 2
        total += value
    return total % 10 == 0


def is_card(digits: str) -> bool:
    """A length and a beginning that issuers use, and the Luhn sum."""
    return (is_union_card(digits) or _is_foreign(digits)) and is_luhn(digits)


def is_union_card(digits: str) -> bool:
    """银联: 62 and 81, with 16 to 19 digits."""
    return 16 <= len(digits) <= 19 and digits.startswith(("62", "81"))


def _is_foreign(digits: str) -> bool:
    match len(digits):
        case 16:
            first = int(digits[:4])
            known = first // 1000 == 4 or 5100 <= first < 5600 or 2221 <= first < 2721 or first // 100 in (35, 60, 65)
            return known or digits.startswith("9")
        case 15:
            return digits.startswith(("34", "37"))
        case 13 | 19:
            return digits.startswith("4")
    return False
