"""为谁、为什么事: whom something is for and when in life or business one needs it.

One set of lists for documents and for services, so that a reader finds both under the same word (POL-11, SERV-06).
"""

from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class Audience(models.TextChoices):
    """服务对象 (SERV-06)."""

    PERSON = "person", gettext_lazy("个人")
    LEGAL_PERSON = "legal-person", gettext_lazy("法人和其他组织")


class Theme(models.TextChoices):
    """办事主题: the twelve that Xiangxi names (P-37). Which of them a portal shows is a value of the rule pack."""

    EDUCATION = "education", gettext_lazy("教育")
    MEDICAL = "medical", gettext_lazy("医疗")
    SOCIAL_SECURITY = "social-security", gettext_lazy("社保")
    EMPLOYMENT = "employment", gettext_lazy("就业")
    HOUSING = "housing", gettext_lazy("住房")
    TRANSPORT = "transport", gettext_lazy("交通")
    CERTIFICATES = "certificates", gettext_lazy("证件办理")
    BUSINESS_START_UP = "business-start-up", gettext_lazy("企业开办")
    QUALIFICATION = "qualification", gettext_lazy("资质认定")
    FAMILY = "marriage-birth-adoption", gettext_lazy("婚育收养")
    BUSINESS_AND_TAX = "business-and-tax", gettext_lazy("经营纳税")
    UTILITIES = "utilities", gettext_lazy("公用事业")


class LifeEvent(models.TextChoices):
    """人生事件和企业事件: when in a life, or in that of a firm, one needs it."""

    BIRTH = "birth", gettext_lazy("出生")
    SCHOOLING = "schooling", gettext_lazy("上学")
    WORK = "work", gettext_lazy("就业创业")
    MARRIAGE = "marriage", gettext_lazy("结婚生育")
    HOME = "home", gettext_lazy("买房租房")
    ILLNESS = "illness", gettext_lazy("看病就医")
    OLD_AGE = "old-age", gettext_lazy("退休养老")
    DEATH = "death", gettext_lazy("身后事")
    FOUNDING = "founding", gettext_lazy("开办企业")
    RUNNING = "running", gettext_lazy("经营管理")
    BUILDING = "building", gettext_lazy("建设施工")
    CLOSING = "closing", gettext_lazy("注销退出")


# The lists by the names of the fields that hold their codes, on whatever model.
NEEDS: dict[str, type[models.TextChoices]] = {"audiences": Audience, "themes": Theme, "life_events": LifeEvent}


def refuse_unknown(values: dict[str, Any]) -> None:
    """Raise ValidationError unless every field of NEEDS in `values` is a list of known codes, each once."""
    wrong = {name: sentence for name, value in values.items() if (sentence := why_not(NEEDS[name], value))}
    if wrong:
        raise ValidationError(wrong)


def why_not(choices: type[models.TextChoices], values: Any) -> str:
    """Why these are no list of codes of `choices`, as a sentence; empty when they are."""
    if not isinstance(values, list) or len(set(map(str, values))) != len(values):
        return _("请填写不重复的清单")
    unknown = [str(value) for value in values if value not in choices.values]
    return _("没有这样的类别：%(names)s") % {"names": "、".join(unknown)} if unknown else ""


def codes_of(choices: type[models.TextChoices], values: Collection[str]) -> list[str]:
    """Those of `values` that are codes of `choices`, in the order in which these are written."""
    return [str(code) for code in choices.values if code in values]
