"""Marks are told by their shape; the same words in a sentence are left alone."""

from datetime import date

import pytest

from jiyue.checks.findings import Severity
from jiyue.checks.reading import matter_of_body, matter_of_html, matter_of_text
from jiyue.checks.running import check
from jiyue.checks.settings import Settings, Word, shipped

TODAY = date(2026, 11, 22)


def found(text: str, settings: Settings | None = None) -> list[tuple[str, str]]:
    findings = check(matter_of_text(text), settings or shipped(TODAY), only=["secrecy"])
    return [(one.detector.removeprefix("secrecy."), one.severity.value) for one in findings]


@pytest.mark.req("PRIV-02")
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("机密★20年\n澄湖市人民政府文件", ("mark", "block")),
        ("秘密★", ("mark", "block")),
        ("绝　密★启用前", ("mark", "block")),
        ("绝 密\n关于防汛的通知", ("mark", "block")),
        ("秘密 10年\n关于防汛的通知", ("mark", "block")),
        ("密级：机密", ("mark", "block")),
        ("保密期限：10年", ("mark", "block")),
        ("内部资料 注意保存", ("internal", "block")),
        ("内部文件，不得外传", ("internal", "block")),
        ("（此件不予公开）", ("internal", "block")),
        ("公开属性：不予公开", ("internal", "block")),
        ("（此件依申请公开）", ("internal", "warn")),
        ("关于防汛的通知（内部使用）", ("internal", "block")),
        ("【会后收回】", ("internal", "block")),
        ("本材料仅供内部使用，请各单位遵照执行，有关情况及时反馈。", ("internal", "warn")),
        ("工作秘密★", ("work-secret", "block")),
        ("核心商密★5年", ("commercial", "block")),
        ("本项目采购底价为1200万元", ("commercial", "note")),
        ("标志的形式为“机密★20年”", ("mark", "warn")),
    ],
)
def test_a_mark_is_found_by_its_shape(text, expected):
    assert found(text) == [expected]


@pytest.mark.req("PRIV-02")
@pytest.mark.parametrize(
    "text",
    [
        "各级机关应当保守国家秘密、工作秘密。",
        "《商业秘密保护条例》自公布之日起施行。",
        "国家秘密的密级分为绝密、机密、秘密三级。",
        "绝密级国家秘密是最重要的国家秘密，保密期限不超过三十年。",
        "内部资料性出版物管理办法",
        "考试试题在启用前不得外传",
        "不涉及国家秘密、商业秘密和个人隐私的，应当公开",
        "（此件公开发布）",
        "公开方式：主动公开",
        "对不予公开的政府信息，应当说明理由",
        "泄露国家秘密*的，依法处理",
        "标底由招标人编制",
    ],
)
def test_the_words_in_a_sentence_are_no_mark(text):
    assert found(text) == []


def test_the_word_alone_in_a_table_or_far_down_wants_a_look_only():
    page = matter_of_html("<table><tr><td>密级</td><td>事项</td></tr><tr><td>秘密</td><td>甲</td></tr></table>")
    assert [one.severity for one in check(page, shipped(TODAY), only=["secrecy"])] == [Severity.WARN]
    assert found("一段。\n" * 20 + "机密\n") == [("mark", "warn")]


@pytest.mark.req("PRIV-02", "PRIV-08")
def test_a_units_own_words_are_found_everywhere_and_not_repeated():
    words = (
        Word("secrecy", "湖堤调度令", severity=Severity.BLOCK, basis="澄湖市工作秘密目录"),
        Word("commercial", "望湖公司配方"),
    )
    settings = Settings(now=TODAY, words=words)
    matter = matter_of_body([{"type": "heading", "value": {"text": "执行湖堤调度令", "level": "2"}},
                             {"type": "list", "value": {"items": ["公布望湖公司配方"]}}], {"title": "通知"})  # fmt: skip
    first, second = check(matter, settings, only=["secrecy"])
    assert (first.detector, first.severity, first.basis, first.excerpt, first.place) == (
        "secrecy.work-secret", Severity.BLOCK, "澄湖市工作秘密目录", "湖****", "第 1 个小标题"
    )  # fmt: skip
    assert (second.detector, second.severity) == ("secrecy.commercial", Severity.WARN)
