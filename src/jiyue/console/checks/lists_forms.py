"""Forms for a unit's own entries, one a kind, and their values in words."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiyue.checks.deciding import OFF
from jiyue.checks.models import CheckSetting, Kept, UnitWord
from jiyue.checks.settings import MASKS, SHIPPED_THRESHOLDS
from jiyue.console.detector_words import DETECTORS, FAMILIES, detector_word
from jiyue.review.models.checks import Severity

WORD = "word"
Kind = CheckSetting.Kind
LEVELS = [*Severity.choices, (OFF, gettext_lazy("不检测"))]
BASIS = gettext_lazy("依据")


def _lines(label: Any, hint: Any, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=hint, widget=forms.Textarea(attrs={"rows": 2}), max_length=2000, **more
    )


def detectors(*, personal: bool = False) -> list[tuple[str, str]]:
    """Detectors to pick from, whole families last."""
    single = [
        (name, str(word)) for name, word in DETECTORS.items() if not personal or name.startswith("personal-data.")
    ]
    whole = [(f"{name}.*", _("%(family)s（全部）") % {"family": word}) for name, word in FAMILIES.items()]
    return [*single, *(each for each in whole if not personal or each[0] == "personal-data.*")]


class WordForm(forms.Form):
    family = forms.ChoiceField(label=gettext_lazy("类别"), choices=UnitWord.Family.choices)
    text = forms.CharField(label=gettext_lazy("词语"), max_length=100)
    suggestion = forms.CharField(label=gettext_lazy("建议改为"), max_length=100, required=False)
    severity = forms.ChoiceField(
        label=gettext_lazy("发现以后"), choices=Severity.choices, initial=Severity.WARN,
        help_text=gettext_lazy("“必须处理”的，不改正或不经豁免就不能签发"),
    )  # fmt: skip
    basis = forms.CharField(label=BASIS, max_length=300, required=False)


class Decision(forms.Form):
    """A decision of one kind; `decision` gives its name, value and basis."""

    values: tuple[str, ...] = ()

    def decision(self) -> tuple[str, dict[str, Any], str]:
        given = self.cleaned_data
        return given["name"], {name: given[name] for name in self.values}, given.get("basis", "")


class MaskForm(Decision):
    values = ("first", "last", "sign")
    name = forms.ChoiceField(
        label=gettext_lazy("哪种个人信息"), choices=lambda: [(kind, mask_word(kind)) for kind in MASKS]
    )
    first = forms.IntegerField(label=gettext_lazy("开头保留几位"), min_value=0, max_value=12, initial=0)
    last = forms.IntegerField(label=gettext_lazy("末尾保留几位"), min_value=0, max_value=12, initial=0)
    sign = forms.CharField(label=gettext_lazy("用什么符号遮盖"), max_length=1, initial="*")
    basis = forms.CharField(label=BASIS, max_length=300, required=False)


class PermitForm(Decision):
    values = ("text", "within")
    name = forms.ChoiceField(label=gettext_lazy("保留哪种个人信息"), choices=lambda: detectors(personal=True))
    text = forms.CharField(
        label=gettext_lazy("只保留含有这些字的内容"), max_length=200, required=False,
        help_text=gettext_lazy("例如一部公布的举报电话；留空表示不限内容"),
    )  # fmt: skip
    within = forms.CharField(
        label=gettext_lazy("只在标题或栏目含有这些字时保留"), max_length=100, required=False,
        help_text=gettext_lazy("例如“行政处罚”"),
    )  # fmt: skip
    basis = forms.CharField(label=gettext_lazy("法律依据"), max_length=300)


class LeaderForm(Decision):
    values = ("titles",)
    name = forms.CharField(label=gettext_lazy("姓名"), max_length=120)
    titles = _lines(gettext_lazy("职务"), gettext_lazy("一行一个，写稿件里应有的写法"), required=False)


class BodyForm(Decision):
    values = ("short_names", "former_names")
    name = forms.CharField(label=gettext_lazy("机构全称"), max_length=120)
    short_names = _lines(gettext_lazy("规范简称"), gettext_lazy("一行一个"), required=False)
    former_names = _lines(gettext_lazy("曾用名"), gettext_lazy("一行一个；稿件里再出现会提示"), required=False)


class HostForm(Decision):
    name = forms.CharField(
        label=gettext_lazy("网站域名"), max_length=120,
        help_text=gettext_lazy("例如 www.example.gov.cn；*.example.gov.cn 包括其下全部"),
    )  # fmt: skip
    basis = forms.CharField(label=BASIS, max_length=300, required=False)


class ThresholdForm(Decision):
    values = ("value",)
    name = forms.ChoiceField(
        label=gettext_lazy("阈值"),
        choices=lambda: [(name, _(known.name)) for name, known in SHIPPED_THRESHOLDS.items()],
    )
    value = forms.IntegerField(label=gettext_lazy("数字"), min_value=1)
    basis = forms.CharField(label=BASIS, max_length=300, required=False)


class LevelForm(Decision):
    values = ("severity",)
    name = forms.ChoiceField(label=gettext_lazy("检测项"), choices=detectors)
    severity = forms.ChoiceField(label=gettext_lazy("发现以后"), choices=LEVELS)
    basis = forms.CharField(
        label=BASIS, max_length=300, required=False, help_text=gettext_lazy("放宽个人信息和涉密检测必须写明")
    )


FORMS: dict[str, type[forms.Form]] = {
    WORD: WordForm, Kind.MASK: MaskForm, Kind.PERMIT: PermitForm, Kind.LEADER: LeaderForm, Kind.BODY: BodyForm,
    Kind.HOST: HostForm, Kind.THRESHOLD: ThresholdForm, Kind.LEVEL: LevelForm,
}  # fmt: skip


def mask_word(kind: str) -> str:
    """The kind of personal data a mask is for."""
    return _("姓名") if kind == "name" else detector_word(f"personal-data.{kind}")


def value_in_words(row: Kept) -> tuple[str, str]:
    """What an entry is about, and what it says of it."""
    if isinstance(row, UnitWord):
        instead = _("，建议改为“%(words)s”") % {"words": row.suggestion} if row.suggestion else ""
        return row.text, f"{row.get_family_display()}，{row.get_severity_display()}{instead}"
    if not isinstance(row, CheckSetting):
        raise TypeError(type(row))
    return SAYS[row.kind](row)


def _mask(row: CheckSetting) -> tuple[str, str]:
    return mask_word(row.name), _("开头留 %(first)s 位，末尾留 %(last)s 位，用“%(sign)s”遮盖") % row.value


def _permit(row: CheckSetting) -> tuple[str, str]:
    parts = [_("含有“%(words)s”") % {"words": row.value["text"]}] if row.value.get("text") else []
    if row.value.get("within"):
        parts.append(_("标题或栏目含有“%(words)s”") % {"words": row.value["within"]})
    return _detector(row.name), "，".join(parts)


def _names(row: CheckSetting) -> tuple[str, str]:
    labels = {"titles": _("职务"), "short_names": _("简称"), "former_names": _("曾用名")}
    return row.name, "；".join(f"{labels[key]}：{'、'.join(names)}" for key, names in row.value.items() if names)


def _threshold(row: CheckSetting) -> tuple[str, str]:
    known = SHIPPED_THRESHOLDS.get(row.name)
    return _(known.name) if known else row.name, str(row.value["value"])


def _level(row: CheckSetting) -> tuple[str, str]:
    return _detector(row.name), str(dict(LEVELS)[row.value["severity"]])


def _detector(name: str) -> str:
    return dict(detectors()).get(name, name)


SAYS = {
    Kind.MASK: _mask, Kind.PERMIT: _permit, Kind.LEADER: _names, Kind.BODY: _names, Kind.HOST: lambda row: (row.name, ""),
    Kind.THRESHOLD: _threshold, Kind.LEVEL: _level,
}  # fmt: skip
