"""JIYUE_HOME: the one folder that holds all state, and where each thing lies in it."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from jiyue.domain.digests import fan_of

_PRIVATE = 0o700
_INNER = 0o750  # drafts, attachments before their page: not for other accounts of the machine
_OPEN = 0o755  # a web server of another account reads these


@dataclass(frozen=True)
class Home:
    path: Path

    @classmethod
    def from_environment(cls) -> Self:
        """The folder named by the environment variable JIYUE_HOME, else `var` under the working directory."""
        return cls(Path(os.environ.get("JIYUE_HOME") or "var").resolve())

    def prepare(self) -> Self:
        """Create the folders that are missing; may be run at any time by several processes."""
        self.path.mkdir(mode=_OPEN, parents=True, exist_ok=True)
        for folder in (self.trees, self.deployed, self.heads, self.run):
            folder.mkdir(mode=_OPEN, exist_ok=True)
        for folder in (self.objects, self.releases, self.uploads, self.logs, self.index, self.live):
            folder.mkdir(mode=_INNER, exist_ok=True)
        for folder in (self.keys, self.letters, self.mails):
            folder.mkdir(mode=_PRIVATE, exist_ok=True)
            folder.chmod(_PRIVATE)
        return self

    @property
    def database(self) -> Path:
        return self.path / "db.sqlite3"

    @property
    def keys(self) -> Path:
        return self.path / "keys"

    @property
    def objects(self) -> Path:
        return self.path / "objects"

    @property
    def trees(self) -> Path:
        return self.path / "trees"

    @property
    def deployed(self) -> Path:
        return self.path / "deployed"

    @property
    def releases(self) -> Path:
        return self.path / "releases"

    @property
    def heads(self) -> Path:
        return self.path / "heads"

    @property
    def uploads(self) -> Path:
        return self.path / "uploads"

    @property
    def letters(self) -> Path:
        """The letter box: what citizens wrote, until the worker takes it (interaction.letterbox)."""
        return self.path / "letters"

    @property
    def mails(self) -> Path:
        """Mails that were written as files because there is no server to send them (console.duties.kept_mails)."""
        return self.path / "mails"

    @property
    def live(self) -> Path:
        """Words of interviews as readers get them now; written anew from the database (interaction.interviews)."""
        return self.path / "live"

    @property
    def logs(self) -> Path:
        return self.path / "logs"

    @property
    def index(self) -> Path:
        """The search index; it can be deleted and is then built anew."""
        return self.path / "index"

    @property
    def run(self) -> Path:
        """Sockets of processes that answer others on this machine."""
        return self.path / "run"

    @property
    def reserve(self) -> Path:
        """Space kept back for telling of a full disk (foundation.reserve)."""
        return self.path / "reserve"

    @property
    def ledger_key(self) -> Path:
        return self.keys / "ledger.key"

    def object_file(self, digest: str) -> Path:
        return self.objects / fan_of(digest) / digest

    def tree_folder(self, digest: str) -> Path:
        return self.trees / fan_of(digest) / digest

    def public_root(self, host: str) -> Path:
        """The symbolic link whose target is what visitors of the host see."""
        return self.deployed / host

    def release_folder(self, host: str) -> Path:
        return self.releases / host

    def release_file(self, host: str, sequence: int) -> Path:
        return self.releases / host / f"{sequence:08d}.json"

    def heads_file(self, host: str) -> Path:
        return self.heads / host / "jiyue-release.json"
