"""Fields beside the text: an empty or endless title, a full stop behind it, and words that only held a place."""

import re
from collections.abc import Iterator

from jiyue.checks.detectors.document_form.sheet import METADATA, Sheet
from jiyue.checks.findings import Finding, Severity
from jiyue.checks.findings import marked as _

DETECTOR = "metadata"

# A blank form has its places on purpose; what somebody forgot to fill in is a few.
MOST_LEFT = 5

_HOLDS_A_PLACE = re.compile(
    r"[XxＸ×]{2,}|[○〇◯]{2,}|[＊*]{2,}|[_＿]{2,}|…{3,}"
    r"|待定|待补充|待填|待完善|待核实|（略）|此处(?:填写|输入|插入)|请(?:在此)?(?:输入|填写)|占位|示例文本|无标题|未命名"
    r"|新建(?:文档|文件|文本|文章|稿件)|标题\d*\Z|(?<![检监])测试(?:标题|内容|数据|文章|稿件|文档|一下|用|页|信息|\d*\Z)|\A测试"
    r"|(?i:\blorem\b|\btest\d*\b|\buntitled\b|\bnull\b|\bundefined\b|\bnone\b|\btodo\b|\bn/?a\b)"
)
_BODY_PLACES = re.compile(
    r"〔(?:20)?[XxＸ×○]{2,4}〕\s?[XxＸ×○\d]{1,4}\s?号|〔\d{4}〕\s?[XxＸ×○]{1,4}\s?号"
    r"|(?:20[XxＸ×○\d]?[XxＸ×○]{1,2}|[XxＸ×○]{4})年(?=[XxＸ×○\d]{1,2}月)|(?<!\d)\d{4}年[XxＸ×○]{1,2}月(?:[XxＸ×○\d]{1,2}日)?"
    r"|(?<=年)\d{1,2}月[XxＸ×○]{1,2}日"
    r"|[（(【](?:待定|待补充|待核实|待填|待确认|此处[^）)】\n]{1,12})[）)】]|(?:点击|单击)此处(?:输入|添加|编辑)[^，。\n]{0,6}"
    r"|(?i:lorem ipsum)"
)
# The slow pattern is asked only around these.
_MAYBE = re.compile(r"[XxＸ×○]+|[（(【](?:待|此处)|[点单]击此处|[Ll]orem")
_TITLE_END = re.compile(r"[。，；、,;：:]\Z")
_FORM = re.compile(r"样表|样式|式样|范本|样本|参考文本|文书格式|示范文本")
_FIELDS = (
    "document_number",
    "index_number",
    "issuer",
    "issuers",
    "keywords",
    "description",
    "summary",
    "author",
    "origin",
    "source",
)


def find(sheet: Sheet) -> Iterator[Finding]:
    """The title's faults, then words that held a place in the other fields and in the body."""
    title = sheet.matter.fields.get("title")
    if title is not None:
        yield from _title(sheet, title.strip())
    for name in _FIELDS:
        if (value := sheet.field(name)) and (found := _HOLDS_A_PLACE.search(value)):
            yield _placeholder(sheet, value, found[0])
    yield from _summary(sheet)
    yield from _body(sheet)


def _title(sheet: Sheet, title: str) -> Iterator[Finding]:
    span = sheet.field_span(title)
    if not title:
        yield _fault(sheet, span, _("没有标题"), _("填写标题"))
        return
    if found := _HOLDS_A_PLACE.search(title):
        yield _placeholder(sheet, title, found[0])
    if ending := _TITLE_END.search(title):
        yield _fault(sheet, span, _("标题末尾有标点“%(sign)s”"), _("去掉标题末尾的标点"), sign=ending[0])
    longest = sheet.settings.threshold("document.title")
    if len(title) > longest:
        yield _fault(
            sheet, span, _("标题有%(count)s字，超过%(most)s字"), _("缩短标题；正文误贴进标题的，移回正文"),
            count=len(title), most=longest,
        )  # fmt: skip


def _summary(sheet: Sheet) -> Iterator[Finding]:
    value = sheet.field("summary", "description")
    longest = sheet.settings.threshold("document.summary")
    if len(value) > longest:
        yield _fault(
            sheet, sheet.field_span(value), _("摘要有%(count)s字，超过%(most)s字"), _("缩短摘要"),
            severity=Severity.NOTE, count=len(value), most=longest,
        )  # fmt: skip


def _body(sheet: Sheet) -> Iterator[Finding]:
    """Left-over places in number, date and text; blank forms in attachments have them on purpose."""
    left = _left(sheet.text)
    form = _FORM.search(sheet.text) if left else None
    for found in left if len(left) <= MOST_LEFT else ():
        if form is None or found.start() < form.start():
            yield sheet.finding(
                DETECTOR, _("正文里留有没填的内容“%(words)s”"), found.span(), basis="", suggestion=_("填写或者删去"),
                words=found[0],
            )  # fmt: skip


def _left(text: str) -> list[re.Match[str]]:
    found: list[re.Match[str]] = []
    for at in _MAYBE.finditer(text):
        since = found[-1].end() if found else 0
        one = _BODY_PLACES.search(text, max(since, at.start() - 10), at.end() + 16)
        if one:
            found.append(one)
            if len(found) > MOST_LEFT:
                break
    return found


def _placeholder(sheet: Sheet, value: str, words: str) -> Finding:
    return _fault(sheet, sheet.field_span(value), _("留有没填的内容“%(words)s”"), _("填写或者删去"), words=words)


def _fault(
    sheet: Sheet,
    span: tuple[int, int],
    message: str,
    suggestion: str,
    severity: Severity = Severity.WARN,
    **values: object,
) -> Finding:
    return sheet.finding(DETECTOR, message, span, severity=severity, basis=METADATA, suggestion=suggestion, more=values)
