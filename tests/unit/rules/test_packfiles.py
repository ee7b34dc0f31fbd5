"""Every fault of a pack's files is refused with file, line, what is wrong and how to mend it; nothing is half loaded."""

from pathlib import Path

import pytest

from jiyue.domain.rulesets import Copy, Since
from jiyue.rules import packfiles, plain_yaml
from jiyue.rules.calendarfiles import read_calendar
from jiyue.rules.library import Library
from jiyue.rules.packfiles import read_pack, read_parameters, read_value
from jiyue.rules.problem_wording import SENTENCES, sentence
from jiyue.rules.problems import PackRefused, Problem
from tests.unit.rules.packs import CITY, NATIONAL, PARAMETERS, city, parameters

RULES = Path(packfiles.__file__).parent
REPLY = "message.reply:\n  2022: {limit: 5 working-days, basis: platform 第二条}\n"


def problems_of(*, topic="", head=CITY, name="lake"):
    """(file, line, code) of each problem."""
    with pytest.raises(PackRefused) as refused:
        city(topic, head=head, name=name)
    for problem in refused.value.problems:
        assert sentence(problem).strip()
        assert "{" not in sentence(problem).replace("{for:", "")
    return [(each.file, each.line, each.code) for each in refused.value.problems]


def only(found):
    ((_, line, code),) = found
    return line, code


