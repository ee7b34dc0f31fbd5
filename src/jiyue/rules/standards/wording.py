"""A fault as a sentence for the person who has to mend it. Chinese without a catalogue, as the rules' own sentences."""

from typing import Any, Final

from jiyue.rules.standards.validating import Fault

SENTENCES: Final = {
    "missing": "没有这一项，标准要求必须有",
    "empty": "不能为空",
    "unknown": "标准里没有这一项",
    "type": "应为{wanted}",
    "const": "应为“{wanted}”",
    "enum": "“{given}”不在允许的范围内，可以是：{wanted}",
    "short": "至少 {least} 个字（现有 {given} 个）",
    "long": "不能超过 {most} 个字（现有 {given} 个）",
    "small": "不能小于 {least}",
    "large": "不能大于 {most}",
    "few": "至少要有 {least} 项（现有 {given} 项）",
    "many": "不能超过 {most} 项（现有 {given} 项）",
    "pattern": "“{given}”的写法不对{says}",
    "format": "“{given}”不是{wanted}",
}
TYPES: Final = {
    "string": "文字", "integer": "整数", "number": "数字", "boolean": "是或否", "null": "空值", "array": "列表",
    "object": "一组字段",
}  # fmt: skip
FORMATS: Final = {
    "date": "日期（如 2026-11-22）", "date-time": "带时区的时间（如 2026-11-22T09:00:00+08:00）", "time": "时刻（如 09:00）",
    "uuid": "标识号", "uri": "以 http:// 或 https:// 开头的网址",
}  # fmt: skip
MOST_NAMED: Final = 12


def sentence(fault: Fault) -> str:
    """`索引号（detail.index_number）：不能为空`."""
    name = (
        f"{fault.title}（{fault.field}）" if fault.title and fault.field else fault.title or fault.field or "整条记录"
    )
    return f"{name}：{SENTENCES[fault.code].format(**_facts(fault))}"


def _facts(fault: Fault) -> dict[str, Any]:
    facts = dict(fault.facts)
    if fault.code == "type":
        facts["wanted"] = "或".join(TYPES[name] for name in facts["wanted"])
    elif fault.code == "enum":
        names = facts["names"]
        wanted = list(dict.fromkeys(str(names.get(value, value) or "（空）") for value in facts["wanted"]))
        facts["wanted"] = "、".join(wanted[:MOST_NAMED]) + ("……" if len(wanted) > MOST_NAMED else "")
        facts["given"] = str(facts["given"])[:60]
    elif fault.code == "format":
        facts["wanted"] = FORMATS[facts["wanted"]]
    elif fault.code == "pattern":
        facts["says"] = f"，{facts['says']}" if facts["says"] else ""
    return facts
