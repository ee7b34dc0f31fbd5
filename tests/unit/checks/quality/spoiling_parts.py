"""Official documents whose issuer, attachments, title or blanks are wrong in one place."""

import re
from dataclasses import replace

from jiyue.checks.matter import Matter
from tests.unit.checks.quality.spoiling import DAY, NUMBER, Chance, Spoiler, Spoilt, one_of, put, spoilt_in

_SHORT = {
    "国务院办公厅": "国办", "广州市人民政府": "市政府", "广州市人民政府办公厅": "市政府办",
    "广州市人力资源和社会保障局": "广州市人社局",
    "国务院": "国务院办公厅",
}  # fmt: skip
_OTHERS = ("某某市财政局", "某某省教育厅", "某某县人民政府", "某某区卫生健康委员会", "某某市住房和城乡建设局")
_SPOKEN = (
    "某某市发改委",
    "某某区人社局",
    "某某县住建局",
    "某某市卫健委",
    "某某市文旅局",
    "某某省工信厅",
    "市财政局",
    "区教育局",
    "某某市府办",
)


def issuer_short(matter: Matter, chance: Chance) -> Spoilt | None:
    """A field filled with a short form; the title and signature go by it so that only the field is wrong."""
    return spoilt_in(
        matter, "issuer: short form in the field", "document.issuer", matter.text, issuer=chance.choice(_SPOKEN)
    )


def issuer_other(matter: Matter, chance: Chance) -> Spoilt | None:
    """The signature of another body than the title names."""
    value = matter.fields.get("issuer", "")
    signature = re.search(rf"\n{re.escape(value)}\s*\n(?=\d{{4}}年|[一二]\D{{3}}年)", matter.text) if value else None
    if (
        not signature
        or not matter.text.replace("\n", "").startswith(value)
        or "印发" in matter.text[:100]
        or "转发" in matter.text[:100]
    ):
        return None
    return spoilt_in(
        matter,
        "issuer: signature against title",
        "document.issuer",
        put(matter.text, signature, f"\n{chance.choice(_OTHERS)}\n"),
    )


def issuer_none(matter: Matter, chance: Chance) -> Spoilt | None:
    """Number and text, but no issuer in field, title and signature."""
    value = matter.fields.get("issuer", "")
    signature = (
        re.search(rf"\n{re.escape(value)}\s*\n(?:\d{{4}}年|[一二]\D{{3}}年)[^\n]*", matter.text) if value else None
    )
    if not signature or not matter.text.startswith(value + "关于") or chance.random() > 1:
        return None
    text = (matter.text[: signature.start()] + "\n").removeprefix(value)
    return spoilt_in(
        matter,
        "issuer: none",
        "document.issuer",
        text,
        issuer="",
        title=matter.fields.get("title", "").removeprefix(value),
    )


_NAMES = (
    "工作方案",
    "任务分工表",
    "申报表",
    "联系人名单",
    "评分标准",
    "项目清单",
    "材料目录",
    "考核办法",
    "实施细则",
    "责任分解表",
)


def _with_attachments(matter: Matter, chance: Chance) -> tuple[str, str, list[str]] | None:
    """A document that names three attachments before its signature and holds them behind it."""
    at = re.search(r"\n(?=[^\n]{2,20}\n(?:\d{4}年\d|[一二]\D{3}年))", matter.text)
    if at is None or "附件" in matter.text:
        return None
    names = chance.sample(_NAMES, 3)
    sections = "".join(f"\n附件{number}\n{name}\n一、范围\n适用于本次工作。" for number, name in enumerate(names, 1))
    note = "\n附件：" + "\n".join(f"{number}.{name}" for number, name in enumerate(names, 1))
    return matter.text[: at.start()] + "（详见附件2）" + note + matter.text[at.start() :], sections, names


def attachment_missing(matter: Matter, chance: Chance) -> Spoilt | None:
    made = _with_attachments(matter, chance)
    if not made:
        return None
    text, sections, _names = made
    lost = chance.randint(1, 3)
    kept = "".join(part for part in re.split(r"(?=\n附件\d)", sections) if not part.startswith(f"\n附件{lost}"))
    return spoilt_in(matter, "attachment: named, not there", "document.attachment", text + kept)


def attachments_all_missing(matter: Matter, chance: Chance) -> Spoilt | None:
    made = _with_attachments(matter, chance)
    return spoilt_in(matter, "attachment: none of the named there", "document.attachment", made[0]) if made else None


