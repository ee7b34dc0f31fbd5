"""What intake hands over, and every sentence it can say about a source."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from jiyue.checks.reading.bounds import MIB, Bounds
from jiyue.content.markup import Block
from jiyue.content.sentences import sentence
from jiyue.domain.official_text import Reading


@dataclass(frozen=True)
class Limits(Bounds):
    """How much of a source is looked at. Sizes in bytes, times in seconds."""

    record_bytes: int = 8 * MIB
    records: int = 200_000
    pictures: int = 300
    picture_bytes: int = 20 * MIB


@dataclass(frozen=True)
class Note:
    """Something to know about an item: level is info, warning or error; the message is lazily translated."""

    code: str
    level: str
    message: Any


@dataclass(frozen=True)
class Field:
    """One value of an item: how sure ("found" or "doubtful"), why, and where from.

    `source` is "text" for what the document says itself, else record:<key>, page:<name> or file.
    """

    value: str | tuple[str, ...] | date | datetime
    confidence: str
    why: str
    source: str


@dataclass(frozen=True)
class ItemFile:
    """A file of an item; blocks refer to it by "@" and its place. The media type is judged by content."""

    name: str
    content: bytes
    media_type: str


@dataclass(frozen=True)
class Item:
    """One document or article, ready to become a draft. `key` is equal for equal content, whatever its source."""

    source: str
    key: str
    kind: str  # policy_document | article
    title: str
    blocks: tuple[Block, ...]
    files: tuple[ItemFile, ...]
    reading: Reading
    fields: Mapping[str, Field]
    notes: tuple[Note, ...]
    line: int | None = None  # of a JSONL file, from 1
    record_id: str = ""
    address: str = ""  # where it was published before (ARCH-04)
    origin: str = ""  # who published it before (ARCH-04)

    def value(self, name: str) -> Any:
        found = self.fields.get(name)
        return None if found is None else found.value


@dataclass(frozen=True)
class Refusal:
    """A source, or one record of it, that could not be taken in; the others go on."""

    source: str
    note: Note
    line: int | None = None


class IntakeRefused(Exception):
    """A whole source cannot be read; `code` is stable, `message` is the sentence for the person."""

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(code)
        self.code = code
        self.note = note(code, **values)
        self.message = self.note.message


def note(code: str, **values: Any) -> Note:
    """The note of a code with its sentence filled in."""
    level, template = SENTENCES[code]
    return Note(code, level, sentence(template, **values))


@dataclass
class Draft:
    """What a reader of one format gathers before the structure is recognised."""

    blocks: list[Block] = field(default_factory=list)
    files: list[ItemFile] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    given: dict[str, Field] = field(default_factory=dict)
    title: str = ""
    address: str = ""
    origin: str = ""
    record_id: str = ""
    stated_kind: str = ""


SENTENCES: dict[str, tuple[str, Any]] = {
    # refusals of a whole source
    "not_found": ("error", _("找不到文件“%(name)s”，或者没有读取权限。")),
    "empty": ("error", _("“%(name)s”是空文件，没有可导入的内容。")),
    "too_large": ("error", _("“%(name)s”有 %(size)s MB，超过 %(limit)s MB 的上限；请拆分后再导入。")),
    "unknown_kind": (
        "error",
        _("“%(name)s”不是可以导入的格式；请提供 JSONL、DOCX、PDF、HTML 或 TXT 文件。"),
    ),
    "encoding_unknown": ("error", _("“%(name)s”的文字编码无法识别；请另存为 UTF-8 编码后再导入。")),
    "binary": ("error", _("“%(name)s”不是文本文件，里面是二进制数据。")),
    "old_word_format": ("error", _("“%(name)s”是旧版 Word 文档（.doc）；请用 Word 或 WPS 另存为 .docx 后再导入。")),
    "docx_encrypted": ("error", _("“%(name)s”设了打开密码；请取消密码后再导入。")),
    "docx_macros": ("error", _("“%(name)s”含有宏，可能带有病毒；请另存为不含宏的 .docx 后再导入。")),
    "docx_damaged": ("error", _("“%(name)s”已损坏，无法按 Word 文档打开；请重新导出后再导入。")),
    "docx_entities": ("error", _("“%(name)s”内部含有不允许的 XML 实体定义，已拒绝导入。")),
    "zip_bomb": ("error", _("“%(name)s”解压后的体积或文件数异常，疑似压缩炸弹，已拒绝导入。")),
    "archive": ("error", _("“%(name)s”是压缩包；请解压后逐个导入里面的文件。")),
    "spreadsheet": ("error", _("“%(name)s”是表格或演示文稿，不能作为稿件导入；请作为附件上传。")),
    "picture": ("error", _("“%(name)s”是图片，不能作为稿件导入；请上传到图片库。")),
    "pdf_encrypted": ("error", _("“%(name)s”是加密的 PDF，需要密码才能打开；请提供未加密的版本。")),
    "pdf_truncated": ("error", _("“%(name)s”不完整，PDF 的结尾缺失；请重新下载或导出后再导入。")),
    "pdf_damaged": ("error", _("“%(name)s”已损坏，无法按 PDF 打开。")),
    "pdf_scanned": ("error", _("“%(name)s”是扫描件，没有文字层；请先做文字识别（OCR）再导入。")),
    "pdf_too_slow": ("error", _("“%(name)s”在 %(seconds)s 秒内没有读完，已停止；文件可能已损坏。")),
    "pdf_too_many_pages": ("error", _("“%(name)s”有 %(pages)s 页，超过 %(limit)s 页的上限；请拆分后再导入。")),
    "html_tower": ("error", _("“%(name)s”里的元素层层嵌套，不像正常网页，没有打开。")),
    "html_without_text": ("error", _("“%(name)s”里没有找到正文。")),
    "too_many_characters": ("error", _("“%(name)s”的文字超过 %(limit)s 个字符，请拆分后再导入。")),
    # refusals of one record
    "json_broken": ("error", _("第 %(line)s 行不是完整的 JSON，已跳过这一条。")),
    "json_no_object": ("error", _("第 %(line)s 行不是一条记录（应为 JSON 对象），已跳过。")),
    "record_too_large": ("error", _("第 %(line)s 行超过 %(limit)s MB，已跳过这一条。")),
    "record_without_text": ("error", _("第 %(line)s 行没有正文（text、html、content 等字段都为空），已跳过。")),
    "record_encoding": ("error", _("第 %(line)s 行的文字编码有误，不是 UTF-8，已跳过这一条。")),
    "too_many_records": ("error", _("记录超过 %(limit)s 条，其余没有导入；请拆分文件。")),
    "standard_broken": ("error", _("不符合数据标准，没有接收：%(why)s")),
    "kind_not_taken": ("error", _("《%(title)s》要由本单位自己编写（办事指南、专题），不从别处接收。")),
    "file_differs": ("error", _("文件“%(name)s”与登记的摘要不符，整条记录没有接收。")),
    "file_lost": ("error", _("文件“%(name)s”取不到：%(why)s")),
    "duplicate": ("info", _("内容与本次已导入的“%(first)s”完全相同，没有重复导入。")),
    # notes on an item that was taken in
    "name_differs": ("warning", _("文件名看起来是 %(named)s，内容其实是 %(actual)s，已按内容读取。")),
    "encoding_assumed": ("info", _("文字编码识别为 %(encoding)s。")),
    "encoding_mixed": ("warning", _("文件里混用了 UTF-8 和 GB18030 两种编码，已逐行识别；请核对文字。")),
    "encoding_damaged": ("warning", _("有 %(count)s 处文字编码错误，已用“\ufffd”代替；请核对原文。")),
    "null_bytes": ("warning", _("去掉了 %(count)s 个空字符。")),
    "lone_surrogates": ("warning", _("有 %(count)s 个残缺字符，已用“\ufffd”代替；请核对原文。")),
    "looks_garbled": ("warning", _("文字疑似乱码（例如“锟斤拷”），请核对原文。")),
    "html_hidden_left": ("warning", _("网页源码里有可疑的内容，清理时已去掉：%(what)s（%(words)s）。")),
    "html_hidden_kept": (
        "warning",
        _("网页源码里隐藏的内容，清理后成了看得见的正文，请核对或者删除：%(what)s（%(words)s）。"),
    ),
    "html_spam_left": ("warning", _("网页源码里有垃圾信息，清理时已去掉：%(what)s（%(words)s）。")),
    "html_more_hidden": ("warning", _("网页源码里的隐藏内容和垃圾信息另有 %(count)s 处，原网页可能被篡改过。")),
    "html_scripts": ("warning", _("去掉了网页里的 %(count)s 段脚本。")),
    "html_handlers": ("warning", _("去掉了网页里的 %(count)s 处事件代码。")),
    "html_frames": ("warning", _("去掉了网页里的 %(count)s 个内嵌框架或插件。")),
    "html_addresses": ("warning", _("有 %(count)s 个链接的地址不安全，已去掉链接、保留文字。")),
    "pictures_left": ("warning", _("有 %(count)s 张图片没有随文件提供，没有导入；请补传。")),
    "paste_pictures_left": (
        "warning",
        _("有 %(count)s 张图片没有随粘贴带过来（剪贴板里没有图片本身，或者格式不能在网页上显示）；请用“图片”块上传。"),
    ),
    "paste_too_large": ("error", _("粘贴的内容超过 %(size)s MB，请分几次粘贴，或用“导入文件”。")),
    "pictures_unreadable": ("warning", _("有 %(count)s 张图片的格式不能在网页上显示（例如 WMF、EMF），没有导入。")),
    "pictures_without_alt": ("warning", _("有 %(count)s 张图片没有替代文字，发布前须补充。")),
    "tables_left": ("warning", _("有 %(count)s 张表格过大，没有导入；请作为附件上传。")),
    "pdf_pages_without_text": ("warning", _("第 %(pages)s 页没有文字（可能是扫描页），这些页的内容没有导入。")),
    "pdf_tables": ("info", _("PDF 里的表格和图片不能识别，原文件已作为附件保留。")),
    "page_furniture": ("info", _("去掉了正文以外的 %(count)s 行页面文字（导航、字号、打印等）。")),
    "field_differs": ("warning", _("%(field)s：来源给出“%(given)s”，正文里是“%(read)s”，两者不一致，请核对。")),
    "field_unusable": ("warning", _("%(field)s：来源给出的“%(given)s”不是有效的值，没有采用。")),
    "title_missing": ("warning", _("没有找到标题，暂用正文开头代替；请补写。")),
}

FIELD_NAMES = {
    "title": _("标题"),
    "issuers": _("发文机关"),
    "document_number": _("发文字号"),
    "written_on": _("成文日期"),
    "published_on": _("发布日期"),
    "effective_on": _("施行日期"),
    "index_number": _("索引号"),
    "addressee": _("主送机关"),
}
