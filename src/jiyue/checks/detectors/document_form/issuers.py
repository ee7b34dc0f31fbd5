"""发文机关: named at all, by its full name, and the same in the title, in the signature and beside the text."""

import re
from collections.abc import Iterator

from jiyue.checks.detectors.document_form.sheet import FORMAT, METADATA, Sheet
from jiyue.checks.findings import Finding
from jiyue.checks.findings import marked as _
from jiyue.domain.official_document import Document, same_body
from jiyue.domain.official_lines import organisations_in
from jiyue.domain.official_signature import SignatureBlock, signature_blocks

DETECTOR = "issuer"
BASIS = f"{FORMAT} 7.2.4、7.3.5"

# Spoken short forms; the standing short names of the State Council's departments (发展改革委) are not among them.
_SPOKEN = {
    "发改委": "发展和改革委员会", "发改局": "发展和改革局", "人社部": "人力资源和社会保障部",
    "人社厅": "人力资源和社会保障厅", "人社局": "人力资源和社会保障局", "住建部": "住房和城乡建设部",
    "住建厅": "住房和城乡建设厅", "住建局": "住房和城乡建设局", "住建委": "住房和城乡建设委员会",
    "卫健委": "卫生健康委员会", "卫健局": "卫生健康局", "文旅部": "文化和旅游部", "文旅厅": "文化和旅游厅",
    "文旅局": "文化和旅游局", "文广旅局": "文化广电旅游局", "工信部": "工业和信息化部", "工信厅": "工业和信息化厅",
    "工信局": "工业和信息化局", "自规局": "自然资源和规划局", "自规委": "规划和自然资源委员会",
    "农业农村委": "农业农村委员会", "农委": "农业农村委员会", "市监局": "市场监督管理局",
    "市场局": "市场监督管理局", "教体局": "教育体育局", "政府办": "人民政府办公室", "府办": "人民政府办公室",
    "政府办公室": "人民政府办公室", "市政府": "市人民政府", "省政府": "省人民政府", "县政府": "县人民政府",
    "区政府": "区人民政府", "镇政府": "镇人民政府", "乡政府": "乡人民政府",
    "国办": "国务院办公厅", "公积金中心": "住房公积金管理中心", "疾控中心": "疾病预防控制中心",
    "银监局": "银行业监督管理局", "退役军人局": "退役军人事务局", "应急局": "应急管理局", "医保局": "医疗保障局",
    "生态环境局分局": "生态环境局分局",
}  # fmt: skip
_SHORT_END = re.compile("(?:" + "|".join(sorted((name for name in _SPOKEN), key=len, reverse=True)) + r")\Z")
_WITHOUT_PLACE = re.compile(r"\A[省市县区州旗盟](?!直|属|委\Z)[\u4e00-\u9fff]{2,}")
_CODES = {
    "国办发": "国务院办公厅", "国办函": "国务院办公厅", "国办发明电": "国务院办公厅", "国发": "国务院", "国函": "国务院",
}  # fmt: skip
_CODE = re.compile(r"([^〔\d]+)〔")
_LONGEST = 60_000
_FORWARDS = re.compile(r"转发|批转|转载|印发|公布|发布")
_ATTACHED = re.compile(r"^[ \t\u3000]*附\s?件\s?\d{0,2}\s?[:：.．]?\s*$", re.M)


def find(sheet: Sheet) -> Iterator[Finding]:
    """The field first, then the signature against the title, then whether there is an issuer at all."""
    # A page's "source" is who sent it in, often by a short name; it is no issuer.
    value = sheet.field("issuer", "issuers") if sheet.matter.html is None else ""
    if value:
        yield from _names_of_field(sheet, value)
    differs = [*(_field_against_signature(sheet, value) if value else ()), *_signature_against_title(sheet)]
    yield from differs[:1]
    yield from _code_against_issuer(sheet, value)
    yield from _former(sheet, value)
    if not value:
        yield from _missing(sheet)


def _names(value: str) -> list[str]:
    bare = re.sub(r"（[^（）]*）|\([^()]*\)", "", value)
    return [name for name in re.split(r"[、，,;；\s]+", bare) if name]


def _names_of_field(sheet: Sheet, value: str) -> Iterator[Finding]:
    for name in _names(value):
        own = next((body for body in sheet.settings.bodies if name in body.short_names), None)
        if own:
            yield _not_full(sheet, value, name, own.name)
        elif any(name == body.name for body in sheet.settings.bodies):
            continue
        elif short := _spoken(name):
            yield _not_full(sheet, value, name, short)
        elif _WITHOUT_PLACE.match(name):
            yield _not_full(sheet, value, name, _whole_place(name))


