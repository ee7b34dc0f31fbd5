"""Paste inside the editor: cleaned blocks in the state of Wagtail's form, pictures kept, every refusal a sentence."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from jiyue.console.writing.pasting import form_state, script
from jiyue.content.models import Article, Picture, Record
from tests.clipboards import WORD, WPS
from tests.pictures import png

pytestmark = pytest.mark.django_db


def paste(client, html: str, column, **more):
    form = {"html": SimpleUploadedFile("paste.html", html.encode()), "column": column.pk, **more}
    return client.post(reverse("console_paste"), form)


def texts(state: dict) -> list[str]:
    return [block["text"] for block in json.loads(state["value"])["blocks"]]


def test_a_page_of_word_becomes_blocks_in_the_form(cast, sign_in):
    answer = paste(sign_in(cast.city.editor), WORD, cast.city.columns["yw"]).json()
    heading, paragraph, listed, table = answer["blocks"]
    assert heading["value"] == {"text": "清理安排", "level": ["2"]}
    assert texts(paragraph) == ["各单位要按时完成清理。", "逾期的予以通报。"]
    assert [texts(item) for item in listed["value"]["items"]] == [["按时清理湖岸"], ["每周公布进展"]]
    assert table["value"]["data"] == [["单位", "时限"], ["湖滨区", "十二月底"]]
    assert "有 1 张图片没有随粘贴带过来" in answer["told"] and "表格 1" in answer["told"]
    assert not Record.objects.exists() and not Picture.objects.exists()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # Wagtail leaves its thumbnail open
def test_a_picture_inside_a_paste_is_kept_for_the_site(cast, sign_in):
    answer = paste(sign_in(cast.city.editor), WPS, cast.city.columns["yw"]).json()
    picture = Picture.objects.get()
    assert (picture.site, picture.uploaded_by_user) == (cast.city.site, cast.city.editor)
    shown = [block["value"] for block in answer["blocks"] if block["type"] == "image"]
    assert [(each["image"]["id"], each["alt"]) for each in shown] == [(picture.pk, "巡查路线")]
    assert not any(word in json.dumps(answer) for word in ("alert", "javascript", "mso-", "onerror"))


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # Wagtail leaves its thumbnail open
def test_a_picture_alone_on_the_clipboard_is_kept_too(cast, sign_in):
    picture = SimpleUploadedFile("image.png", png())
    answer = paste(sign_in(cast.city.editor), "", cast.city.columns["yw"], picture=picture).json()
    assert [block["type"] for block in answer["blocks"]] == ["image"]
    assert "1 张图片没有替代文字" in answer["told"]


def test_what_holds_nothing_is_refused_in_words(cast, sign_in):
    fake = SimpleUploadedFile("image.png", b"MZ no picture")
    answer = paste(sign_in(cast.city.editor), "<p> </p>", cast.city.columns["yw"], picture=fake)
    assert (answer.status_code, answer.json()["refusal"]) == (400, ["没有找到可以放进正文的内容"])


def test_a_paste_beyond_all_measure_is_refused_in_words(cast, sign_in, monkeypatch):
    monkeypatch.setattr("jiyue.content.intake.pasting.MOST_CHARACTERS", 10)
    answer = paste(sign_in(cast.city.editor), WORD, cast.city.columns["yw"])
    assert answer.status_code == 400 and "请分几次粘贴" in answer.json()["refusal"][0]


@pytest.mark.parametrize("who", ["first", "manager"])
def test_who_may_not_write_finds_no_such_place(cast, sign_in, who):
    assert paste(sign_in(cast.city.people[who]), WORD, cast.city.columns["yw"]).status_code == 404


def test_a_foreign_column_takes_nothing(cast, sign_in):
    answer = paste(sign_in(cast.city.editor), WPS, cast.outside.columns["yw"])
    assert answer.status_code == 404 and not Picture.objects.exists()


def test_the_form_gives_back_what_the_state_held():
    blocks = [{"type": "quotation", "value": {"text": "湖清岸绿", "attribution": "样人"}}]
    stream = Article._meta.get_field("body").stream_block
    state = form_state(blocks)
    assert [(each["type"], each["value"]) for each in state] == [("quotation", blocks[0]["value"])]
    assert len({each["id"] for each in state}) == 1 and stream.to_python(state)


def test_the_words_of_the_script_are_data(cast):
    assert 'data-waiting="正在整理粘贴的内容……"' in script() and "</script>" in script()
    assert script().count("<script") == 1
