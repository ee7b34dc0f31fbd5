"""数据标准: versioned schemas of what is stored and exchanged, and the check of a value against one.

    edition = shipped().in_force("article", day)
    for fault in faults(value, edition.schema): print(sentence(fault))

Nothing here imports Django or touches a database; what units add to a schema is `rules.models.LocalStandard`.
"""

from jiyue.rules.standards.demands import Demand, DemandRefused, as_schema, demands_of
from jiyue.rules.standards.register import Edition, Register, Text, shipped
from jiyue.rules.standards.validating import Fault, UnknownKeyword, check_keywords, faults
from jiyue.rules.standards.wording import sentence

__all__ = [
    "Demand",
    "DemandRefused",
    "Edition",
    "Fault",
    "Register",
    "Text",
    "UnknownKeyword",
    "as_schema",
    "check_keywords",
    "demands_of",
    "faults",
    "sentence",
    "shipped",
]
