"""The words of the annual report: its parts and the rows and columns of table two, as the official form names them."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from jiyue.domain.disclosure_annual import AMOUNT, DECISIONS, IN_FORCE, ISSUED, REPEALED, Prose

PROSE: dict[Prose, Any] = {
    Prose.OVERVIEW: _("总体情况"), Prose.PROBLEMS: _("存在的主要问题及改进情况"), Prose.OTHERS: _("其他需要报告的事项"),
}  # fmt: skip
LINES: dict[str, Any] = {
    "rules": _("规章"), "normative": _("行政规范性文件"), "licences": _("行政许可"), "penalties": _("行政处罚"),
    "coercion": _("行政强制"), "charges": _("行政事业性收费"),
}  # fmt: skip
COLUMNS: dict[str, Any] = {
    ISSUED: _("本年制发件数"), REPEALED: _("本年废止件数"), IN_FORCE: _("现行有效件数"), DECISIONS: _("本年处理决定数量"),
    AMOUNT: _("本年收费金额（单位：万元）"),
}  # fmt: skip
# The report is Chinese, whatever language its writer's screen speaks.
ONE, TWO, FIVE, SIX = (
    "一、总体情况",
    "二、主动公开政府信息情况",
    "五、存在的主要问题及改进情况",
    "六、其他需要报告的事项",
)
