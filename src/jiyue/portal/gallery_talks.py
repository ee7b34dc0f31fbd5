"""Sample pages of a live enquiry: before it, in the queue, in conversation, and after."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from jiyue.foundation.home import Home
from jiyue.interaction.letterbox import LetterBox
from jiyue.interaction.letterbox.talks import TalkBox, key_of, room_of
from jiyue.portal import gallery_matter as matter
from jiyue.portal.counter.forms import Sent, SentFile
from jiyue.portal.counter.guards import Guard
from jiyue.portal.counter.talking import Talking
from jiyue.portal.counter.writing import Said, Writing
from jiyue.publishing.serving.feeds import TALK_COOKIE

NOW = matter.AT + timedelta(minutes=10)
HOST, NOBODY, TOKEN, SECRET = "www.chenghu.localhost", "gallery", "0" * 32, "5" * 32
COOKIE = f"{TALK_COOKIE}={SECRET}"
SIGN: Mapping[str, Any] = {
    "v": 1, "unit": "澄湖市人民政府办公室", "why": "", "hours": "09:00–12:00、14:00–17:00", "idle": 15, "waiting": 2,
    "next": (NOW + timedelta(days=1)).isoformat(), "at": NOW.isoformat(),
}  # fmt: skip
LABEL = "值班员 3 号"
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 64
WORDS: tuple[Mapping[str, Any], ...] = (
    {
        "act": "say",
        "mine": True,
        "text": "老年卡到期了，在哪里换新的？",
        "files": [{"id": "", "name": "老年卡照片.jpg", "size": 812_345}],
    },
    {"act": "take", "label": LABEL},
    {
        "act": "answer",
        "label": LABEL,
        "text": "您好。带身份证到就近的街道便民服务中心就可以换，\n当场拿卡，不收费。",
        "files": [{"id": "3-1.pdf", "name": "换卡网点一览.pdf", "size": 145_678}],
    },
    {"act": "hand", "label": "澄湖市人力资源和社会保障局 值班员 1 号"},
    {"act": "advise", "label": LABEL},
    {"act": "end", "label": LABEL, "text": "officer"},
)


def talks(home: Home) -> Iterator[tuple[str, Said]]:
    """Name and turn of each page."""
    box, guard = TalkBox(home), Guard(home)
    talking = Talking(box, guard, Writing(LetterBox(home), guard))

    def posted(go: str, cookies: str = COOKIE, **typed: str) -> Said:
        return talking.posted(Sent({"token": TOKEN, "go": go, **typed}), NOBODY, cookies, HOST, now=NOW)

    def stands(state: str, words: int, **more: Any) -> Said:
        box.write(room_of(SECRET), key_of(SECRET), _page(state, words) | more)
        return talking.opened("", COOKIE, HOST, now=NOW)

    for why in ("hours", "nobody", "full"):
        box.hang_out(HOST, {**SIGN, "why": why})
        yield f"talk_{why}", posted("begin", text="老年卡到期了，在哪里换新的？")
    box.hang_out(HOST, SIGN)
    yield "talk_start", talking.opened("", "", HOST, now=NOW)
    yield "talk_start_wrong", posted("begin")
    yield "talk_waiting", stands("waiting-3", 1)
    yield "talk", stands("talking", 5)
    yield "talk_wrong", posted("say")
    brought = Sent(
        {"token": TOKEN, "go": "say", "text": "这是照片"}, (SentFile("照片.exe", b"MZ"), SentFile("卡.png", PNG))
    )
    yield "talk_files_wrong", talking.posted(brought, NOBODY, COOKIE, HOST, now=NOW)
    yield "talk_over", stands("ended", 6)
    yield "talk_over_kept", posted("say", text="还有一个问题")
    yield "talk_rated", stands("ended-done", 6, rating=5, letter=True)


def _page(state: str, count: int) -> dict[str, Any]:
    words = [
        {"n": n, "changed": n, "at": NOW.isoformat(), "t": "", "mine": False, "label": "", "text": "", **word}
        for n, word in enumerate(WORDS[:count], 1)
    ]
    return {
        "v": 1, "seq": count, "state": state, "host": HOST, "unit": SIGN["unit"], "end": "", "rating": 0, "letter": False,
        "words": words,
    }  # fmt: skip
