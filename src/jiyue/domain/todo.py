"""One thing that waits for one person. Every app says what it has (`todo_for`); the console merges and orders it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Todo:
    """A duty: `kind` names the screen that answers it, `ref` the thing there, `since` the moment it began to wait.

    `state` is the one word of the thing's state (a stored code), `what` what sort of thing it is, in words; `due` is
    the moment it should be done by, where a rule sets one.
    """

    kind: str
    ref: str
    site: str
    title: str
    what: str
    state: str
    since: datetime
    due: datetime | None = None
    emergency: bool = False
    note: str = ""


def by_the_clock(todos: Iterable[Todo]) -> list[Todo]:
    """Emergencies first, then whatever is due or has waited longest."""
    return sorted(todos, key=lambda todo: (not todo.emergency, todo.due or todo.since, todo.kind, todo.ref))