# topic file → (line, code) of its only problem
BROKEN = {
    "unknown parameter": ("mesage.reply:\n  2022: {limit: 5 working-days, basis: platform 一}\n", 1, "unknown-parameter"),
    "wrong unit": ("message.reply:\n  2022:\n    limit: 5 days\n    basis: platform 一\n", 3, "wrong-unit"),
    "wrong unit of the latest": (
        "message.reply:\n  2022: {limit: 5 working-days, latest: 2 weeks, basis: platform 一}\n", 2, "wrong-unit"),
    "the same day twice": (
        "message.reply:\n  2022: {limit: 5 working-days, basis: platform 一}\n"
        "  2022-01-01: {limit: 7 working-days, basis: platform 一}\n", 3, "same-day"),
    "missing basis": ("message.reply:\n  2022:\n    limit: 5 working-days\n", 2, "missing-basis"),
    "unknown text": ("message.reply:\n  2022:\n    limit: 5 working-days\n    basis: platfrom 一\n", 4, "unknown-text"),
    "no such day": ("message.reply:\n  2022-02-30: {limit: 5 working-days, basis: platform 一}\n", 2, "no-such-day"),
    "no date at all": ("message.reply:\n  limit: 5 working-days\n  basis: platform 一\n", 2, "date-missing"),
    "no values": ("message.reply: {}\n", 1, "no-dates"),
    "unknown field": (
        "message.reply:\n  2022:\n    limit: 5 working-days\n    lates: 9 working-days\n    basis: platform 一\n", 4,
        "unknown-field"),
    "a field of another kind": (
        "message.reply:\n  2022:\n    limit: 5 working-days\n    gap: 2 weeks\n    basis: platform 一\n", 4, "unknown-field"),
    "says nothing": ("message.reply:\n  2022:\n    basis: platform 一\n", 2, "says-nothing"),
    "a list where text is needed": (
        "message.reply:\n  2022:\n    limit: [5 working-days]\n    basis: platform 一\n", 3, "not-text"),
    "an empty field": ("message.reply:\n  2022:\n    limit: 5 working-days\n    basis:\n", 4, "empty-text"),
    "an unknown source": (
        "message.reply:\n  2022:\n    limit: 5 working-days\n    basis: platform 一\n    source: hearsay\n", 5, "not-one-of"),
    "latest before the limit": (
        "message.reply:\n  2022:\n    limit: 5 working-days\n    latest: 3 working-days\n    basis: platform 一\n", 4,
        "latest-before-limit"),
    "a day no duty can begin on": (
        "message.reply:\n  2999-01-01: {limit: 5 working-days, basis: platform 一}\n", 2, "day-too-far"),
    "a year before all others": ("message.reply:\n  1800: {limit: 5 working-days, basis: platform 一}\n", 2, "day-too-far"),
    "at most fewer than at least": (
        "site.temporary-offline.count:\n  2022:\n    at_least: 5 per year\n    at_most: 2 per year\n    basis: platform 一\n", 4,
        "most-below-least"),
    "a demand without a second step": (
        "message.reply:\n  2022:\n    limit: 5 working-days\n    latest_needs: reason\n    basis: platform 一\n", 4,
        "field-needs"),
    "an unknown demand": (
        "message.reply:\n  2022:\n    limit: 5 working-days\n    latest: 9 working-days\n    latest_needs: luck\n"
        "    basis: platform 一\n", 5, "not-one-of"),
    "no number": ("message.reply:\n  2022:\n    limit: soon\n    basis: platform 一\n", 3, "limit-unknown-form"),
    "an unknown unit": ("message.reply:\n  2022:\n    limit: 5 moons\n    basis: platform 一\n", 3, "limit-unknown-unit"),
    "nought": ("message.reply:\n  2022:\n    limit: 0 working-days\n    basis: platform 一\n", 3, "limit-zero"),
    "far too much": ("message.reply:\n  2022:\n    limit: 99999 working-days\n    basis: platform 一\n", 3, "limit-too-large"),
    "two ways at once": ("column.update.news:\n  2022:\n    gap: 2 weeks\n    by: 01-31\n    basis: platform 一\n", 4,
                         "fields-exclude"),
    "a rate without period": ("column.update.news:\n  2022:\n    at_least: 1\n    basis: platform 一\n", 3, "period-missing"),
    "an unknown period": (
        "column.update.news:\n  2022:\n    at_least: 1 per moon\n    basis: platform 一\n", 3, "limit-unknown-period"),
    "no such day of the year": ("site.report:\n  2022:\n    by: 02-30\n    basis: platform 一\n", 3, "limit-no-such-day"),
    "not a day of every year": ("site.report:\n  2022:\n    by: 02-29\n    basis: platform 一\n", 3, "limit-not-every-year"),
    "more than all": (
        "interpretation.coverage:\n  2022:\n    at_least: 180 %\n    basis: platform 一\n", 3, "limit-out-of-range"),
    "an event without a word": ("column.update.news:\n  2022:\n    with: ''\n    basis: platform 一\n", 3, "empty-text"),
    "answers that are no list": ("site.eligibility:\n  2022:\n    answers: no\n    basis: platform 一\n", 3, "not-a-list"),
    "an answer to nobody": (
        "site.eligibility:\n  2022:\n    answers:\n      - {for: city, answer: yes}\n      - {answer: no}\n"
        "    basis: platform 一\n", 5, "ruling-incomplete"),
    "an answer that is no mapping": (
        "site.eligibility:\n  2022:\n    answers:\n      - city\n    basis: platform 一\n", 4, "not-a-ruling"),
    "an unknown part of an answer": (
        "site.eligibility:\n  2022:\n    answers:\n      - {for: city, answer: yes, least: 1}\n    basis: platform 一\n", 4,
        "unknown-part"),
    "two answers for one": (
        "site.eligibility:\n  2022:\n    answers:\n      - {for: city, answer: yes}\n      - {for: city, answer: no}\n"
        "    basis: platform 一\n", 5, "subject-twice"),
    "a most that is no number": (
        "site.eligibility:\n  2022:\n    answers:\n      - {for: city, answer: yes, most: some}\n    basis: platform 一\n", 4,
        "not-a-number"),
    "an empty setting": ("review.levels:\n  2022:\n    value: []\n    basis: platform 一\n", 3, "empty-text"),
    "a key twice": (REPLY + REPLY, 3, "key-twice"),
    "a date twice": ("message.reply:\n  2022: {word: 及时, basis: platform 一}\n  2022: {word: 及时, basis: platform 一}\n", 3,
                     "key-twice"),
    "an alias": ("message.reply: &a\n  2022: {word: 及时, basis: platform 一}\n", 1, "anchor"),
    "a tag": ("message.reply:\n  2022: {word: !!str 及时, basis: platform 一}\n", 2, "tag"),
    "a merge key": ("message.reply:\n  <<: {}\n  2022: {word: 及时, basis: platform 一}\n", 2, "merge-key"),
    "a key that is no text": (
        "message.reply:\n  [2022]: {word: 一, basis: platform 一}\n  2023: {word: 一, basis: platform 一}\n", 2, "key-not-text"),
    "a second document": (REPLY + "---\n" + REPLY, 3, "second-document"),
    "a list": ("- a\n", 1, "not-a-mapping"),
    "a word": ("及时\n", 1, "not-a-mapping"),
    "nothing": ("", 0, "empty-file"),
    "only a comment": ("# 还没有\n", 0, "empty-file"),
    "a tab": ("message.reply:\n\t2022: {word: 及时, basis: platform 一}\n", 2, "tab"),
    "not yaml": ("message.reply:\n  2022: {word: 及时\n", 3, "not-yaml"),
    "a text instead of values": ("message.reply: 5\n", 1, "not-fields"),
    "a text instead of a value": ("message.reply:\n  2022: 5\n", 2, "not-fields"),
}  # fmt: skip


