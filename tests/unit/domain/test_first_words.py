"""What a letter asks, in its first sentences."""

import pytest

from jiyue.domain.first_words import first_sentences


@pytest.mark.parametrize(
    ("text", "gist"),
    [
        ("湖滨路的站牌看不清。请问什么时候能修？谢谢！", "湖滨路的站牌看不清。请问什么时候能修？谢谢！"),
        ("尊敬的领导：您好！\n小区门口积水。", "小区门口积水。"),
        ("您好，我想问社保卡怎么补办？", "我想问社保卡怎么补办？"),
        ("您好！", "您好！"),
        ("", ""),
    ],
)
def test_whole_sentences_without_the_greeting(text, gist):
    assert first_sentences(text) == gist


def test_no_sentence_is_broken_off_but_the_first():
    assert first_sentences("一二三。四五六。", most=5) == "一二三。"
    assert first_sentences("一二三四五六七八九十", most=5) == "一二三四五…"
