"""A file that could not be read is a finding, never silence (document.unreadable)."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from jiyue.checks.findings import Finding, Severity
from jiyue.checks.findings import marked as _
from jiyue.checks.matter import Matter

SENTENCES: Mapping[str, str] = MappingProxyType({
    "encrypted": _("“%(name)s”设有打开密码，无法检测里面的内容"),
    "damaged": _("“%(name)s”已损坏，无法检测里面的内容"),
    "empty": _("“%(name)s”是空文件"),
    "too_large": _("“%(name)s”太大，无法检测里面的内容"),
    "too_slow": _("“%(name)s”在规定时间内没有读完，无法检测里面的内容"),
    "suspicious": _("“%(name)s”内部结构异常（疑似压缩炸弹或外部实体），没有打开"),
    "macros": _("“%(name)s”含有宏"),
    "old_format": _("“%(name)s”是检测读不了的旧版 Office 文档"),
    "unknown": _("“%(name)s”的格式无法识别，无法检测里面的内容"),
    "no_text": _("“%(name)s”没有文字层（可能是扫描件），无法检测里面的内容"),
    "pages_without_text": _("“%(name)s”第 %(pages)s 页没有文字层（可能是扫描页），这些页没有检测"),
})  # fmt: skip
ADVICE: Mapping[str, str] = MappingProxyType({
    "encrypted": _("取消密码后重新上传"),
    "macros": _("另存为不含宏的文件后重新上传"),
    "old_format": _("另存为 .docx、.xlsx、.pptx 或 PDF 后重新上传"),
    "no_text": _("先做文字识别（OCR），或由人逐页核对后说明理由放行"),
    "pages_without_text": _("由人逐页核对这些页"),
})  # fmt: skip
# Part of it was read, or nothing in it can carry words: a look is enough.
_MILD = ("pages_without_text",)


def unreadable(matter: Matter) -> Iterator[Finding]:
    """One finding for each trouble of the reader."""
    for trouble in matter.troubles:
        yield Finding(
            detector="document.unreadable",
            severity=Severity.WARN if trouble.code in _MILD else Severity.BLOCK,
            message=SENTENCES[trouble.code],
            start=0,
            end=0,
            suggestion=ADVICE.get(trouble.code) or _("换成可以正常打开的文件"),
            place=trouble.values.get("name", ""),
            values=trouble.values,
        )
