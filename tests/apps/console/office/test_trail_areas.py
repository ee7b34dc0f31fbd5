"""The audit trail's filter: every kind of event in one area, in the order of a dictionary."""

from django import forms

from jiyue.console.office import wording
from jiyue.console.office.forms import TrailFilter
from jiyue.console.office.trail_areas import AREAS, area_of, by_area


def test_every_kind_of_event_has_its_area_and_every_area_some():
    grouped = by_area(wording.labels())
    assert sorted(code for _area, rows in grouped for code, _label in rows) == sorted(wording.WORDS)
    assert [area for area, _rows in grouped] == [area for area, _starts in AREAS]
    assert max(len(rows) for _area, rows in grouped) <= 30


def test_the_longest_beginning_decides():
    assert str(area_of("review.approved")) == "审核签发"
    assert str(area_of("review.leak_opened")) == "内容检测"
    assert str(area_of("unheard.of")) == "其他"


def test_labels_stand_in_the_order_of_their_syllables():
    rows = dict(by_area([("search.a", "添加"), ("search.b", "删除"), ("search.c", "安排"), ("search.d", "设置")]))
    assert [label for _code, label in next(iter(rows.values()))] == ["安排", "删除", "设置", "添加"]


def test_the_filter_shows_groups():
    shown = str(TrailFilter({}, kinds=wording.labels())["kind"])
    assert shown.count("<optgroup") == len(AREAS)


class Empty(forms.Form):
    colour = forms.ModelChoiceField(queryset=None, required=False)
    kind = forms.ChoiceField(choices=[("", "全部"), ("a", "甲")])


def test_an_empty_choice_is_said_in_words(db):
    from jiyue.estate.models import Site

    form = Empty()
    form.fields["colour"].queryset = Site.objects.none()
    assert "请选择" in str(form["colour"])
    assert "---" not in str(form["colour"])
    assert "全部" in str(form["kind"])
