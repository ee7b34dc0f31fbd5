"""What every reviewer confirms: the five gates and the quality principles (REV-03, REV-13)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Gate(models.TextChoices):
    """五关 (Hebi art. 30; Hebi-NM art. 13)."""

    POLITICAL = "political", _("政治关")
    LEGAL = "legal", _("法律关")
    POLICY = "policy", _("政策关")
    SECRECY = "secrecy", _("保密关")
    OPINION = "opinion", _("舆情关")


class Principle(models.TextChoices):
    """质量原则 a reviewer can name when returning (Chaoyang art. 32; Xiangxi art. 5)."""

    LAWFUL = "lawful", _("合法")
    TIMELY = "timely", _("及时")
    ACCURATE = "accurate", _("准确")
    AUTHORITATIVE = "authoritative", _("权威")
    COMPLETE = "complete", _("完整")
    TRUE = "true", _("严肃真实")


ALL_GATES = frozenset(Gate.values)
