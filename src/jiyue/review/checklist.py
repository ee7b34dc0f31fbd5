"""What every reviewer confirms: the five gates and the quality principles (REV-03, REV-13)."""

from typing import Any

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


# What confirming a gate says; each sentence is a rule of its own (REV-10, REV-12, PRIV-08).
QUESTIONS: dict[Gate, tuple[Any, ...]] = {
    Gate.POLITICAL: (_("没有政治或外交上敏感、违反国家规定的内容"), _("不是个人的观点、意见或情绪")),
    Gate.LEGAL: (_("没有商业推广、低俗暴力和人身攻击"), _("引用和图片有授权")),
    Gate.POLICY: (_("与现行政策一致"), _("不是尚未公开的事项，探索性做法不会被误读")),
    Gate.SECRECY: (_("不涉及国家秘密、工作秘密、商业秘密和内部事项"), _("个人信息已隐去，或有法律依据")),
    Gate.OPINION: (_("已评估公众可能的反应"), _("涉及其他单位工作的已征得同意")),
}

ALL_GATES = frozenset(Gate.values)
