"""Personal data (个人信息): PRIV-03 to PRIV-07. `find` is all that others use."""

from jiyue.checks.detectors.personal_data.gathering import find

__all__ = ["find"]
