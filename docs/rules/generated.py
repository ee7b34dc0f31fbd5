"""Write what is made from the rule packs: docs/rules/packs.md and rulepacks/schema/ (`make rules`).

python docs/rules/generated.py
"""

import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "src")]

from jiyue.rules.library import Library  # noqa: E402
from jiyue.rules.schemas import all_schemas  # noqa: E402
from jiyue.rules.tables import packs_table  # noqa: E402

PACKS = ROOT / "rulepacks"


def files() -> dict[Path, str]:
    """Every generated file with its content."""
    library = Library(PACKS)
    schemas = {PACKS / "schema" / name: json.dumps(schema, ensure_ascii=False, indent=1) + "\n"
               for name, schema in all_schemas(library.parameters).items()}  # fmt: skip
    return {ROOT / "docs" / "rules" / "packs.md": packs_table(library), **schemas}


def main() -> None:
    for path, content in files().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, "utf-8")


if __name__ == "__main__":
    main()
