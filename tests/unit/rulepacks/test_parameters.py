"""The catalogue of parameters covers the whole of part 2 of the requirements, each number once."""

import pytest

from jiyue.domain.rule_terms import Kind
from jiyue.rules.library import shipped

NUMBERS = [
    "P-01", "P-02", "P-03", "P-04", "P-05", "P-06", "P-07", "P-08", "P-09", "P-10", "P-11", "P-12", "P-13", "P-14",
    "P-15",
    "P-20", "P-21", "P-22", "P-23", "P-24", "P-25", "P-26", "P-27", "P-28", "P-29", "P-30", "P-31", "P-32", "P-33",
    "P-34", "P-35", "P-36", "P-37",
    "P-40", "P-41", "P-42", "P-43", "P-44", "P-45", "P-46",
    "P-50", "P-51", "P-52", "P-53", "P-54", "P-55", "P-56", "P-57", "P-58",
    "P-60", "P-61", "P-62", "P-63", "P-64", "P-65", "P-66", "P-67", "P-68", "P-69",
    "P-70", "P-71", "P-72", "P-73", "P-74", "P-75", "P-76",
]  # fmt: skip
# No text sets these; a convention of the platform does, until a pack says otherwise.
OPEN_POINTS = ["Q-01", "Q-02"]
RULES_BETWEEN_ROLES = ["S-01", "S-02", "S-03", "S-04", "S-05", "S-06", "S-07", "S-08"]
# Other code and other packs name these; a changed name would silently orphan them.
FIXED = {
    "message.reply": ("P-40", "P-41"),
    "error-report.reply": ("P-42",),
    "column.update.news": ("P-20",),
    "column.update.policy": ("P-21",),
    "column.update.other": ("P-22",),
    "column.update.portal-news": ("P-23",),
    "column.update.subsite": ("P-24",),
    "disclosure.change": ("P-25",),
    "disclosure.regulations": ("P-26",),
    "disclosure.major": ("P-27",),
    "disclosure.other": ("P-28", "P-29"),
    "document.publish": ("P-30",),
    "interpretation.publish": ("P-31",),
    "interpretation.coverage": ("P-32",),
    "interpretation.graphic-share": ("P-33",),
    "reprint.publish": ("P-34",),
    "review.levels": ("P-35",),
    "review.gates": ("P-36",),
    "disclosure-request.reply": ("P-46",),
    "site.report": ("P-54",),
    "supervision.report": ("P-55",),
    "column.table": (),
    "deadline.counting": ("Q-01", "Q-02"),
}


@pytest.mark.req("PLAT-07")
def test_every_number_of_part_two_has_one_parameter():
    stated = [number for parameter in shipped().parameters.values() for number in parameter.ids]
    assert sorted(stated) == sorted(NUMBERS + RULES_BETWEEN_ROLES + OPEN_POINTS)


def test_the_names_that_others_use_stay():
    assert {name: shipped().parameters[name].ids for name in FIXED} == FIXED


def test_every_parameter_is_set_by_some_pack():
    library = shipped()
    said = {name for pack in library.names for name in library.pack(pack).values}
    assert set(library.parameters) - said == set()


def test_all_seven_kinds_are_used():
    assert {parameter.kind for parameter in shipped().parameters.values()} == set(Kind)


@pytest.mark.req("PLAT-07")
def test_six_packs_are_shipped_and_the_five_extend_the_nation():
    library = shipped()
    assert library.names == ("national", "chaoyang", "hebi", "hubei", "ningxia", "xiangxi")
    assert {name: [pack.name for pack in library.chain(name)] for name in library.names} == {
        "national": ["national"],
        "chaoyang": ["chaoyang", "national"],
        "hebi": ["hebi", "national"],
        "hubei": ["hubei", "national"],
        "ningxia": ["ningxia", "national"],
        "xiangxi": ["xiangxi", "national"],
    }
