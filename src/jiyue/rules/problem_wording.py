"""What `jiyue rules check` says of each problem: what is wrong, and how to mend it. A plain table, as in publishing."""

from collections.abc import Mapping
from typing import Any, Final

from jiyue.domain.rule_terms import Kind
from jiyue.rules import wording
from jiyue.rules.problems import Problem

_DAY: Final = "写成 2022、2022-05 或 2022-05-01 这样实际存在的日期；不知道施行日写 undated"
_SPAN: Final = "写成“数字 单位”，单位用 hours、days、working-days、weeks、months、years，例如 5 working-days"
_RATE: Final = "写成“1 per year”这样的形式，周期用 day、working-day、week、month、quarter、half-year、year"

SENTENCES: Final[Mapping[str, str]] = {
    # the file itself
    "too-many": "已有 {most} 处问题，其余的没有再看。请先改正这些",
    "file-too-large": "文件超过 {most} 字节。请按主题拆成几个文件",
    "not-utf8": "从第 {byte} 个字节起不是 UTF-8 编码。请在编辑器中另存为 UTF-8",
    "tab": "行首用了制表符。请换成空格",
    "not-a-character": "文件中有不允许的字符 {character}。请删除",
    "not-yaml": "不是正确的 YAML（{reason}）。请检查这一行的缩进、冒号后的空格和引号",
    "second-document": "一个文件只能有一份内容。请删除分隔线 --- 及其后的内容，或另存为一个文件",
    "empty-file": "文件没有内容。请写入内容，或删除文件",
    "too-deep": "层次超过 {most} 层。请按文档所列格式书写",
    "alias": "不能用别名 *{name}。请把内容直接写在这里",
    "anchor": "不能用锚点 &{name}。请删除 &{name}",
    "tag": "不能用标签 {name}。请删除；数字和文字直接书写，文字可加引号",
    "merge-key": "不能用合并键 <<。请把各项直接写在这里",
    "key-not-text": "名称必须是文字。请改为一个名称",
    "key-twice": "“{key}”在第 {first} 行已经写过。请合并为一处",
    "not-a-mapping": "这里应当是“名称: 内容”的列表。请按文档所列格式书写",
    "wrong-suffix": "扩展名不是 .yaml，不会被读取。请改名为 {expected}",
    # fields
    "unknown-field": "这里没有“{key}”这一项。可用的项：{expected}",
    "missing-field": "缺少 {expected}。请补上",
    "not-text": "“{key}”应当是一段文字。请写在一行内，必要时加引号",
    "empty-text": "“{key}”没有内容。请填写，或删除这一项",
    "not-fields": "“{key}”下面应当是“名称: 内容”的各项。请换行缩进书写",
    "not-one-of": "“{key}”不能是“{found}”。可用：{expected}",
    "no-such-day": "没有“{found}”这个日期。请{day}",
    # catalogue
    "not-a-name": "“{found}”不能作名称。请用小写字母、数字和连字符，例如 message-reply",
    "not-a-number-of-requirements": "“{found}”不是要求编号。请写成 P-40 这样的形式",
    "kind-has-no-units": "{kind_word}没有单位。请删除 units",
    "kind-has-no-subjects": "{kind_word}不分对象。请删除 fallback",
    "kind-has-no-classes": "只有期限分类别。请删除 classes",
    "number-twice": "要求编号 {found} 已属于 {other}。请只写在一处",
    # pack.yaml
    "no-pack-file": "没有 pack.yaml。请在同一文件夹中写一个，说明规则包的名称、级别和依据文件",
    "folder-differs": "规则包名“{found}”与文件夹名“{folder}”不一致。请改成一样",
    "nation-extends": "国家级规则包之上没有别的规则包。请删除 extends",
    "unknown-pack": "没有名为“{found}”的规则包。现有：{expected}",
    "extends-loop": "extends 绕了一圈：{found}。请把其中一个改为真正的上级",
    # values
    "unknown-parameter": "没有名为“{found}”的参数。用 jiyue rules list 查看全部参数",
    "no-dates": "“{key}”下面没有日期。请先写从何时起施行，再在日期下面写值",
    "date-missing": "{parameter} 的下面应当先写从何时起施行，“{key}”等写在日期下面。例如先写一行“2022:”，各项再缩进一层",
    "same-day": "{parameter} 的“{found}”与 {file_before} 第 {line_before} 行的“{stated_before}”是同一天起施行。请只留一处，"
    "或写明确切的日期",
    "missing-basis": "没有写依据。请加上 basis: 文件代号 第几条",
    "unknown-text": "pack.yaml 的 texts 中没有代号为“{found}”的文件。请在那里加上，或改用：{expected}",
    "says-nothing": "没有写规定的内容。请写 {expected} 中的一项",
    # terms
    "fields-exclude": "“{key}”与“{found}”不能同时写。请只留一项",
    "field-needs": "写了“{key}”就要写“{found}”。请补上",
    "latest-before-limit": "最迟期限 {found} 比一般期限 {expected} 还短。请核对",
    "most-below-least": "至多 {found} 比至少 {expected} 还少。请核对",
    "day-too-far": "“{found}”的年份不在 1900 与 2199 之间。请核对",
    "period-missing": "“{found}”没有写周期。请{rate}",
    "not-a-list": "“{key}”应当是列表，至少一行。请逐行写“- {{for: 对象, answer: 答案}}”",
    "not-a-ruling": "列表的每一行应当写 for 和 answer。请写成“- {{for: 对象, answer: 答案}}”",
    "unknown-part": "这一行没有“{found}”这一项。可用的项：{expected}",
    "ruling-incomplete": "这一行缺少 for 或 answer，或者它们不是文字。请写成“- {{for: 对象, answer: 答案}}”",
    "subject-twice": "“{found}”已经写过一行。请合并为一行，答案可以写成列表",
    "not-a-class": "列表的每一行应当写 name 和 limit。请写“- name: 类别名称”，下一行写“limit: 7 working-days”",
    "class-incomplete": "这一行缺少 name 或 limit，或者名称超过 40 字。请写“- name: 类别名称”，下一行写“limit: 7 working-days”",
    "class-before-limit": "这一类的期限 {found} 比没有分类时的期限 {expected} 还短。没有分类时按最短的一类算，请改正 limit",
    "has-no-classes": "“{parameter}”不分类别。请删除 classes",
    "not-a-number": "most 应当是不大的整数，不能是“{found}”。请改正",
    "not-a-holiday": "“{part}”写成了“{found}”，不是法定假日。请写成 01-01: 元旦 这样的月日和名称",
    "not-a-counting": "“{part}”写成了“{found}”，不是计算方式。请写 start-day、named-day 为 counted 或 not-counted，"
    "day-ends 为 midnight 或 12:00 至 23:59 的下班时间，三项都写",
    "not-a-page-rule": "“{part}”写成了“{found}”，不是检查项。请写 say（要求）、look（检查方法，或 by-eye）、weight（must 或 "
    "should）、figure 或 most（限量），停用的写 off（理由）；page.rule.local 写列表，每行 key、say、weight",
    "wrong-unit": "{parameter} 不能用“{found}”作单位。可用：{expected}",
    "limit-empty": "“{key}”没有内容。请填写，或删除这一项",
    "limit-unknown-form": "看不懂“{key}: {found}”。请{form}",
    "limit-unknown-unit": "“{found}”的单位不认识。请{form}",
    "limit-unknown-period": "“{found}”的周期不认识。请{rate}",
    "limit-zero": "“{found}”不能是零。请写正整数",
    "limit-too-large": "“{found}”太大了。请核对",
    "limit-no-such-day": "“{found}”不是每年都有的日期。请写成 01-31 这样的“月-日”",
    "limit-not-every-year": "不是每年都有 2 月 29 日。请写 02-28",
    "limit-out-of-range": "“{found}”不在 0 与 100 % 之间。请核对",
    # calendars
    "not-a-year": "“{found}”不是年份。请写成 2026 这样的四位数字",
    "year-differs": "年份 {found} 与文件名 {file_name} 不一致。请改成一样",
    "calendar-other-year": "{found} 不在 {year} 年。请写到那一年的文件中",
    "calendar-off-and-worked": "{found} 既写了放假又写了上班。请只留一处",
    "calendar-worked-weekday": "{found} 本来就是工作日，不是调休上班。请删除",
    "calendar-no-name": "{found} 没有写是什么节日。请补上",
}
# How the fields of each kind are written.
_FORMS: Final[Mapping[tuple[str, str], str]] = {
    (Kind.DEADLINE, "limit"): f"{_SPAN}；或写 same-day、with-event、by 01-31",
    (Kind.DEADLINE, "latest"): f"{_SPAN}；或写 same-day、with-event、by 01-31",
    (Kind.RECURRENCE, "gap"): _SPAN,
    (Kind.RECURRENCE, "at_least"): _RATE,
    (Kind.RECURRENCE, "by"): "写成 01-31 这样的“月-日”",
    (Kind.QUOTA, "at_least"): "写成“1”或“1 per year”这样的形式",
    (Kind.QUOTA, "at_most"): "写成“1”或“1 per year”这样的形式",
    (Kind.RATIO, "at_least"): "写成“80 %”这样的形式",
    (Kind.RETENTION, "at_least"): _SPAN,
}


_LONGEST: Final = 80  # characters of what was found


def _shortened(fact: Any) -> Any:
    return f"{fact[:_LONGEST]}…" if isinstance(fact, str) and len(fact) > _LONGEST else fact


def sentence(problem: Problem) -> str:
    """What is wrong and how to mend it, for a person."""
    facts: dict[str, Any] = {"key": "", "found": "", "expected": (), "kind": "", "nearest": "", **problem.facts}
    facts = {name: fact if name == "file_before" else _shortened(fact) for name, fact in facts.items()}
    nearest = facts["nearest"]
    facts.update(
        expected="、".join(facts["expected"]) if isinstance(facts["expected"], tuple) else facts["expected"],
        form=_FORMS.get((facts["kind"], facts["key"]), _SPAN),
        rate=_RATE,
        day=_DAY,
        kind_word=wording.KINDS.get(facts["found"], ""),
    )
    said = SENTENCES[problem.code].format(**facts)
    return f"{said}；是不是“{nearest}”？" if nearest and nearest != facts["expected"] else f"{said}。"
