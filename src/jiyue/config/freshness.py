"""Whether a home was prepared by exactly this program before, so that a second start need not load Django to ask.

The mark holds what preparing depends on: versions of the packages with migrations, and the project's own migrations,
catalogues, console files and demo texts by size and time. A changed checkout, an upgrade or a lost database prepares
again; another way of being called (ports, host names) tells the addresses again.
"""

import os
from collections.abc import Iterator
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from jiyue.config import environment as env
from jiyue.foundation.home import Home

PACKAGE = Path(__file__).resolve().parents[1]
PATTERNS = ("*/migrations/*.py", "locale/*/LC_MESSAGES/*.po", "console/assets/**/*", "demo/**/*.yaml", "demo/*.py")
WITH_MIGRATIONS = ("Django", "wagtail", "django-taggit")
SPOKEN = ("JIYUE_CONSOLE_HOST", "JIYUE_CONSOLE_PORT", "JIYUE_PORTAL_PORT", "JIYUE_PORTAL_ADDRESS")


def is_fresh(home: Home, part: str) -> bool:
    """Was this part prepared for this program, and is what it made still there? A database server is always asked."""
    if env.text("JIYUE_DATABASE", "sqlite") != "sqlite" or not home.database.exists():
        return False
    mark = _mark(home, part)
    return mark.exists() and mark.read_text() == _state()


def prepared(home: Home, part: str) -> None:
    """Note that a part is prepared now."""
    _mark(home, part).write_text(_state())


def forget(home: Home, part: str) -> None:
    """The part has to be prepared again."""
    _mark(home, part).unlink(missing_ok=True)


def _mark(home: Home, part: str) -> Path:
    return home.path / f".prepared-{part}"


def _state() -> str:
    return sha256("\n".join(_facts()).encode()).hexdigest()


def _facts() -> Iterator[str]:
    yield from (f"{name} {version(name)}" for name in WITH_MIGRATIONS)
    yield from (f"{name}={env.text(name)}" for name in SPOKEN)
    for pattern in PATTERNS:
        for path in sorted(PACKAGE.glob(pattern)):
            facts = os.stat(path)
            yield f"{path.relative_to(PACKAGE)} {facts.st_size} {facts.st_mtime_ns}"
