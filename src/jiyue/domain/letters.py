"""What a letter (来信) may ask for and what it must say: fields, lengths, categories, files. Pure data and its checks.

The counter checks with it what a citizen typed, the worker checks it again when it takes a letter out of the box, and
the console shows fields in this order. Wording belongs to those who show it; here are stable codes.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

ENQUIRY, COMPLAINT, SUGGESTION, HELP, ERROR_REPORT = "enquiry", "complaint", "suggestion", "help", "error_report"
REPORT, LEADER_LETTER = "report", "leader_letter"
DISCLOSURE = "disclosure"
ERROR_CATEGORIES: Final = ("cannot_open", "not_updated", "wrong", "no_reply", "typo", "false_content", "other")
CONSENT: Final = ("yes", "no")  # to a public version without name and contact
SCORES: Final = ("5", "4", "3", "2", "1")
NATURAL: Final = "natural"
ORGANISATIONS: Final = ("company", "research", "public_benefit", "legal_service", "other")
APPLICANTS: Final = (NATURAL, *ORGANISATIONS)
IDENTITIES: Final = ("id_card", "passport", "permit", "other")
FORMS: Final = ("electronic", "paper", "either")
BY_POST: Final = "post"
DELIVERIES: Final = ("site", BY_POST, "collect", "email", "hotline")

SUPPLEMENT, WITHDRAW, RATE, DISPUTE, REOPEN = "supplement", "withdraw", "rate", "dispute", "reopen"

MOST_FILES: Final = 5
LARGEST_FILE: Final = 5 << 20  # bytes
LARGEST_WHOLE: Final = 10 << 20  # bytes of all files of one letter
TALK: Final = "talk"  # beside the fields: the conversation of which its visitor made the letter
SERVICE: Final = "service"  # beside the fields: the code of the service item from whose page it was written
LONGEST_NAME: Final = 100  # characters of a file's name

MATTER, PERSON = "matter", "person"  # the two pages that are filled in for a letter
HOW, APPLICANT = "how", "applicant"  # and two more for a disclosure request
NAMING = "naming"  # and one more for a report: under her name or without
LEADER = "leader"  # and one for a letter to a leader: to whom
NAMED, ANONYMOUS = "named", "anonymous"

# A phone number is what people write: digits in groups, an area code, an extension, a country.
_PHONE = re.compile(r"\+?[0-9]{1,4}(?:[ -]?[0-9]{2,8}){1,4}(?:(?: ?(?:转|-|ext\.?) ?)[0-9]{1,6})?", re.IGNORECASE)
_EMAIL = re.compile(r"[^@\s,;:<>\"()\[\]]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,24}")
_DIGITS = re.compile(r"\d")
# Control characters, halves of a pair and marks that turn the direction of writing: each misleads a later reader.
_HALF = re.compile(r"[\ud800-\udfff]")
_UNREADABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Field:
    """One thing that is asked. `shortest` counts only where something was typed."""

    name: str
    page: str
    longest: int
    needed: bool = False
    shortest: int = 0
    lines: bool = False
    choices: tuple[str, ...] = ()
    private: bool = False
    of: tuple[str, ...] = ()  # asked of these alone, by what was chosen in the field `by`
    by: str = "applicant"

    def is_asked(self, given: Mapping[str, str]) -> bool:
        return not self.of or given.get(self.by, "") in self.of


@dataclass(frozen=True)
class Kind:
    """A kind of letter. With `reachable` the sender must leave a telephone number or an e-mail address."""

    code: str
    fields: tuple[Field, ...]
    reachable: bool = True

    def on(self, page: str) -> tuple[Field, ...]:
        return tuple(field for field in self.fields if field.page == page)

    @property
    def pages(self) -> tuple[str, ...]:
        """The pages that are filled in, in their order."""
        return tuple(dict.fromkeys(field.page for field in self.fields))

    def pages_for(self, given: Mapping[str, str]) -> tuple[str, ...]:
        """Those of them on which something is asked of whoever gave these answers; a question not yet met counts."""
        asked = (field for field in self.fields if field.is_asked(given) or (field.of and not given.get(field.by)))
        return tuple(dict.fromkeys(field.page for field in asked))


@dataclass(frozen=True)
class Problem:
    """What is wrong with a field; `limit` is the number that the sentence about it names."""

    field: str
    code: str
    limit: int = 0


_TITLE = Field("title", MATTER, 60, needed=True, shortest=2)
_TEXT = Field("text", MATTER, 5000, needed=True, shortest=5, lines=True)
_PLACE = Field("place", MATTER, 100)
_CATEGORY = Field("category", MATTER, 20, needed=True, choices=ERROR_CATEGORIES)
_NAME = Field("name", PERSON, 40, needed=True, private=True)
_NAME_AS_LIKED = Field("name", PERSON, 40, private=True)
_PHONE_FIELD = Field("phone", PERSON, 40, private=True)
_EMAIL_FIELD = Field("email", PERSON, 120, private=True)
_ADDRESS = Field("address", PERSON, 120, private=True)
_PUBLIC = Field("public", PERSON, 3, needed=True, choices=CONSENT)

_REQUEST = (
    Field("title", MATTER, 100, needed=True, shortest=2),
    Field("document_number", MATTER, 60),
    Field("text", MATTER, 3000, needed=True, shortest=5, lines=True),
    Field("form", HOW, 12, needed=True, choices=FORMS),
    Field("delivery", HOW, 12, needed=True, choices=DELIVERIES),
    Field("applicant", APPLICANT, 16, needed=True, choices=APPLICANTS),
    Field("name", PERSON, 60, needed=True, shortest=2, private=True),
    Field("id_kind", PERSON, 12, needed=True, choices=IDENTITIES, private=True, of=(NATURAL,)),
    Field("id_number", PERSON, 40, needed=True, shortest=4, private=True, of=(NATURAL,)),
    Field("credit_code", PERSON, 24, needed=True, private=True, of=ORGANISATIONS),
    Field("representative", PERSON, 40, needed=True, shortest=2, private=True, of=ORGANISATIONS),
    Field("agent", PERSON, 40, private=True, of=ORGANISATIONS),
    _PHONE_FIELD,
    _EMAIL_FIELD,
    _ADDRESS,
)
_PERSON = (_NAME, _PHONE_FIELD, _EMAIL_FIELD, _ADDRESS, _PUBLIC)
_OF_NAMED = {"private": True, "of": (NAMED,), "by": "naming"}
_REPORT = (
    _TITLE,
    Field("reported", MATTER, 100, needed=True, shortest=2),
    Field("happened", MATTER, 60),
    _PLACE,
    _TEXT,
    Field("naming", NAMING, 10, needed=True, choices=(NAMED, ANONYMOUS)),
    Field("name", PERSON, 40, needed=True, **_OF_NAMED),  # type: ignore[arg-type]  # checked by the dataclass's use
    Field("phone", PERSON, 40, **_OF_NAMED),  # type: ignore[arg-type]
    Field("email", PERSON, 120, **_OF_NAMED),  # type: ignore[arg-type]
    Field("address", PERSON, 120, **_OF_NAMED),  # type: ignore[arg-type]
)
KINDS: Final[Mapping[str, Kind]] = {
    kind.code: kind
    for kind in (
        Kind(ENQUIRY, (_TITLE, _TEXT, *_PERSON)),
        Kind(COMPLAINT, (_TITLE, _TEXT, _PLACE, *_PERSON)),
        Kind(SUGGESTION, (_TITLE, _TEXT, *_PERSON)),
        Kind(HELP, (_TITLE, _TEXT, _PLACE, *_PERSON)),
        # Whoever points out a mistake owes nobody a name; with the number the answer is found anyway.
        Kind(ERROR_REPORT, (_CATEGORY, _TEXT, _PLACE, _NAME_AS_LIKED, _PHONE_FIELD, _EMAIL_FIELD), reachable=False),
        # Which leaders have a mailbox is for the signed page to say, not for the form.
        Kind(LEADER_LETTER, (Field("leader", LEADER, 36, needed=True), _TITLE, _TEXT, _PLACE, *_PERSON)),
        # Never published, so nobody is asked whether it may be.
        Kind(REPORT, _REPORT),
        Kind(DISCLOSURE, _REQUEST),
    )
}

_WORD_TEXT = Field("text", MATTER, 5000, needed=True, shortest=5, lines=True)
WORDS: Final[Mapping[str, tuple[Field, ...]]] = {
    SUPPLEMENT: (_WORD_TEXT,),
    WITHDRAW: (Field("text", MATTER, 500, lines=True),),
    RATE: (Field("score", MATTER, 1, needed=True, choices=SCORES), Field("text", MATTER, 500, lines=True)),
    DISPUTE: (_WORD_TEXT,),
    REOPEN: (_WORD_TEXT,),
}
WITH_FILES: Final = frozenset({SUPPLEMENT, DISPUTE, REOPEN})


def tidied(text: str) -> str:
    """What was typed as it is kept: one form of each character, plain line ends, nothing invisible, no blank edges."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _UNREADABLE.sub("", unicodedata.normalize("NFC", _whole(text))).strip()


