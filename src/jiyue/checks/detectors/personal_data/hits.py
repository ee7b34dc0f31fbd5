"""One piece of personal data in the text, before it is decided whether it stands alone or in a column."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from jiyue.checks.findings import Severity


@dataclass(frozen=True, slots=True)
class Hit:
    """`start` and `end` bound exactly what a mask covers. `doubt` is a code of DOUBTS, empty for a sure one."""

    kind: str
    start: int
    end: int
    value: str
    severity: Severity
    doubt: str = ""


PERSON_LAW = "《中华人民共和国个人信息保护法》第十三条、第二十五条"
SENSITIVE_LAW = "《中华人民共和国个人信息保护法》第二十八条、第二十九条"
MINOR_LAW = "《中华人民共和国个人信息保护法》第二十八条、第三十一条"
BASES: Mapping[str, str] = MappingProxyType({
    "id-number": PERSON_LAW, "bank-card": SENSITIVE_LAW, "account": SENSITIVE_LAW, "sensitive": SENSITIVE_LAW,
    "minor": MINOR_LAW,
})  # fmt: skip
