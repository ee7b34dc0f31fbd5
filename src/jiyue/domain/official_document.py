"""An official document being read: its lines, its head, the labels of a field table, and why fields are absent."""

import re
from dataclasses import dataclass
from typing import Generic, TypeVar

from jiyue.domain.chinese_numerals import ANY_DATE
from jiyue.domain.document_numbers import NumberMention
from jiyue.domain.official_lines import Line, is_furniture, lines_of

T = TypeVar("T")

# The head of a document is read this far: longer ones are lists of addressees, not heads.
HEAD_LINES = 40
HEAD_CHARACTERS = 4000

LABELS = {
    "index_number": re.compile(r"索\s*引\s*号\s*[:：]\s*(\S+)"),
    "document_number": re.compile(r"(?:发\s*文\s*字\s*号|发文文号|文件编号|文\s*号)\s*[:：]\s*([^\n]{4,60})"),
    "written_on": re.compile(r"(?:成\s*文\s*日\s*期|发文日期|生成日期)\s*[:：]\s*([^\n]{6,24})"),
    "published_on": re.compile(
        r"(?:发\s*布\s*日\s*期|发布时间|公布日期|公开日期|发表时间|信息时间|(?<![\u4e00-\u9fff])(?:日期|时间))\s*[:：]\s*([^\n]{6,24})"
    ),
    "issuers": re.compile(r"(?:发\s*文\s*机\s*关|发文单位|发布机构|公开主体)\s*[:：]\s*([^\n]{2,80})"),
    "title": re.compile(r"(?:^|\n)[ \t\u3000]*(?:标\s*题|文件名称|信息名称)\s*[:：]\s*([^\n]{4,160})"),
}
_ADDRESSEE_SIGN = re.compile(
    r"(?:各|政府|部|委|局|厅|办|院|会|行|署|社|公司|集团|大学|学校|单位|机构|代表|委员|同志|总队|企业|银行|司令部|总部|管委会|中心|所|军)"
)
_NOT_ADDRESSEE = re.compile(
    r"(?:附件|附|注|说明|如下|事项|答|问|网址|电话|联系人|地址|来源|作者|时间)\s*\d*\s*[:：]|各位(?:代表|委员|同志)"
)
BODY_START = re.compile(
    r"第[一二三四五六七八九十百千\d]+[条章]|[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[)）]"
)


@dataclass(frozen=True)
class Found(Generic[T]):
    """A field's value, how sure it is ("found" or "doubtful"), the code of the reason, and where it stands."""

    value: T
    confidence: str
    why: str
    start: int
    end: int


class Document:
    def __init__(self, text: str) -> None:
        self.text = text
        self.lines = lines_of(text)
        self.absent: dict[str, str] = {}
        self.head = _head(self.lines)
        self.head_end = self.head[-1].end if self.head else 0


def _head(lines: list[Line]) -> list[Line]:
    """The lines before the body: up to the addressee, the first full sentence, article or chapter."""
    head: list[Line] = []
    for line in lines[:HEAD_LINES]:
        if line.text[0] in "。，；、":
            return []  # A sentence cut up by lost markup: what came before it was body too.
        if line.start > HEAD_CHARACTERS or _begins_body(line):
            break
        head.append(line)
    return head


def _begins_body(line: Line) -> bool:
    if is_furniture(line) or any(label.search(line.text) for label in LABELS.values()):
        return False
    if BODY_START.match(line.text) or is_addressee(line):
        return True
    bare = re.sub(r"[（(][^（）()]*[)）]", "", line.text)
    return "。" in bare or len(bare) > 120 or bool(re.match(r"各位代表|同志们", line.text))


def is_addressee(line: Line) -> bool:
    text = line.text
    if not text.endswith(("：", ":")) or _NOT_ADDRESSEE.match(text) or re.search(r"[。！？]|[下以如][列下]", text):
        return False
    if BODY_START.match(text):
        return False
    return bool(_ADDRESSEE_SIGN.search(text[:-1])) and not text.startswith(("现", "为", "根据", "按照", "经"))


def stands_alone(text: str, mention: NumberMention) -> bool:
    """Nothing else on the line but brackets, a date, or the mark for free publication; a citation has its title."""
    before = text[text.rfind("\n", 0, mention.start) + 1 : mention.start]
    after = text[mention.end : (text + "\n").find("\n", mention.end)]
    if mention.body and not re.fullmatch(r"[\s\u3000\u00a0]*", before):
        return False
    rest = ANY_DATE.sub("", after).strip(" \t\r\u3000\u00a0（）()〔〕[]#*")
    return not before.strip(" \t\r\u3000\u00a0（(【[#*") and (not rest or rest.startswith(("签发人", "此件", "公开")))


def title_note(document: Document) -> Line | None:
    """题注: the bracketed line under a title that tells when and by whom it was adopted."""
    for line in document.lines[:HEAD_LINES]:
        if line.text.startswith(("（", "(")) and re.search(r"(?:公布|发布|通过|批准|修订|修正)", line.text[:200]):
            return line
    return None


def same_body(one: str, other: str) -> bool:
    """Whether two names mean one body; a short name (市财政局) is part of the long one (广州市财政局)."""
    one, other = one.removeprefix("中华人民共和国"), other.removeprefix("中华人民共和国")
    return one == other or one.endswith(other) or other.endswith(one)