@pytest.mark.parametrize("fault", BROKEN)
def test_a_faulty_value_is_refused_at_its_line(fault):
    topic, line, code = BROKEN[fault]
    assert only(problems_of(topic=topic)) == (line, code)


HEADS = {
    "another name": (("pack: lake", "pack: sea"), 1, "folder-differs"),
    "an unknown level": (("level: city", "level: village"), 3, "not-one-of"),
    "no pack above": (("extends: national\n", ""), 1, "missing-field"),
    "a version that is no day": (("version: 2026-11-22", "version: 2026-11-31"), 5, "no-such-day"),
    "a version that is a month": (("version: 2026-11-22", "version: 2026-11"), 5, "no-such-day"),
    "an unknown field": (("name: 示范省澄湖市", "name: 示范省澄湖市\ncolour: red"), 3, "unknown-field"),
    "a text without title": (("    title: 澄湖市政府网站管理办法\n", ""), 7, "missing-field"),
    "a number left out": (("    number: null\n", ""), 7, "missing-field"),
    "an unknown copy": (("source: notes", "source: rumour"), 12, "not-one-of"),
    "a date that does not exist": (("in_force: 2022-03", "in_force: 2022-13"), 11, "no-such-day"),
    "a key that is no name": (("  platform:", "  Platform 1:"), 7, "not-a-name"),
    "no texts": (("texts:\n", "texts: []\ntexte:\n"), 6, "not-fields"),
}


@pytest.mark.parametrize("fault", HEADS)
def test_a_faulty_pack_file_is_refused_at_its_line(fault):
    (before, after), line, code = HEADS[fault]
    found = problems_of(head=CITY.replace(before, after), topic="")
    assert ("lake/pack.yaml", line, code) in found


def test_the_nation_extends_nobody():
    head = NATIONAL.replace("level: nation", "level: nation\nextends: national")
    assert ("national/pack.yaml", 4, "nation-extends") in problems_of(head=head, name="national")


def test_a_folder_without_pack_file_is_no_pack():
    with pytest.raises(PackRefused) as refused:
        read_pack({"topic.yaml": REPLY.encode()}, name="lake", parameters=parameters())
    assert [each.code for each in refused.value.problems] == ["no-pack-file"]


def test_everything_wrong_is_told_at_once():
    topic = (
        "mesage.reply:\n  2022: {word: 及时, basis: platform 一}\n"
        "message.reply:\n  2022-02-30: {}\n  2023:\n    limit: 5 days\n"
    )
    assert problems_of(topic=topic, head=CITY.replace("level: city", "level: town")) == [
        ("lake/pack.yaml", 3, "not-one-of"),
        ("lake/topic.yaml", 1, "unknown-parameter"),
        ("lake/topic.yaml", 4, "no-such-day"),
        ("lake/topic.yaml", 5, "missing-basis"),
        ("lake/topic.yaml", 6, "wrong-unit"),
    ]


def test_all_lines_with_tabs_are_told_at_once():
    assert [each[1] for each in problems_of(topic="a:\n\tb: c\n\td: e\n")] == [2, 3]


def test_one_day_in_two_files_is_told_with_both_places():
    files = {"pack.yaml": CITY.encode(), "a.yaml": REPLY.encode(), "b.yaml": REPLY.replace("2022", "2022-01").encode()}
    with pytest.raises(PackRefused) as refused:
        read_pack(files, name="lake", parameters=parameters())
    (problem,) = refused.value.problems
    assert (problem.file, problem.line) == ("lake/b.yaml", 2)
    assert "lake/a.yaml 第 2 行" in sentence(problem)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (REPLY.encode("gbk"), "not-utf8"),
        (REPLY.encode("utf-16"), "not-utf8"),
        (b"message.reply:\n  2022: {word: \x00, basis: platform a}\n", "not-a-character"),
        (b"# " + b"x" * plain_yaml.MOST_BYTES, "file-too-large"),
        (("[" * 40 + "]" * 40).encode(), "too-deep"),
        (b"a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\n", "alias"),
    ],
)
def test_a_file_that_cannot_be_meant_is_refused(content, code):
    with pytest.raises(PackRefused) as refused:
        read_pack({"pack.yaml": CITY.encode(), "t.yaml": content}, name="lake", parameters=parameters())
    assert code in [each.code for each in refused.value.problems]


