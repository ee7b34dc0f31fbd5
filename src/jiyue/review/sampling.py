"""The sample of a batch that a reviewer looks at, drawn by a rule anybody can repeat (see `batches`)."""

from collections.abc import Iterable
from hashlib import sha256


def sample_of(identities: Iterable[str], *, size: int, salt: str = "") -> tuple[str, list[str]]:
    """The seed, and the identities it draws. With `salt`, which stands before the identities, nobody knows it earlier."""
    listed = sorted(identities)
    seed = sha256("\n".join([salt, *listed] if salt else listed).encode()).hexdigest()
    return seed, sorted(listed, key=lambda identity: sha256(f"{seed}:{identity}".encode()).digest())[:size]