def attachment_unnamed(matter: Matter, chance: Chance) -> Spoilt | None:
    made = _with_attachments(matter, chance)
    if not made:
        return None
    extra = f"\n附件4\n{chance.choice([name for name in _NAMES if name not in made[2]])}\n一、范围\n适用于本次工作。"
    return spoilt_in(matter, "attachment: there, not named", "document.attachment", made[0] + made[1] + extra)


def attachment_file_missing(matter: Matter, chance: Chance) -> Spoilt | None:
    """Attachments as files, one forgotten."""
    made = _with_attachments(matter, chance)
    if not made:
        return None
    files = [f"附件{number}：{name}.docx" for number, name in enumerate(made[2], 1)]
    files.pop(chance.randrange(3))
    spoilt = spoilt_in(matter, "attachment: file forgotten", "document.attachment", made[0])
    return replace(spoilt, matter=replace(spoilt.matter, attachments=tuple(files))) if spoilt else None


def attachment_reference(matter: Matter, chance: Chance) -> Spoilt | None:
    made = _with_attachments(matter, chance)
    text = (made[0] + made[1]).replace("（详见附件2）", f"（详见附件{chance.randint(4, 9)}）") if made else None
    return spoilt_in(matter, "attachment: reference to none", "document.attachment", text)


def attachment_numbers(matter: Matter, chance: Chance) -> Spoilt | None:
    made = _with_attachments(matter, chance)
    wrong = chance.choice((("\n2.", "\n1."), ("\n2.", "\n4."), ("\n3.", "\n4."), ("\n3.", "\n2.")))
    text = None
    if made:
        note = made[0].index("\n附件：")
        text = made[0][:note] + made[0][note:].replace(*wrong, 1) + made[1]
    return spoilt_in(matter, "attachment: note misnumbered", "document.attachment", text)


def title_empty(matter: Matter, chance: Chance) -> Spoilt | None:
    return spoilt_in(matter, "title: empty", "document.metadata", matter.text, title=" " * chance.randint(0, 3))


def title_stop(matter: Matter, chance: Chance) -> Spoilt | None:
    title = matter.fields.get("title", "")
    return spoilt_in(
        matter, "title: full stop", "document.metadata", matter.text, title=title + chance.choice("。，；、：")
    )


def title_long(matter: Matter, chance: Chance) -> Spoilt | None:
    start = chance.randint(0, max(0, len(matter.text) - 400))
    words = "".join(matter.text[start : start + chance.randint(160, 300)].split()).rstrip("。，；、：")
    return (
        spoilt_in(matter, "title: body pasted into it", "document.metadata", matter.text, title=words)
        if len(words) > 110
        else None
    )


def title_place(matter: Matter, chance: Chance) -> Spoilt | None:
    title = matter.fields.get("title", "")
    words = chance.choice(("XX", "××", "（待定）", "测试", "xxx", "＊＊", "待补充"))
    at = chance.choice((0, len(title)))
    wrong = chance.choice(
        (title[:at] + words + title[at:], "测试", "测试标题", "无标题", "新建文档", "标题1", "test", "未命名")
    )
    return spoilt_in(matter, "title: a word that held a place", "document.metadata", matter.text, title=wrong)


def body_place(matter: Matter, chance: Chance) -> Spoilt | None:
    number = one_of(NUMBER, matter.text, chance)
    day = one_of(DAY, matter.text, chance)
    if number is None or day is None:
        return None
    sign = chance.choice(("X", "×", "XX", "××"))
    found, words = chance.choice((
        (number, f"{number['code']}〔{number['year']}〕{sign}号"), (number, f"{number['code']}〔20{sign[0] * 2}〕{sign}号"),
        (day, f"{day['year']}年{sign}月{sign}日"), (day, f"20{sign[0] * 2}年{sign}月{sign}日"), (day, day[0] + "（待定）"),
    ))  # fmt: skip
    return spoilt_in(matter, "body: a place not filled in", "document.metadata", put(matter.text, found, words))


PARTS: tuple[Spoiler, ...] = (
    issuer_short, issuer_other, issuer_none, attachment_missing, attachments_all_missing, attachment_unnamed,
    attachment_file_missing, attachment_reference, attachment_numbers,
    title_empty, title_stop, title_long, title_place, body_place,
)  # fmt: skip
