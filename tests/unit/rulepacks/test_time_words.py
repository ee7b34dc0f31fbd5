"""Time words without a figure (requirements 2.2): a word is kept as the text's own, and never becomes a number."""

import pytest

from jiyue.rules.library import shipped
from tests.unit.rulepacks.expectations import DAY, bases, terms_of, word_of

# 同步, 同时 are limits of their own kind (with-event); the other words name none.
WITH_EVENT = [
    ("interpretation.publish", "hubei", "measures 第十八条"),
    ("interpretation.publish", "xiangxi", "measures 第十条"),
    ("security.planning", "hubei", "measures 第二十七条"),
    ("disclosure.change", "chaoyang", "measures 第二十二条"),
    ("disclosure.regulations", "chaoyang", "measures 附件"),
    ("document.publish", "chaoyang", "measures 附件"),
]
WORDS = [
    ("第一时间", "emergency.release", "xiangxi", "measures 第十九条"),
    ("第一时间", "new-media.takedown", "hebi", "new-media 第二十三条"),
    ("立即", "incident.response", "hubei", "measures 第三十条"),
    ("立即", "security.defect", "hubei", "measures 第二十九条"),
    ("立即", "security.defect", "hebi", "platform 第三十八条"),
    ("立即", "new-media.fake-account", "hebi", "new-media 第二十四条"),
    ("及时", "content.update", "hubei", "measures 第十七条"),
    ("及时", "content.update", "ningxia", "notice 二（二）1第1段"),
    ("及时", "rumour.refutation", "hubei", "measures 第十八条"),
    ("及时", "message.reply", "ningxia", "notice 二（二）4"),
    ("及时", "warning.response", "hebi", "platform 第三十八条"),
    ("及时", "incident.report", "hebi", "platform 第四十八条"),
    ("及时", "incident.report", "chaoyang", "measures 第五十三条"),
    ("及时", "content.takedown", "chaoyang", "measures 第二十八条"),
    ("定期", "security.scan", "hubei", "measures 第三十条"),
    ("定期", "security.scan", "ningxia", "notice 二（三）2"),
    ("定期", "security.self-check", "ningxia", "notice 二（三）1"),
    ("定期", "domain.check", "hebi", "platform 第二十一条"),
    ("定期", "inspection.sample", "hebi", "platform 第三十五条"),
    ("定期", "staff.education", "hebi", "platform 第四十四条"),
    ("定期", "link.check", "chaoyang", "measures 第四十二条"),
    ("定期", "security.self-check", "chaoyang", "measures 第四十九条"),
    ("定期", "security.drill", "chaoyang", "measures 第五十二条"),
    ("定期", "inspection.sample", "chaoyang", "measures 第五十六条"),
    ("日常", "site.patrol", "hubei", "measures 第三十八条"),
    ("日常", "supervision.daily", "hubei", "measures 第三十二条"),
    ("日常", "supervision.daily", "hebi", "platform 第三十五条"),
    ("日常", "site.patrol", "ningxia", "notice 三（二）"),
    ("日常", "site.patrol", "hebi", "platform 第五条第（三）项"),
    ("日常", "new-media.patrol", "hebi", "new-media 第二十三条"),
    ("工作结束后", "floating-window.takedown", "hebi", "platform 第二十四条"),
    ("工作结束后", "topic.archive", "hebi", "platform 第二十九条"),
]


@pytest.mark.parametrize(("parameter", "pack", "article"), WITH_EVENT)
def test_at_the_same_time_is_a_limit(parameter, pack, article):
    (value,) = shipped().pack(pack).values[parameter]
    assert (terms_of(pack, parameter), bases(value)) == ({"limit": "with-event"}, (article,))


@pytest.mark.parametrize(("word", "parameter", "pack", "article"), WORDS)
def test_a_word_stays_a_word(word, parameter, pack, article):
    (value,) = shipped().pack(pack).values[parameter]
    assert (word_of(pack, parameter), bases(value)) == (word, (article,))
    answer = shipped().ruleset(pack).answer(parameter, DAY)
    assert answer.pack != pack
    assert (answer.words[0].pack, answer.words[0].value.word) == (pack, word)


def test_a_word_can_stand_beside_what_is_set():
    (value,) = shipped().pack("xiangxi").values["column.unkept"]
    assert (value.word, terms_of("xiangxi", "column.unkept")) == (
        "及时",
        {"value": {"ways": ["merge", "adjust", "close"]}},
    )
    (value,) = shipped().pack("hebi").values["site.count"]
    assert (value.word, terms_of("hebi", "site.count")) == ("原则上", {"at_most": "1"})
