"""Who did it: a copy of the actor, so that a trace outlives the account."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Actor:
    """A person or a named process. `kind` is person or process; `key` is stable, `name` and `unit` are as of the act."""

    kind: str
    key: str
    name: str
    unit: str = ""


def process(name: str) -> Actor:
    """The actor for what happens by itself; `name` says which timer, command or handler it was."""
    return Actor(kind="process", key=f"process:{name}", name=name)
