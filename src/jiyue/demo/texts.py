"""The demo city's documents as frozen dataclasses, dated relative to the day they are read for."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jiyue.content.needs import NEEDS, why_not
from jiyue.demo.files import FileSpec, picture
from jiyue.demo.places import FOLDER, DemoTextError, Places, read_places, read_yaml
from jiyue.demo.prose import Block, BodyWriter, chinese_date, fill

SHANGHAI = ZoneInfo("Asia/Shanghai")
KINDS = frozenset(
    {
        "article",
        "notice",
        "policy_document",
        "interpretation",
        "leader",
        "institution",
        "topic",
        "gallery",
        "plain_page",
    }
)
# The states of content.Record that a demo document can end in, and "scheduled": signed off, public at its time.
STAGES = frozenset({"draft", "secrecy", "first", "second", "final", "returned", "scheduled", "published", "withdrawn"})
EFFECTS = frozenset({"vital", "general", "none"})
VALIDITIES = frozenset({"in_force", "amended", "repealed", "expired"})


@dataclass(frozen=True)
class Policy:
    """Core metadata of an official document. `index_number` has 20 or 29 characters."""

    number: str
    index_number: str
    issuer: str
    written_on: date
    effective_on: date | None
    genre: str
    subject: str
    audience: str
    addressee: str = ""
    expires_on: date | None = None
    validity: str = "in_force"
    superseded_by: str | None = None
    effect: str = "none"
    needs: dict[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Correction:
    old: str
    new: str
    reason: str
    finder: str
    at: datetime


@dataclass(frozen=True)
class Withdrawal:
    """`kind` is error | merged | repealed."""

    kind: str
    reason: str
    at: datetime


@dataclass(frozen=True)
class Office:
    """What an institution's page tells beside its text."""

    address: str
    telephone: str
    hours: str
    head: str


@dataclass(frozen=True)
class Return:
    """Sent back at `level` (a code of `review.Level`); `finding` is what a check had marked, or empty."""

    level: str
    reason: str
    finding: str = ""


@dataclass(frozen=True)
class Document:
    """One document of one site. `published_at` is Shanghai time; for an unpublished stage, the time of its last step.

    `blocks` is the raw body; "@n" in it means `files[n]`. `column` is a path of the site's tree.
    `kind` is a code of `content.Record.Kind`, `stage` one of `STAGES`, `form` a code of `content.Interpretation.Form`.
    """

    key: str
    site: str
    column: str
    kind: str
    stage: str
    title: str
    summary: str
    source: str
    keywords: tuple[str, ...]
    editor: str
    published_at: datetime
    blocks: tuple[Block, ...]
    files: tuple[FileSpec, ...]
    cover: FileSpec | None = None
    cover_alt: str = ""
    emergency: bool = False
    archived: bool = False
    ends_on: date | None = None
    post: str = ""
    duties: str = ""
    office: Office | None = None
    policy: Policy | None = None
    interprets: str | None = None
    form: str = ""
    topic: str | None = None
    correction: Correction | None = None
    withdrawal: Withdrawal | None = None
    returned: Return | None = None
    text: str = field(default="", repr=False)


@dataclass(frozen=True)
class City:
    places: Places
    documents: tuple[Document, ...]

    def of_site(self, site: str) -> tuple[Document, ...]:
        """The documents of one site, oldest first."""
        return tuple(document for document in self.documents if document.site == site)


def load_city(*, today: date, folder: Path = FOLDER) -> City:
    """The whole city as of `today` (a day in Shanghai), documents oldest first.

    Raises DemoTextError when the data contradicts itself.
    """
    places = read_places(folder)
    drafts = [_Draft(row, site, places, today) for site, row in _rows(folder)]
    index = _by_key(drafts)
    documents = sorted((draft.finish(index) for draft in drafts), key=lambda one: (one.published_at, one.key))
    return City(places=places, documents=_numbered(documents, places))


def _rows(folder: Path) -> Iterable[tuple[str, dict[str, Any]]]:
    for path in sorted((folder / "documents").glob("*.yaml")):
        content = read_yaml(path)
        yield from ((content["site"], row) for row in content["documents"])


