"""A document's text as lines with their places, and what single lines are: furniture, signature, post, heading."""

import re
from dataclasses import dataclass

from jiyue.domain.chinese_numerals import ANY_DATE
from jiyue.domain.document_numbers import TITLE_KINDS

SPACE = " \t\r\f\v\u00a0\u3000\ufeff\u200b"
_LINE = re.compile(r"[^\n]+")
_FURNITURE = re.compile(
    r"(?:下载|打印|全屏|收藏|加大|还原|减小|缩小|关闭(?:窗口)?|分享(?:到)?|首页|返回顶部|上一篇.*|下一篇.*|[【\[】\]>＞|｜/·—\-\s]+"
    r"|[【\[（(]?\s*(?:字体|字号)[:：]?.{0,16}|(?:您?当前所?在?的?位置|位置)[:：]?.*|首页\s*[>＞].*|点击查看.*|关注\s*·.*|.*-->"
    r"|(?:浏览|阅读|点击|访问)(?:次数|量)?[:：]?\s*[\d-]*|(?:大|中|小)|相关(?:附件|文章|链接|阅读)[:：]?|扫一扫.{0,16}|打印(?:本页|页面)|关闭(?:本页|页面)|分享[:：]?|返回顶部.*|来源[:：].*|作者[:：].*|责任编辑[:：].*|\S*https?://\S+)\s*[】\]）)]?\Z"
)
_ORGANISATION = re.compile(
    r"[\u4e00-\u9fff]{1,30}(?:政府|院|厅|局|部|委|会|办|室|处|署|行|社|总队|支队|大队|中心|公司|集团|学校|大学|学院|台|站|所|馆|组"
    r"|团|军|党组|街道|海关|总工会|联合会|管委会|领导小组|指挥部|办公室|办事处|审计署|专员公署)(?:（[\u4e00-\u9fff]+）|\([\u4e00-\u9fff]+\))?\Z"
)
_GAP = r"[\s\u3000\u00a0]"
# Two signs of a post are often spread over the line: 总　理　某某.
_POST_NAMES = (
    "总理", "主席", "委员长", "省长", "市长", "州长", "县长", "区长", "旗长", "盟长", "镇长", "乡长", "部长", "局长", "厅长",
    "主任", "署长", "行长", "审计长", "院长", "检察长",
)  # fmt: skip
_POSTS = "|".join(f"{_GAP}*".join(post) for post in _POST_NAMES)
_NAME = rf"[\u4e00-\u9fff·](?:[\u4e00-\u9fff·]|{_GAP}){{0,12}}\Z"
_POST = re.compile(rf"(?:国务院)?代?(?:{_POSTS}){_GAP}*{_NAME}")
_PERSON_AFTER = re.compile(rf"[\u4e00-\u9fff]{{2,20}}(?:{_POSTS}){_GAP}+{_NAME}")
KIND_END = re.compile(rf"(?:{TITLE_KINDS})(?:[（(《〈].{{1,24}}[)）》〉])*[”’》〉]*\Z")
_SPLIT = re.compile(r"[、，,；;\s\u3000\u00a0]+")


@dataclass(frozen=True)
class Line:
    """One line without its outer white space, at [start, end) of the text."""

    text: str
    start: int
    end: int

    @property
    def compact(self) -> str:
        return re.sub(r"[\s\u00a0\u3000\u200b\ufeff]+", "", self.text)


def lines_of(text: str) -> list[Line]:
    """The lines that hold anything; a leading Markdown sign (##) is not part of the line."""
    found = []
    for match in _LINE.finditer(text):
        raw = match[0]
        body = re.sub(r"\A#{1,6}\s+", "", raw.lstrip(SPACE)).strip(SPACE)
        if body:
            start = match.start() + raw.index(body)
            found.append(Line(body, start, start + len(body)))
    return found


def is_furniture(line: Line) -> bool:
    """Whether the line belongs to a page around the document: buttons, font sizes, the path of the page."""
    return bool(_FURNITURE.match(line.text))


def organisations_in(text: str) -> list[str]:
    """The bodies named by a line that names nothing else; empty if any part of it is not a body."""
    parts = [part for part in _SPLIT.split(text.strip(SPACE + "（）()")) if part]
    if not parts or len(parts) > 20:
        return []
    if not all(_ORGANISATION.match(part) for part in parts):
        # 教 育 部: spread over the line to look even.
        joined = "".join(parts)
        return [joined] if max(map(len, parts)) <= 2 and _ORGANISATION.match(joined) else []
    return parts


def is_signature(line: Line) -> bool:
    """Whether a line can sign: a body, several, or a post with a name (总理　李克强)."""
    if len(line.text) > 90 or re.search(r"[。：:？！《》]", line.text):
        return False
    return bool(_POST.match(line.text) or _PERSON_AFTER.match(line.text) or organisations_in(line.text))


def is_post(line: Line) -> bool:
    return bool(_POST.match(line.text) or _PERSON_AFTER.match(line.text))


def only_date(line: Line) -> bool:
    """Whether the line is one date and nothing else (brackets apart)."""
    bare = line.text.strip(SPACE + "（）()[]【】")
    found = ANY_DATE.match(bare)
    return bool(found and found.end() == len(bare))