def _spoken(name: str) -> str:
    found = _SHORT_END.search(name)
    if not found:
        return ""
    full = _SPOKEN[found[0]]
    # 市人民政府 ends in 政府, 市人民政府办公室 in 政府办公室: the full name is no short form of itself.
    return "" if name.endswith(full) else name[: found.start()] + full


def _whole_place(name: str) -> str:
    return f"××{name}"


def _not_full(sheet: Sheet, value: str, name: str, full: str) -> Finding:
    return sheet.finding(
        DETECTOR, _("发文机关“%(name)s”不是全称"), sheet.field_span(value), basis=METADATA,
        suggestion=_("写全称：%(full)s"), name=name, full=full,
    )  # fmt: skip


def _blocks(sheet: Sheet) -> list[SignatureBlock]:
    """Signatures of the document itself: what is attached is signed by others."""
    attached = _ATTACHED.search(sheet.text)
    own = sheet.text[: attached.start()] if attached else sheet.text
    return signature_blocks(Document(own)) if len(own) <= _LONGEST else []


def _signers(sheet: Sheet) -> list[str]:
    return [body for block in _blocks(sheet) for line in block.signers for body in organisations_in(line.text)]


def _field_against_signature(sheet: Sheet, value: str) -> Iterator[Finding]:
    signature = sheet.reading.signature
    signers = _signers(sheet) if signature and not _FORWARDS.search(sheet.text[:200]) else []
    if not signature or not signers:
        return
    names = _names(value)
    if not any(_same(name, signer) for name in names for signer in signers):
        yield sheet.finding(
            DETECTOR, _("落款“%(text)s”与“发文机关”一栏“%(field)s”不一致"), (signature.start, signature.end),
            basis=BASIS, suggestion=_("核对发文机关"), text="、".join(signers[:3]), field=value,
        )  # fmt: skip


def _signature_against_title(sheet: Sheet) -> Iterator[Finding]:
    issuers, title = sheet.reading.issuers, sheet.reading.title
    if not issuers or not title or issuers.why != "signature_differs" or _FORWARDS.search(title.value):
        return
    signers = _signers(sheet)
    blocks = _blocks(sheet)
    if signers and not any(_same(name, signer) for name in issuers.value for signer in signers):
        last = blocks[-1].signers
        yield sheet.finding(
            DETECTOR, _("落款“%(text)s”与标题中的发文机关“%(title)s”不一致"), (last[0].start, last[-1].end),
            basis=BASIS, suggestion=_("核对发文机关"), text="、".join(signers[:3]), title="、".join(issuers.value),
        )  # fmt: skip


def _same(one: str, other: str) -> bool:
    # 教育部 and 教育部办公厅: an office signs for its body.
    offices = one.startswith(other) or other.startswith(one)
    return offices or same_body(one, other) or same_body(_plain(one), _plain(other))


def _plain(name: str) -> str:
    """市卫生健康委员会 and 市卫生健康委 sign for one body."""
    return re.sub(r"委员会\Z", "委", name.removeprefix("中国共产党").removeprefix("中共"))


def _code_against_issuer(sheet: Sheet, value: str) -> Iterator[Finding]:
    number, issuers = sheet.reading.document_number, sheet.reading.issuers
    code = _CODE.match(number.value) if number and number.confidence == "found" else None
    expected = _CODES.get(code[1]) if code else None
    names = _names(value) or (list(issuers.value) if issuers and issuers.confidence == "found" else [])
    if number and expected and names and not any(name == expected for name in names):
        yield sheet.finding(
            DETECTOR, _("发文字号“%(number)s”是%(expected)s的，发文机关却是“%(names)s”"), (number.start, number.end),
            basis=BASIS, suggestion=_("核对发文机关和发文字号"), number=number.value, expected=expected,
            names="、".join(names),
        )  # fmt: skip


def _former(sheet: Sheet, value: str) -> Iterator[Finding]:
    signature = sheet.reading.signature
    named = [(name, sheet.field_span(value)) for name in _names(value)]
    if signature:
        named += [(name, (signature.start, signature.end)) for name in signature.value]
    for name, span in named:
        body = next((body for body in sheet.settings.bodies if name in body.former_names), None)
        if body:
            yield sheet.finding(
                DETECTOR, _("“%(name)s”是以前的名称，现在是“%(now)s”"), span, basis=BASIS,
                suggestion=_("改为：%(now)s"), name=name, now=body.name,
            )  # fmt: skip


def _missing(sheet: Sheet) -> Iterator[Finding]:
    number = sheet.reading.document_number
    if (
        number
        and number.why in ("own_line", "normalised")
        and not sheet.reading.issuers
        and not sheet.reading.signature
    ):
        yield sheet.finding(
            DETECTOR, _("有发文字号，却没有写明发文机关（标题、落款和“发文机关”一栏都没有）"), (number.start, number.end),
            basis=METADATA, suggestion=_("填写发文机关全称"),
        )  # fmt: skip