def _by_key(drafts: Iterable[_Draft]) -> dict[str, _Draft]:
    counted = Counter(draft.key for draft in drafts)
    twice = [key for key, count in counted.items() if count > 1]
    if twice:
        raise DemoTextError(f"keys used twice: {twice}")
    return {draft.key: draft for draft in drafts}


class _Draft:
    """A row of a data file, before its references to other rows are known to resolve."""

    def __init__(self, row: dict[str, Any], site: str, places: Places, today: date) -> None:
        self.row, self.site, self.places = row, site, places
        self.key: str = row["key"]
        self.day = today - timedelta(days=row["days_ago"])
        self.written_on = self.day - timedelta(days=row.get("policy", {}).get("written", 0))
        self._require(site in places.sites, f"no such site: {site}")
        self._require(row["column"] in places.sites[site].all_columns(), f"no such column: {row['column']}")
        self._require(row["kind"] in KINDS, f"unknown kind: {row['kind']}")
        self._require(row.get("stage", "published") in STAGES, f"unknown stage: {row.get('stage')}")

    def _require(self, truth: bool, message: str) -> None:
        if not truth:
            raise DemoTextError(f"{self.key}: {message}")

    @property
    def number(self) -> str:
        return fill(self.row["policy"]["number"], self.written_on)

    @property
    def title(self) -> str:
        return fill(self.row["title"], self.day)

    def finish(self, index: Mapping[str, _Draft]) -> Document:
        """The document; raises DemoTextError for a reference to a row that does not exist."""
        self._index = index
        row = self.row
        for name in ("interprets", "topic"):
            self._require(row.get(name) is None or row[name] in index, f"{name} leads nowhere: {row.get(name)}")
        body = self._body()
        cover = row.get("cover")
        return Document(
            key=self.key,
            site=self.site,
            column=row["column"],
            kind=row["kind"],
            stage=row.get("stage", "published"),
            title=self.title,
            summary=self._fill(row["summary"]),
            source=row.get("source", self.places.sites[self.site].short),
            keywords=tuple(row.get("keywords", ())),
            editor=row.get("editor", self.places.team(self.site, "editor").username),
            published_at=self._moment(row["days_ago"], row["at"]),
            blocks=tuple(body.blocks),
            files=tuple(body.files),
            cover=picture(cover["scene"], cover["seed"], "3:2") if cover else None,
            cover_alt=cover["alt"] if cover else "",
            emergency=row.get("emergency", False),
            archived=row.get("archived", False),
            ends_on=self._after(self.day, row.get("ends")),
            post=row.get("post", ""),
            duties=self._duties(),
            office=Office(**row["office"]) if "office" in row else None,
            policy=self._policy(),
            interprets=row.get("interprets"),
            form=row.get("form", ""),
            topic=row.get("topic"),
            correction=self._correction(),
            withdrawal=self._withdrawal(),
            returned=Return(**row["returned"]) if "returned" in row else None,
            text=self._fill(self._all_text()),
        )

    def _moment(self, days_ago: int, at: str) -> datetime:
        day = self.day + timedelta(days=self.row["days_ago"] - days_ago)
        return datetime.combine(day, time.fromisoformat(at), SHANGHAI)

    @staticmethod
    def _after(start: date, days: int | None) -> date | None:
        return None if days is None else start + timedelta(days=days)

    def _expiry(self, policy: dict[str, Any]) -> date | None:
        """`years` after taking effect, counted in years of 365 days so that no leap day is missed."""
        if "years" not in policy:
            return None
        return self._after(self.written_on, policy.get("effective", 0) + 365 * policy["years"])

    def _duties(self) -> str:
        """What stands under 工作分工 on a leader's page."""
        _, _, after = self.row.get("body", "").partition("## 工作分工\n")
        return after.partition("\n##")[0].strip()

    def _fill(self, text: str) -> str:
        return fill(text, self.day, self._lookup)

    def _lookup(self, word: str, key: str) -> str:
        if word == "written":
            return chinese_date(self.written_on)
        if word == "effective":
            return chinese_date(self.written_on + timedelta(days=self.row["policy"]["effective"]))
        self._require(key in self._index, f"refers to {key}, which does not exist")
        other = self._index[key]
        answers = {"number": lambda: other.number, "title": lambda: other.title}
        answers["dated"] = lambda: chinese_date(other.written_on)
        self._require(word in answers, f"unknown placeholder: {word}")
        return answers[word]()

    def _all_text(self) -> str:
        return "\n".join([self.row.get("official", {}).get("text", ""), self.row.get("body", "")]).strip()

    def _body(self) -> BodyWriter:
        attachments = {name: self._fill(text) for name, text in self.row.get("attachments", {}).items()}
        writer = BodyWriter(attachments=attachments, transcript=self._fill(self.row.get("transcript", "")))
        if "official" in self.row:
            writer.add("official", self._official())
        writer.write(self._fill(self.row.get("body", "")))
        self._require(bool(writer.blocks), "has no body")
        return writer

    def _official(self) -> Block:
        row, issuer = self.row["official"], self._issuer()
        lines = [line.strip() for line in self._fill(row["text"]).splitlines() if line.strip()]
        return {
            "title": self.title,
            "document_number": self.number if "policy" in self.row else "",
            "addressee": row.get("addressee", ""),
            "body": "".join(f"<p>{line}</p>" for line in lines),
            "signature": row.get("signature", self.places.organisations[issuer].name),
            "date": self.written_on.isoformat(),
            "notes": row.get("notes", ""),
            "copies": row.get("copies", ""),
        }

    def _issuer(self) -> str:
        issuer = self.row.get("policy", {}).get("issuer", self.places.sites[self.site].sponsor)
        self._require(issuer in self.places.organisations, f"no such issuer: {issuer}")
        return str(issuer)

    def _policy(self) -> Policy | None:
        row = self.row.get("policy")
        if row is None:
            return None
        self._require("official" in self.row, "a policy document needs its official text")
        validity, superseded_by = row.get("validity", "in_force"), row.get("superseded_by")
        self._require(validity in VALIDITIES, f"unknown validity: {validity}")
        self._require(superseded_by is None or superseded_by in self._index, f"superseded by nothing: {superseded_by}")
        return Policy(
            number=self.number,
            index_number="",
            issuer=self._issuer(),
            written_on=self.written_on,
            effective_on=self._after(self.written_on, row.get("effective")),
            addressee=self.row["official"].get("addressee", "").rstrip("："),
            expires_on=self._expiry(row),
            genre=row["genre"],
            subject=row["subject"],
            audience=row.get("audience", "公众、企业"),
            validity=validity,
            superseded_by=superseded_by,
            effect=self._effect(row),
            needs=self._needs(row),
        )

    def _effect(self, row: dict[str, Any]) -> str:
        """Whom it touches, by the code of content.PolicyDocument: who names an audience writes for people."""
        effect = row.get("effect", "vital" if "audience" in row else "none")
        self._require(effect in EFFECTS, f"unknown effect: {effect}")
        return effect

    def _needs(self, row: dict[str, Any]) -> dict[str, list[str]]:
        """For whom and for what, by the codes of content.needs; many documents say nothing of it."""
        needs = row.get("needs", {})
        for name, codes in needs.items():
            self._require(name in NEEDS and not why_not(NEEDS[name], codes), f"unknown needs: {name} {codes}")
        return dict(needs)

    def _correction(self) -> Correction | None:
        row = self.row.get("correction")
        if row is None:
            return None
        facts = {name: self._fill(row[name]) for name in ("old", "new", "reason", "finder")}
        return Correction(**facts, at=self._moment(row["days_ago"], row["at"]))

    def _withdrawal(self) -> Withdrawal | None:
        row = self.row.get("withdrawal")
        if row is None:
            return None
        return Withdrawal(kind=row["kind"], reason=row["reason"], at=self._moment(row["days_ago"], row["at"]))


def _numbered(documents: Iterable[Document], places: Places) -> tuple[Document, ...]:
    """Give each policy document its index number: organisation code / year - serial within issuer and year."""
    serials: dict[tuple[str, int], int] = defaultdict(int)
    numbered = []
    for document in documents:
        if policy := document.policy:
            year = policy.written_on.year
            serials[policy.issuer, year] += 1
            code = places.organisations[policy.issuer].code
            number = f"{code}/{year}-{serials[policy.issuer, year]:05d}"
            document = replace(document, policy=replace(policy, index_number=number))
        numbered.append(document)
    return tuple(numbered)
