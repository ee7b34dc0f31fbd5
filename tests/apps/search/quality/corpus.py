"""The real documents as entries, and how well an engine answers what the judgements ask."""

import json
import math
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from jiyue.search.answering import Answering
from jiyue.search.asking import Question
from jiyue.search.entries import Entry
from jiyue.search.lexicon import FILE, Lexicon, LexiconFile, Place

ROOT = Path(__file__).resolve().parents[4]
DATA = Path(os.environ.get("JIYUE_TEST_DATA", ROOT.parent / "shared" / "data")) / "policy_docs"
JUDGEMENTS = Path(__file__).with_name("judgements.tsv")
NOW = datetime(2026, 11, 22, tzinfo=UTC)
SITE, COLUMN = 1, 10


@dataclass(frozen=True)
class Judgement:
    kind: str
    query: str
    grades: dict[str, int]


@dataclass(frozen=True)
class Score:
    query: str
    kind: str
    ndcg: float
    is_found: bool  # one of the best among the first three
    got: tuple[str, ...]


def judgements() -> list[Judgement]:
    lines = JUDGEMENTS.read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return [Judgement(kind, query, dict(_grade(part) for part in grades.split(";"))) for kind, query, grades in rows]


def _grade(part: str) -> tuple[str, int]:
    title, _mark, grade = part.strip().rpartition("=")
    return title, int(grade)


def entries() -> Iterator[Entry]:
    """Every titled document of the development data."""
    number = 0
    for file in sorted(DATA.glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            if record.get("title"):
                number += 1
                yield _entry(number, record)


def _entry(number: int, record: dict) -> Entry:
    text = record.get("text") or record.get("content") or record.get("full_text") or ""
    year = _year(record)
    return Entry(
        key=f"{SITE}:{number}", site=SITE, address=f"/zwgk/{number}.html", column=COLUMN, columns=(COLUMN,),
        kind="policy_document", title=record["title"], text=text, year=year,
        published=int(datetime(year, 6, 1, tzinfo=UTC).timestamp()),
        number=record.get("doc_no") or "、".join(record.get("numbers") or []),
        index_number=record.get("index_no") or "", issuers=(record["issuer"],) if record.get("issuer") else (),
    )  # fmt: skip


def _year(record: dict) -> int:
    for name in ("published_date", "version_date", "publish_date", "year"):
        found = str(record.get(name) or "")[:4]
        if found.isdigit():
            return int(found)
    return 2000


def service(engine, folder: Path) -> Answering:
    """What answers with this engine about the one site of the corpus."""
    place = Place(host="www.chenghu.localhost", origin="http://www.chenghu.localhost", name="澄湖市人民政府")
    lexicon = Lexicon(sites={SITE: place}, columns={COLUMN: "政策文件"}, kinds={"policy_document": "政策文件"})
    (folder / FILE).write_bytes(lexicon.written())
    return Answering(engine, LexiconFile(folder), lambda _host, _address: True)


def scores(answering: Answering) -> list[Score]:
    return [_score(answering, judgement) for judgement in judgements()]


def _score(answering: Answering, judgement: Judgement) -> Score:
    answer = answering.answer(Question(query=judgement.query), host="www.chenghu.localhost", now=NOW)
    got = [result.title.striptags() for result in answer.results]
    grades = [judgement.grades.get(_one_line(title), 0) for title in got]
    titles = {_one_line(title) for title in judgement.grades}
    ideal = sorted(_copies(titles, judgement.grades), reverse=True)[:10]
    best = max(judgement.grades.values())
    return Score(judgement.query, judgement.kind, _gain(grades) / _gain(ideal), best in grades[:3], tuple(got[:3]))


def _one_line(title: str) -> str:
    return " ".join(title.split())


def _copies(titles: set[str], grades: dict[str, int]) -> Iterator[int]:
    """A title may stand for several documents; each of them counts."""
    for title in titles:
        yield from [grades[title]] * max(1, _counts().get(title, 0))


def _counts(_kept: dict[str, int] | None = None) -> dict[str, int]:
    if not _COUNTS:
        for entry in entries():
            title = _one_line(entry.title)
            _COUNTS[title] = _COUNTS.get(title, 0) + 1
    return _COUNTS


_COUNTS: dict[str, int] = {}


def _gain(grades: list[int]) -> float:
    return sum((2**grade - 1) / math.log2(place + 2) for place, grade in enumerate(grades[:10]))


def summary(found: list[Score]) -> dict[str, float]:
    known = [score for score in found if score.kind == "known"]
    return {
        "ndcg@10": sum(score.ndcg for score in found) / len(found),
        "success@3": sum(score.is_found for score in known) / len(known),
    }
