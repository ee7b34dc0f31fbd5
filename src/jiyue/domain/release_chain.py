"""Releases: each names its tree, its time and the hash of the release before it, and is signed.

Everything here can be recomputed by anybody who has the files and trusts the first key.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Final, NamedTuple, Self

from jiyue.domain.canonical import canonical
from jiyue.domain.digests import algorithm_of, digest_of, is_digest

PUBLISH: Final = "publish"
ROLLBACK: Final = "rollback"
KINDS: Final = (PUBLISH, ROLLBACK)

_SIGNED_AS: Final = b"jiyue release 1\n"
_INTRODUCED_AS: Final = b"jiyue key 1\n"
_HOST: Final = re.compile(r"(?!.{254})[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*")

_FILE_NAME: Final = re.compile(r"[0-9]{8}\.json")

# (key id, signed bytes, signature) → is it genuine?
Verify = Callable[[str, bytes, str], bool]


class BadHost(ValueError):
    """A host name that may not name a folder: lower-case letters, digits, hyphens and single dots only."""


class ReleaseDamaged(ValueError):
    """The bytes are not a release in the one form that `Release.file` gives."""


class Problem(NamedTuple):
    """Something that is not as the signed release says; `code` selects the sentence shown to a person."""

    code: str
    path: str
    expected: str = ""
    found: str = ""


def check_host(host: str) -> str:
    """The host itself; raises BadHost. International names stand in their xn-- form."""
    if not _HOST.fullmatch(host):
        raise BadHost(host)
    return host


def stamp(moment: datetime) -> str:
    """A moment in UTC to the microsecond, in the one form that releases and keys carry. It must have a time zone."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone")
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


@dataclass(frozen=True)
class Release:
    host: str
    sequence: int  # 1, 2, 3 … without a gap
    parent: str  # digest of the file of the release before; empty for the first
    root: str  # digest of the tree
    at: str  # `stamp` of the moment of the switch
    ledger_head: str  # seal of the last sign-off that went in
    kind: str
    reason: str
    restores: int  # of a rollback: the sequence whose tree came back; else 0
    key_id: str
    signature: str = ""

    @property
    def moment(self) -> datetime:
        return datetime.fromisoformat(self.at)

    @property
    def signed_bytes(self) -> bytes:
        fields = asdict(self)
        del fields["signature"]
        return _SIGNED_AS + canonical(fields).encode()

    @property
    def file(self) -> bytes:
        """The bytes of the release file; their digest is the `parent` of the next release."""
        return canonical(asdict(self)).encode() + b"\n"

    @property
    def digest(self) -> str:
        return digest_of(self.file, algorithm_of(self.root))

    @classmethod
    def read(cls, data: bytes) -> Self:
        """Raises ReleaseDamaged."""
        try:
            release = cls(**json.loads(data))
            genuine = release.file == data and _well_formed(release)
        except (ValueError, TypeError, AttributeError) as error:
            raise ReleaseDamaged(str(error)) from error
        if not genuine:
            raise ReleaseDamaged("not in canonical form")
        return release


def _well_formed(release: Release) -> bool:
    texts = (release.parent, release.ledger_head, release.reason, release.key_id, release.signature)
    numbers = (release.sequence, release.restores)
    return (
        check_host(release.host) == release.host
        and all(isinstance(text, str) for text in texts)
        and all(type(number) is int and number >= 0 for number in numbers)
        and is_digest(release.root)
        and release.kind in KINDS
        and stamp(release.moment) == release.at
    )


@dataclass(frozen=True)
class PublicKey:
    """A key that may sign, and who vouches for it: the key before it, or for the very first, itself."""

    key_id: str  # algorithm, hyphen, first 16 hexadecimal characters of the SHA-256 of the public key
    public: str  # hexadecimal
    created_at: str
    introduced_by: str  # key id; its own for the first key
    signature: str = ""

    @property
    def algorithm(self) -> str:
        return self.key_id.rpartition("-")[0]

    @property
    def signed_bytes(self) -> bytes:
        fields = asdict(self)
        del fields["signature"]
        return _INTRODUCED_AS + canonical(fields).encode()

    @property
    def is_first(self) -> bool:
        return self.introduced_by == self.key_id