def test_what_editors_on_windows_write_does_no_harm_and_lines_stay_true():
    windows = ("\ufeff" + REPLY).replace("\n", "\r\n").encode()
    pack = read_pack({"pack.yaml": CITY.encode(), "t.yaml": windows}, name="lake", parameters=parameters())
    assert len(pack.values["message.reply"]) == 1
    broken = windows.replace(b"limit: 5 working-days", b"limit: 5 moons")
    with pytest.raises(PackRefused) as refused:
        read_pack({"pack.yaml": CITY.encode(), "t.yaml": broken}, name="lake", parameters=parameters())
    assert [each.line for each in refused.value.problems] == [2]


def test_nothing_is_guessed_from_the_look_of_a_text():
    """`no` is no boolean, 1.10 no number, 2022-01 no date, where YAML would have them so."""
    pack = city("message.reply:\n  2022-01: {word: no, basis: platform 1.10, note: 2022-05-01}\n")
    (value,) = pack.values["message.reply"]
    assert (value.word, value.basis[0].article, value.note, value.since) == (
        "no",
        "1.10",
        "2022-05-01",
        Since("2022-01"),
    )


def test_only_a_setting_has_numbers_and_true_and_false_unless_quoted():
    pack = city("review.levels:\n  2022: {value: [3, '3', 0.5, true, 'true', 03, yes], basis: platform 一}\n")
    assert pack.values["review.levels"][0].terms.value == [3, "3", 0.5, True, "true", "03", "yes"]


def test_how_a_text_was_read_comes_from_the_text_unless_the_value_says_otherwise():
    pack = city(
        REPLY + "log.retention:\n  2022: {at_least: 6 months, basis: [platform 一, platform 二], source: issued}\n"
    )
    assert [basis.source for basis in pack.values["message.reply"][0].basis] == [Copy.NOTES]
    assert [basis.source for basis in pack.values["log.retention"][0].basis] == [Copy.ISSUED, Copy.ISSUED]


def test_a_value_decided_outside_a_file_is_read_by_the_same_rules():
    texts = read_pack({"pack.yaml": CITY.encode()}, name="lake", parameters=parameters()).texts
    parameter = parameters()["message.reply"]
    value = read_value(
        b"limit: 3 working-days\nbasis: platform \xe4\xb8\x80\n",
        file="值",
        parameter=parameter,
        since="2024",
        texts=texts,
    )
    assert (str(value.terms.limit), value.since) == ("3 working-days", Since("2024"))
    with pytest.raises(PackRefused) as refused:
        read_value(b"limit: 3 days\n", file="值", parameter=parameter, since="2024-02-31", texts=texts)
    assert {each.code for each in refused.value.problems} == {"no-such-day"}


def test_the_catalogue_is_checked_too():
    broken = PARAMETERS.replace("kind: deadline", "kind: limit", 1).replace("ids: [P-60]", "ids: [P-32]").replace(
        "  units: [date]\n", "").replace("kind: setting", "kind: setting\n  units: [days]\n  fallback: by-subject").replace(
        "P-54", "54")  # fmt: skip
    with pytest.raises(PackRefused) as refused:
        read_parameters(broken.encode(), file="parameters.yaml")
    codes = [each.code for each in refused.value.problems]
    assert sorted(codes) == [
        "kind-has-no-subjects",
        "kind-has-no-units",
        "missing-field",
        "not-a-number-of-requirements",
        "not-one-of",
        "number-twice",
    ]


CALENDARS = {
    "another year": ("year: 2025\nnotice: null\noff: {2024-12-31: 元旦}\nworked: {}\n", 3, "calendar-other-year"),
    "a week day worked": ("year: 2025\nnotice: null\noff: {}\nworked:\n  2025-01-02: 元旦\n", 5, "calendar-worked-weekday"),
    "no holiday": ("year: 2025\nnotice: null\noff: {2025-01-01: }\nworked: {}\n", 3, "empty-text"),
    "no day": ("year: 2025\nnotice: null\noff: {2025-02-29: 元旦}\nworked: {}\n", 3, "no-such-day"),
    "a month": ("year: 2025\nnotice: null\noff: {2025-02: 元旦}\nworked: {}\n", 3, "no-such-day"),
    "no part": ("year: 2025\nnotice: null\noff: {}\n", 1, "missing-field"),
    "another file": ("year: 2026\nnotice: null\noff: {}\nworked: {}\n", 1, "year-differs"),
    "no year": ("year: soon\nnotice: null\noff: {}\nworked: {}\n", 1, "not-a-year"),
    "off and worked": (
        "year: 2025\nnotice: null\noff:\n  2025-01-04: 元旦\nworked:\n  2025-01-04: 元旦\n", 4, "calendar-off-and-worked"),
}  # fmt: skip