def _whole(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")


def problems(kind: str, fields: Mapping[str, str], *, page: str = "") -> list[Problem]:
    """Everything wrong with tidied fields of a letter, in the order of the form; of one page if it is named.

    Raises KeyError for a kind that does not exist.
    """
    of = KINDS[kind]
    asked = [field for field in (of.on(page) if page else of.fields) if field.is_asked(fields)]
    found = problems_of(asked, fields)
    if page in ("", PERSON):
        found += _of_the_delivery(fields)
    reach = of.reachable and any(field.name == "phone" and field.is_asked(fields) for field in of.fields)
    if reach and page in ("", PERSON) and not fields.get("phone") and not fields.get("email"):
        at = next((n for n, problem in enumerate(found) if problem.field not in ("title", "text", "name")), len(found))
        found.insert(at, Problem("phone", "no_contact"))
    if not page:
        known = {field.name for field in of.fields}
        found += [Problem(name, "unknown") for name in fields if name not in known]
    return found


def problems_of_word(act: str, fields: Mapping[str, str]) -> list[Problem]:
    """As `problems`, of a further word of the sender. Raises KeyError for an act that does not exist."""
    known = {field.name for field in WORDS[act]}
    return problems_of(WORDS[act], fields) + [Problem(name, "unknown") for name in fields if name not in known]


def problems_of(asked: Sequence[Field], fields: Mapping[str, str]) -> list[Problem]:
    found = (_problem(field, fields.get(field.name, "")) for field in asked)
    return [problem for problem in found if problem is not None]


def _problem(field: Field, value: str) -> Problem | None:
    if not value:
        return Problem(field.name, "missing") if field.needed else None
    if field.choices:
        return None if value in field.choices else Problem(field.name, "not_a_choice")
    if len(value) > field.longest:
        return Problem(field.name, "too_long", field.longest)
    if len(value) < field.shortest:
        return Problem(field.name, "too_short", field.shortest)
    if field.name == "phone" and not is_phone(value):
        return Problem(field.name, "not_a_phone")
    if field.name == "email" and not _EMAIL.fullmatch(value):
        return Problem(field.name, "not_an_email")
    if field.name == "credit_code" and not is_credit_code(value):
        return Problem(field.name, "not_a_credit_code")
    return None


def _of_the_delivery(fields: Mapping[str, str]) -> list[Problem]:
    """What the way in which an answer is to come makes necessary, and what a document that is named must look like."""
    found = []
    if fields.get("id_kind") == "id_card" and fields.get("id_number") and not is_id_card(fields["id_number"]):
        found.append(Problem("id_number", "not_an_id_card"))
    if fields.get("delivery") == BY_POST and not fields.get("address"):
        found.append(Problem("address", "missing_for_post"))
    if fields.get("delivery") == "email" and not fields.get("email"):
        found.append(Problem("email", "missing_for_mail"))
    return found


_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CREDIT_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def is_id_card(value: str) -> bool:
    """A number of a resident identity card with a right last sign (GB 11643-1999), spaces aside."""
    plain = _plain_sign(value)
    if not re.fullmatch(r"[0-9]{17}[0-9X]", plain):
        return False
    return "10X98765432"[sum(int(d) * w for d, w in zip(plain, _ID_WEIGHTS, strict=False)) % 11] == plain[17]


def is_credit_code(value: str) -> bool:
    """A unified social credit code with a right last sign (GB 32100-2015), spaces aside."""
    plain = _plain_sign(value)
    if len(plain) != 18 or any(sign not in _CREDIT_SIGNS for sign in plain):
        return False
    total = sum(_CREDIT_SIGNS.index(sign) * pow(3, n, 31) for n, sign in enumerate(plain[:17]))
    return _CREDIT_SIGNS[-total % 31] == plain[17]


def _plain_sign(value: str) -> str:
    return re.sub(r"[\s\-]", "", unicodedata.normalize("NFKC", value)).upper()


def is_phone(value: str) -> bool:
    """Could somebody be called under this?"""
    folded = unicodedata.normalize("NFKC", value).replace("—", "-").replace("－", "-")
    return bool(_PHONE.fullmatch(folded)) and 7 <= len(_DIGITS.findall(folded)) <= 20


# ── number and code ──

# Six digits are drawn by the letter box, seven by a desk that registers: neither can be given the number of the other.
NUMBER: Final = re.compile(r"[0-9]{8}-[0-9]{6,7}")
CODE_DIGITS: Final = 10


def number_of(typed: str) -> str | None:
    """`20261122-483920` however it was typed: full-width, with spaces or without the stroke; None if it is none."""
    digits = _digits(typed)
    return f"{digits[:8]}-{digits[8:]}" if digits is not None and len(digits) in (14, 15) else None


def code_of(typed: str) -> str | None:
    """The ten digits of a query code however they were typed; None if it is none."""
    digits = _digits(typed)
    return digits if digits is not None and len(digits) == CODE_DIGITS else None


def code_shown(code: str) -> str:
    """In groups, as people read digits to each other: `482 390 7156`."""
    return f"{code[:3]} {code[3:6]} {code[6:]}"


def _digits(typed: str) -> str | None:
    if len(typed) > 60:
        return None
    plain = re.sub(r"[\s\-‐-―－_.]", "", unicodedata.normalize("NFKC", typed))
    return plain if plain.isascii() and plain.isdigit() else None


def plain_fields(data: Any) -> dict[str, str] | None:
    """The fields of a stored letter if they are what such fields must be: text by name."""
    if not isinstance(data, dict) or not all(is_text(name) and is_text(value) for name, value in data.items()):
        return None
    return dict(data)


def is_text(value: Any) -> bool:
    """Text that can be written: JSON can name half of a character, which no database and no digest takes."""
    return isinstance(value, str) and not _HALF.search(value)
