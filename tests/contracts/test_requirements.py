"""What the table of requirements says is so: complete, in order, and a test behind every `done`."""

from collections import Counter

import pytest

from tests.contracts import requirements_table as table

ROWS = table.requirements()
PACKAGE = table.ROOT / "src" / "jiyue"


def is_there(module):
    place = PACKAGE.joinpath(*module.split("."))
    return place.is_dir() or place.with_suffix(".py").is_file()


def test_all_309_requirements_are_listed_once_and_in_order():
    expected = [f"{area}-{number:02}" for area, count in table.AREAS.items() for number in range(1, count + 1)]
    assert [row.id for row in ROWS] == expected
    assert len(ROWS) == 309


def test_every_row_is_filled_in():
    incomplete = [row.id for row in ROWS if not (row.statement and row.articles and row.module)]
    assert incomplete == []


def test_states_are_known_and_half_done_ones_say_what_is_left():
    assert {row.state for row in ROWS} <= set(table.STATES)
    assert [row.id for row in ROWS if row.state == "partly" and not row.note] == []


def test_what_is_begun_has_its_module():
    assert [f"{row.id} {row.module}" for row in ROWS if row.state != "planned" and not is_there(row.module)] == []


def test_no_statement_is_given_twice():
    twice = [statement for statement, count in Counter(row.statement for row in ROWS).items() if count > 1]
    assert twice == []


def test_tests_name_known_requirements_only():
    known = {row.id for row in ROWS}
    assert {name: places for name, places in table.marks().items() if name not in known} == {}


def test_every_requirement_that_is_done_has_a_test():
    marked = table.marks()
    assert [row.id for row in ROWS if row.state == "done" and row.id not in marked] == []


def test_marks_are_found_on_functions_classes_and_whole_modules(tmp_path):
    (tmp_path / "test_some.py").write_text(
        'import pytest\n\npytestmark = [pytest.mark.slow, pytest.mark.req("REV-01")]\n\n\n'
        '@pytest.mark.req("REV-02", "REV-03")\nclass TestIt:\n'
        '    @pytest.mark.req("LIB-01")\n    def test_a(self): 0\n',
        "utf-8",
    )
    assert table.marks(tmp_path) == {
        "REV-01": {"test_some.py:3"},
        "REV-02": {"test_some.py:6"},
        "REV-03": {"test_some.py:6"},
        "LIB-01": {"test_some.py:8"},
    }


def test_the_summary_adds_up(tmp_path):
    rows = ["PLAT-01,a,b,done,estate,", "PLAT-02,a,b,planned,estate,", "CAL-01,a,b,partly,rules,later"]
    small = tmp_path / "requirements.csv"
    small.write_text("\n".join(["id,statement,articles,state,module,note", *rows]), "utf-8")
    lines = [line.split() for line in table.summary(small).splitlines()]
    assert lines[0] == ["area", "done", "partly", "planned", "all"]
    assert lines[1:3] == [["PLAT", "1", "0", "1", "2"], ["CAL", "0", "1", "0", "1"]]
    assert lines[-1] == ["total", "1", "1", "1", "3"]


def test_a_row_with_a_column_too_many_is_refused(tmp_path):
    broken = tmp_path / "requirements.csv"
    broken.write_text("id,statement,articles,state,module,note\nPLAT-01,a,b,done,estate,,more\n", "utf-8")
    with pytest.raises(TypeError):
        table.requirements(broken)
