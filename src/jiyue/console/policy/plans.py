"""解读方案 as reviewers read it: from the frozen content that they sign, not from the case as it is today."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from jiyue.content.models import Interpretation


def plan_in_words(content: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Label and value of every line of the plan that a document's version carries; empty without a case."""
    plan = content.get("together", {}).get("plan")
    if not plan:
        return []
    known = Interpretation.Form.values
    names = [str(Interpretation.Form(code).label) for code in plan["forms"] if code in known]
    return [
        (_("由谁解读"), plan["unit"]), (_("讲给谁听"), plan["audience"]), (_("解读要点"), plan["points"]),
        (_("解读形式"), "、".join(names)), (_("材料完成日期"), plan["ready_on"]),
    ]  # fmt: skip
