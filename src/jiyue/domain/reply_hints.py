"""Hints that a reply may be empty, evasive or beside the point (INT-09). Each says why; none is a verdict. Pure.

Three plain measures, so that whoever reads a hint can check it with her own eyes: how much of the reply is set phrases,
how many of the letter's words the reply takes up, how much of the reply only repeats the letter. Two more look for what
has to stand beside a refusal: a reason, and beside a "not our business": whose it is.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

SET_PHRASES = (
    "您反映的问题已收悉", "您的来信已收悉", "来信收悉", "已收悉", "高度重视", "我们将加强管理", "进一步加强", "加强管理",
    "加大力度", "认真研究", "积极协调", "及时处理", "尽快解决", "尽快处理", "正在处理中", "感谢您的关心", "感谢您的支持",
    "感谢您的来信", "感谢您的关注", "感谢您对", "工作的关心和支持", "工作的支持", "敬请谅解", "敬请理解", "祝您生活愉快",
    "您好", "感谢您", "谢谢", "收到", "会", "将", "我们",
)  # fmt: skip
MOST_SET = 60  # per cent of a reply that may be set phrases
# Per cent of pairs of characters that letter and reply share. Of 1,665 real pairs 3 in 100 share less, of the same
# replies put to wrong letters 55 in 100 (`tests/unit/domain/test_reply_hints.py`).
LEAST_TAKEN_UP = 6
MOST_REPEATED = 75  # per cent of a reply that may be the letter's own words
SHORT = 40  # characters; below this a reply must hold a fact
_FACT = re.compile(
    r"[0-9０-９一二两三四五六七八九十百千万每]+\s?[年月日号条款项元次天个米路时点%]|《[^》]+》|已经?(?:修|换|拆|清|装|停|责令|整改|处罚|列入|更正|补发|退还)|不需要|全年|免费"
)
_NOT_OURS = re.compile(
    r"不属于(?:本|我)[^，。；]{0,8}(?:职责|职权|管辖|范围)|不归(?:本|我)[^，。；]{0,6}管|请(?:向|到|与)(?:有关|相关)(?:部门|单位)|请咨询(?:有关|相关)"
)
_WHOSE = re.compile(
    r"[\u4e00-\u9fff]{2,12}(?:局|委|厅|院|办|中心|街道|镇|乡|公司|大队|所)(?:反映|咨询|申请|办理|受理|提出|负责|起诉)|电话|\d{5,}"
)
_REFUSED = re.compile(
    r"无法(?:办理|解决|受理|满足)|不能(?:办理|受理|解决|满足)|不予(?:办理|受理|支持)|暂不(?:考虑|具备)"
)
_REASON = re.compile(r"因为|由于|根据|按照|依据|依照|《|规定|原因是|目前[^，。]{0,20}(?:不足|未|没有)")
_COMMON = frozenset("的了是我们你您请问有没在和吗呢不能可以什么怎样如何时候一个这个那个")


@dataclass(frozen=True)
class Hint:
    """What may be wrong, by a stable code, with the numbers and words that say why."""

    code: str
    values: Mapping[str, str] = field(default_factory=dict)


def hints(title: str, question: str, answer: str) -> list[Hint]:
    """Everything a reader should look at; empty for a reply that shows nothing of it."""
    question = f"{title}\n{question}"
    plain = _plain(answer)
    if not plain:
        return []
    found: list[Hint] = []
    phrases = [phrase for phrase in SET_PHRASES if len(phrase) > 2 and phrase in plain]
    share = _set_share(plain)
    concrete = _FACT.search(answer) is not None or _WHOSE.search(answer) is not None
    if phrases and share >= MOST_SET and not concrete:
        found.append(Hint("set_phrases", {"share": str(share), "phrases": "、".join(phrases[:4])}))
    elif len(plain) < SHORT and not concrete:
        found.append(Hint("no_fact", {"count": str(len(plain))}))
    taken = taken_up(title, question, answer)
    if taken is not None and taken < LEAST_TAKEN_UP:
        found.append(Hint("off_topic", {"share": str(taken)}))
    repeated = _repeated(question, answer)
    if repeated >= MOST_REPEATED:
        found.append(Hint("repeats", {"share": str(repeated)}))
    passed_on = _NOT_OURS.search(answer)
    if passed_on and not _WHOSE.search(answer):
        found.append(Hint("passes_on", {"words": passed_on[0]}))
    refused = _REFUSED.search(answer)
    if refused and not _REASON.search(answer):
        found.append(Hint("no_reason", {"words": refused[0]}))
    return found


def taken_up(title: str, question: str, answer: str) -> int | None:
    """How much of the letter the reply takes up, per cent: of its title, or of the shorter of letter and reply.

    None for a letter that is too short to say.
    """
    asked, told, named = _pairs(question), _pairs(answer), _pairs(title)
    if len(asked) < 6 or not told:
        return None
    of_whole = 100 * len(asked & told) // min(len(asked), len(told))
    return max(of_whole, 100 * len(named & told) // len(named) if named else 0)


def _repeated(question: str, answer: str) -> int:
    told = _pairs(answer)
    return 100 * len(told & _pairs(question)) // len(told) if len(told) >= 10 else 0


def _set_share(plain: str) -> int:
    rest = plain
    for phrase in SET_PHRASES:
        rest = rest.replace(phrase, "")
    return 100 * (len(plain) - len(rest)) // len(plain)


def _plain(text: str) -> str:
    return "".join(sign for sign in text if sign.isalnum())


def _pairs(text: str) -> set[str]:
    plain = _plain(text)
    pairs = (plain[n : n + 2] for n in range(len(plain) - 1))
    return {pair for pair in pairs if not set(pair) <= _COMMON}
