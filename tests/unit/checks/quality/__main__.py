"""Measure all families and write docs/checks.md anew: `python -m tests.unit.checks.quality` (about two minutes)."""

import pkgutil
import sys
from importlib import import_module

from tests.unit.checks import quality
from tests.unit.checks.quality import frame


def main() -> None:
    sections = []
    for module in sorted(one.name for one in pkgutil.iter_modules(quality.__path__)):
        if module != "__main__" and not module.startswith("test_"):
            measure = getattr(import_module(f"{quality.__name__}.{module}"), "sections", None)
            if measure is not None:
                sys.stderr.write(f"{module}\n")
                sections += measure()
    page = frame.ROOT / "docs" / "checks.md"
    page.write_text(frame.replaced(page.read_text(encoding="utf-8"), frame.written(sections)), encoding="utf-8")


if __name__ == "__main__":
    main()
