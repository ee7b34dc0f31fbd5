"""Write what the models say of every kind of record as editions of the data standards, and `README.md` beside this.

    PYTHONPATH=src python docs/standards/generated.py [DAY]

Without a day the newest edition is written anew: right only while no release has carried it. What a release has carried
stays as it is; a changed model then needs an edition of a later DAY (as 2027-01-15), from which it is in force.
"""

import json
import os
import sys
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiyue.config.settings.test")

import django

django.setup()

from jiyue.content import exchange_forms, standards  # noqa: E402 - after Django is set up
from jiyue.rules.standards.register import CLASSES, FOLDER, read  # noqa: E402
from jiyue.rules.standards.wording import TYPES  # noqa: E402

HERE = Path(__file__).parent
FIRST = "2026-11-22"


def main(day: str) -> None:
    for name, schema in {**standards.schemas(), **exchange_forms.schemas()}.items():
        folder = FOLDER / name
        folder.mkdir(exist_ok=True)
        newest = max((path.stem for path in folder.glob("*.json")), default=FIRST)
        text = json.dumps(schema, ensure_ascii=False, indent=1) + "\n"
        last = folder / f"{newest}.json"
        if not last.exists() or last.read_text("utf-8") != text:
            (folder / f"{day or newest}.json").write_text(text, "utf-8")
    (HERE / "README.md").write_text(readme(), "utf-8")


def readme() -> str:
    register = read()
    parts = [
        "# 数据标准\n\n由 `docs/standards/generated.py` 生成，不要手工修改。每个标准按生效日期留存各版，文件在\n"
        "`src/jiyue/rules/standards/editions/`；\n依据和没有找到的内容在 `src/jiyue/rules/standards/register.yaml`。\n"
    ]
    for name, editions in register.editions.items():
        edition = editions[-1]
        parts.append(f"\n## {edition.title} `{name}`\n\n{CLASSES[register.classes[name]]}标准，{edition.since} 版。\n")
        for text in register.texts[name]:
            number = f"（{text.number}）" if text.number else ""
            missing = f"没有找到：{text.missing}。" if text.missing else ""
            parts.append(f"\n- 《{text.title}》{number}，读到{text.read}。采用：{text.taken}。{missing}")
        parts.append("\n\n| 字段 | 名称 | 类型 | 要求 |\n|---|---|---|---|\n")
        parts += rows(edition.schema)
    return "".join(parts)


def rows(schema, prefix: str = ""):
    needed = schema.get("required", ())
    for name, part in schema.get("properties", {}).items():
        types = part.get("type", "string")
        types = [types] if isinstance(types, str) else types
        words = "或".join(TYPES[one] for one in types)
        asked = ["必有"] if name in needed else []
        asked += ["不能为空"] if part.get("minLength") else []
        asked += [f"最多 {part['maxLength']} 字"] if "maxLength" in part else []
        names = part.get("x-names", {})
        asked += (
            ["取值：" + "、".join(f"{code} {names.get(code, '')}" for code in part["enum"] if code)]
            if "enum" in part
            else []
        )
        yield f"| `{prefix}{name}` | {part.get('title', '')} | {words} | {'；'.join(asked)} |\n"
        inner = part if part.get("type") == "object" else part.get("items", {})
        if inner.get("properties"):
            yield from rows(inner, f"{prefix}{name}{'[]' if 'items' in part else ''}.")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "")
