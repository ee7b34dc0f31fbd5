"""How many bodies are read at once: large ones by their bytes and by their sender, small ones by their number."""

from collections import Counter

from jiyue.publishing.serving.limits import Limits

SMALL = 64 * 1024  # bytes: a letter without files
MOST_SMALL = 500


class Bodies:
    """Counts what is being read. A flood of large files never keeps a plain letter out."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.small = self.bytes = 0
        self.large: Counter[str] = Counter()

    def admit(self, peer: str, length: int) -> bool:
        """May this body be read now? What was admitted is released once."""
        if length <= SMALL:
            if self.small >= MOST_SMALL:
                return False
            self.small += 1
            return True
        if self.bytes + length > self.limits.bodies or self.large[peer] >= self.limits.bodies_per_address:
            return False
        self.bytes += length
        self.large[peer] += 1
        return True

    def release(self, peer: str, length: int) -> None:
        if length <= SMALL:
            self.small -= 1
            return
        self.bytes -= length
        self.large[peer] -= 1
        if not self.large[peer]:
            del self.large[peer]