@pytest.mark.parametrize("fault", CALENDARS)
def test_a_faulty_calendar_is_refused_at_its_line(fault):
    content, line, code = CALENDARS[fault]
    with pytest.raises(PackRefused) as refused:
        read_calendar(content.encode(), file="calendars/2025.yaml")
    assert [(each.line, each.code) for each in refused.value.problems] == [(line, code)]


def library(folder, **heads):
    (folder / "parameters.yaml").write_text(PARAMETERS, "utf-8")
    for name, head in heads.items():
        (folder / name).mkdir()
        (folder / name / "pack.yaml").write_text(head, "utf-8")
    return Library(folder)


def test_a_loop_of_packs_is_refused(tmp_path):
    one = CITY.replace("extends: national", "extends: sea")
    two = CITY.replace("pack: lake", "pack: sea").replace("extends: national", "extends: lake")
    with pytest.raises(PackRefused) as refused:
        library(tmp_path, lake=one, sea=two).chain("lake")
    assert [(each.file, each.line, each.code) for each in refused.value.problems] == [
        ("sea/pack.yaml", 4, "extends-loop")
    ]
    assert "lake → sea → lake" in sentence(refused.value.problems[0])


def test_a_pack_above_that_is_absent_is_refused(tmp_path):
    with pytest.raises(PackRefused) as refused:
        library(tmp_path, lake=CITY).chain("lake")
    assert [(each.line, each.code) for each in refused.value.problems] == [(4, "unknown-pack")]


def test_a_misnamed_file_is_told_and_not_passed_over(tmp_path):
    packs = library(tmp_path, national=NATIONAL, lake=CITY)
    (tmp_path / "lake" / "topic.yml").write_text(REPLY, "utf-8")
    with pytest.raises(PackRefused) as refused:
        packs.pack("lake")
    assert [each.code for each in refused.value.problems] == ["wrong-suffix"]


def test_a_pack_kept_elsewhere_stands_beside_those_of_the_folder(tmp_path):
    packs = library(tmp_path, national=NATIONAL)
    assert packs.with_packs([city(REPLY)]).ruleset("lake").nearest.name == "lake"
    assert packs.names == ("national",)


def test_every_problem_has_a_sentence_and_every_sentence_a_problem():
    """A code that nobody can meet would be dead, one without a sentence would break the telling."""
    sources = "".join(
        path.read_text("utf-8") for path in sorted(RULES.glob("*.py"))
        if path.name != "problem_wording.py"
    ) + (RULES.parent / "domain" / "rule_fields.py").read_text("utf-8")  # fmt: skip
    unheard = [
        code for code in SENTENCES if f'"{code}"' not in sources and not code.startswith(("limit-", "calendar-"))
    ]
    assert unheard == []


def test_a_sentence_names_the_nearest_known_word():
    problem = Problem("a.yaml", 1, "unknown-parameter", {"found": "mesage.reply", "nearest": "message.reply"})
    assert sentence(problem).endswith("；是不是“message.reply”？")


CLASSES = {
    "a class with less time than all have": ("{name: 甲, limit: 3 working-days}", "class-before-limit"),
    "a class without a limit": ("{name: 甲}", "class-incomplete"),
    "a class that is no mapping": ("甲", "not-a-class"),
    "a latest limit before the limit": (
        "{name: 甲, limit: 9 working-days, latest: 8 working-days}",
        "latest-before-limit",
    ),
    "a class in other days": ("{name: 甲, limit: 9 days}", "wrong-unit"),
    "an unknown part of a class": ("{name: 甲, limit: 9 working-days, when: 难}", "unknown-part"),
    "a name that is too long": (f"{{name: {'长' * 41}, limit: 9 working-days}}", "class-incomplete"),
}


@pytest.mark.req("INT-04")
@pytest.mark.parametrize("fault", CLASSES)
def test_classes_that_do_not_hold_are_told(fault):
    line, code = CLASSES[fault]
    topic = (
        f"message.reply:\n  2022:\n    limit: 5 working-days\n    classes:\n      - {line}\n    basis: platform 一\n"
    )
    assert code in {found for _file, _line, found in problems_of(topic=topic)}


def test_only_what_somebody_classes_has_classes():
    topic = (
        "interpretation.publish:\n  2022:\n    limit: 3 working-days\n    classes:\n"
        "      - {name: 甲, limit: 5 working-days}\n    basis: platform 一\n"
    )
    assert "has-no-classes" in {found for _file, _line, found in problems_of(topic=topic)}
