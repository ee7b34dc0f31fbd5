"""What of a live enquiry stands in the letter that its visitor makes of it."""

from jiyue.portal.counter.talk_words import CUT
from jiyue.portal.counter.talking import LONGEST_LETTER, _ending


def test_a_short_conversation_stands_in_the_letter_whole():
    assert _ending(["09:00 我：您好", "09:01 值班员 1 号：您好"]) == "09:00 我：您好\n09:01 值班员 1 号：您好"


def test_of_a_long_one_the_last_whole_lines_of_both_stand_there_and_it_is_said():
    lines = [f"09:{n % 60:02} {'我' if n % 2 else '值班员 1 号'}：{'话' * 90}" for n in range(80)]
    text = _ending(lines)
    assert len(text) <= LONGEST_LETTER and text.startswith(CUT)
    kept = text.split("\n")[1:]
    assert kept == lines[-len(kept) :] and len(kept) > 40
    assert any("值班员" in line for line in kept) and any("我：" in line for line in kept)
