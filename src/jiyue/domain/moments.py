"""Moments of which only the day is known.

Old documents tell the day of their publication, seldom the hour. Such a day is kept as its midnight in Asia/Shanghai, and
shown without an hour: "00:00" would be an invention. Whoever really published at midnight loses the words "00:00" only.
"""

from datetime import datetime, time
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def begins_day(day: datetime) -> bool:
    """Is this aware moment a midnight in Asia/Shanghai, so that it may stand for a day without an hour?"""
    return day.astimezone(SHANGHAI).time() == time()
