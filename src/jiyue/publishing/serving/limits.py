"""What one server process grants to its clients."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes in bytes, times in seconds; counts hold for one process, so `serve` divides them by its workers."""

    request_line: int = 8 * 1024
    head: int = 16 * 1024
    head_seconds: float = 10
    idle_seconds: float = 60
    body: int = 12 * 1024 * 1024
    body_seconds: float = 20  # and for each `body_rate` bytes one more
    body_rate: int = 32 * 1024
    bodies: int = 96 * 1024 * 1024  # of all larger bodies that are being read
    bodies_per_address: int = 6
    stalled_seconds: float = 30
    stop_seconds: float = 5
    connections: int = 4000
    connections_per_address: int = 200
    readers: int = 3000  # who follow live words and stay on the line; pages shall still be answered
    cache: int = 256 * 1024 * 1024
    small_file: int = 1024 * 1024
    recheck_seconds: float = 0.05

    @property
    def sweep_seconds(self) -> float:
        """How often connections are looked at: often enough for the shortest limit, at most once a second."""
        return max(0.02, min(1, min(self.head_seconds, self.idle_seconds, self.stalled_seconds) / 4))
