"""The tests' clock: passed in, never frozen."""

from datetime import datetime
from zoneinfo import ZoneInfo

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
