"""What the worker runs beside itself."""

import sys

from jiyue.config.schedule import Apart
from tests.clock import NOW


def test_a_command_beside_the_worker_ends_with_it():
    beside = Apart("verify")
    beside.command = [sys.executable, "-c", "import time; time.sleep(60)"]
    beside(NOW)
    first = beside.running
    beside(NOW)
    assert beside.running is first, "one at a time"
    beside.stop()
    assert first.poll() is not None
    beside.stop()