def key_id_of(algorithm: str, public: bytes) -> str:
    return f"{algorithm}-{digest_of(public)[:16]}"


def in_order(keys: Iterable[PublicKey], verify: Verify) -> tuple[PublicKey, ...]:
    """The keys from the first to the newest, along genuine introductions; keys outside that line are left out."""
    genuine = [key for key in keys if _is_genuine(key) and verify(key.introduced_by, key.signed_bytes, key.signature)]
    successors = {key.introduced_by: key for key in genuine if not key.is_first}
    line = [key for key in genuine if key.is_first][:1]
    while line and (following := successors.pop(line[-1].key_id, None)):
        line.append(following)
    return tuple(line)


def _is_genuine(key: PublicKey) -> bool:
    return key.key_id == key_id_of(key.algorithm, bytes.fromhex(key.public))


def check_keys(keys: Iterable[PublicKey], line: Sequence[PublicKey]) -> list[Problem]:
    """The keys that no genuine statement of the key before them introduces."""
    return [Problem("key-foreign", f"keys/public/{key.key_id}.json") for key in keys if key not in line]


def check_chain(host: str, files: Mapping[str, bytes], line: Sequence[PublicKey], verify: Verify) -> list[Problem]:
    """Everything that is wrong with the release files of a host: `files` is file name → bytes, `line` of `in_order`.

    Checked: names, form, no gap in the sequence, parents, times that do not go back, signatures, and that no key
    signs again after its successor has signed.
    """
    numbered = {int(name[:8]): name for name in files if _FILE_NAME.fullmatch(name)}
    problems = [_problem("release-foreign", host, name) for name in files if not _FILE_NAME.fullmatch(name)]
    problems += _gaps(host, numbered)
    rank = {key.key_id: number for number, key in enumerate(line)}
    before: Release | None = None
    for sequence in sorted(numbered):
        link = _Link(host, sequence, numbered[sequence], files.get(numbered.get(sequence - 1, "")), before)
        try:
            release = Release.read(files[link.name])
        except ReleaseDamaged as error:
            problems.append(link.problem("release-damaged", found=str(error)))
            continue
        problems += link.problems_of(release, rank)
        if not verify(release.key_id, release.signed_bytes, release.signature):
            problems.append(link.problem("signature-false", release.key_id))
        before = release
    return problems


def _problem(code: str, host: str, name: str, expected: str = "", found: str = "") -> Problem:
    return Problem(code, f"releases/{host}/{name}", expected, found)


def _gaps(host: str, numbered: Mapping[int, str]) -> list[Problem]:
    missing = set(range(1, max(numbered, default=0) + 1)) - set(numbered)
    return [_problem("release-missing", host, f"{sequence:08d}.json") for sequence in sorted(missing)]


@dataclass(frozen=True)
class _Link:
    """The place of one release in the chain."""

    host: str
    sequence: int
    name: str
    bytes_before: bytes | None
    before: Release | None

    def problem(self, code: str, expected: str = "", found: str = "") -> Problem:
        return _problem(code, self.host, self.name, expected, found)

    def problems_of(self, release: Release, rank: Mapping[str, int]) -> Iterator[Problem]:
        if release.host != self.host:
            yield self.problem("release-misplaced", self.host, release.host)
        if release.sequence != self.sequence:
            yield self.problem("release-misplaced", str(self.sequence), str(release.sequence))
        parent = self._parent(release)
        if parent is not None and release.parent != parent:
            yield self.problem("parent-differs", parent, release.parent)
        if self.before and release.moment < self.before.moment:
            yield self.problem("time-goes-back", self.before.at, release.at)
        if release.key_id not in rank:
            yield self.problem("key-unknown", found=release.key_id)
        elif self.before and rank.get(self.before.key_id, 0) > rank[release.key_id]:
            yield self.problem("key-retired", self.before.key_id, release.key_id)

    def _parent(self, release: Release) -> str | None:
        """What the release must name as its parent; None when that cannot be told (the file before is missing)."""
        if self.sequence == 1:
            return ""
        return None if self.bytes_before is None else digest_of(self.bytes_before, algorithm_of(release.parent))
