"""Whatever happens to a file, it is read or refused in sentences: nothing else is raised, and it does not take long."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jiyue.rules.calendarfiles import read_calendar
from jiyue.rules.library import shipped, yaml_files
from jiyue.rules.packfiles import read_pack, read_parameters
from jiyue.rules.plain_yaml import MOST_BYTES
from jiyue.rules.problem_wording import sentence
from jiyue.rules.problems import MOST, PackRefused
from tests.unit.rules.packs import CITY, parameters

FOLDER = shipped().folder
HEBI = dict(yaml_files(FOLDER / "hebi"))
PARTS = [
    b"\t", b"&a ", b"*a", b"!!str ", b"- ", b": ", b"{", b"}", b"[", b"]", b"'", b'"', b"\n", b"\r", b"\x00", b"\xff",
    "，".encode(), b"? ", b"| ", b"> ", b"---\n", b"...\n", b"<<: ", b"%", b"2022-02-30", b"null", b"\xef\xbb\xbf", b"#",
]  # fmt: skip


@st.composite
def damaged(draw):
    """A file of a pack, and what is left of it."""
    name = draw(st.sampled_from(sorted(HEBI)))
    content = HEBI[name]
    for _ in range(draw(st.integers(1, 4))):
        at, until = sorted((draw(st.integers(0, len(content))), draw(st.integers(0, len(content)))))
        until = min(until, at + draw(st.integers(0, 60)))
        content = content[:at] + draw(st.sampled_from(PARTS) | st.binary(max_size=4)) + content[until:]
    return name, content


@settings(max_examples=300, deadline=None)
@given(damaged())
def test_a_damaged_pack_is_read_or_refused_in_sentences(damage):
    name, content = damage
    try:
        read_pack({**HEBI, name: content}, name="hebi", parameters=shipped().parameters)
    except PackRefused as refusal:
        told = [sentence(problem) for problem in refusal.problems]
        assert all(told)
        assert all(0 <= problem.line <= content.count(b"\n") + content.count(b"\r") + 2 or problem.file != f"hebi/{name}"
                   for problem in refusal.problems)  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(content):
    for read in (read_parameters, read_calendar):
        try:
            read(content, file="calendars/2025.yaml")
        except PackRefused as refusal:
            assert all(map(sentence, refusal.problems))


TOO_MUCH = {
    "unknown names": b"".join(b"a%d:\n" % number for number in range(100_000)),
    "one long name": b"a" * (MOST_BYTES - 10) + b": 1",
    "one long text": b"message.reply:\n  2022:\n    limit: " + b"5" * (MOST_BYTES - 100),
    "deep lists": b"a: " + b"[" * (MOST_BYTES - 10),
    "deep mappings": b"a: " + b"{b: " * 200_000,
    "deep indentation": b"\n".join(b" " * number + b"a:" for number in range(1_300)),
    "many dates": b"message.reply:\n" + b"".join(b"  %04d-%02d-31: {}\n" % (year, month)
                                                 for year in range(1000, 4000) for month in range(1, 13)),
    "many anchors": b"".join(b"a%d: &b%d x\n" % (number, number) for number in range(50_000)),
    "laughs": b"a: &a [x]\n" + b"".join(b"a%d: &a%d [%s]\n" % (each, each, b",".join([b"*a"] * 50)) for each in range(100)),
}  # fmt: skip


@pytest.mark.parametrize("kind", TOO_MUCH)
def test_too_much_of_anything_is_refused_soon(kind):
    began = time.process_time()
    with pytest.raises(PackRefused) as refused:
        read_pack({"pack.yaml": CITY.encode(), "t.yaml": TOO_MUCH[kind]}, name="lake", parameters=parameters())
    assert all(len(sentence(problem)) < 600 for problem in refused.value.problems)
    assert len(refused.value.problems) <= MOST + 1
    assert time.process_time() - began < 5
