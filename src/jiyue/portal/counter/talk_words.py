"""The words of live enquiries at the counter (Chinese; English in the catalogue)."""

from collections.abc import Mapping
from typing import Any, Final


def _(text: str) -> str:
    return text


YOU: Final = _("我")
FILES: Final = _("附件")
CUT: Final = _("（咨询记录较长，这里是最后一部分，全部记录由办理单位查看。）")
TOLD: Final[Mapping[str, str]] = {
    "take": _("%(label)s正在接待您。"),
    "hand": _("已转由%(label)s接待您，前面说过的话都转过去了。"),
    "back": _("%(label)s暂时离开了，正在为您另找值班员，您前面说的都在。"),
    "advise": _("%(label)s建议把这件事写成信，由承办单位查清以后答复。请按下面的“转为信件”。"),
    "end_visitor": _("您结束了咨询。"),
    "end_officer": _("%(label)s结束了咨询。"),
    "end_idle": _("很久没有新的话，咨询已自动结束。"),
    "end_closed": _("现在没有值班员了，这次没有人接待您，很抱歉。请按“转为信件”，说过的话都在信里。"),
    "end_away": _("您有一阵没有看这一页，排队已取消，很抱歉。可以重新咨询，或者按“转为信件”，说过的话都在信里。"),
    "end_full": _("排队的人满了，这次没有排上，很抱歉。可以过一会儿重新咨询，或者按“转为信件”，您写的都在信里。"),
    "end_failed": _("这次咨询没有开始成，很抱歉。请按“重新咨询”，或者按“转为信件”，您写的都在信里。"),
}
WHY: Final[Mapping[str, str]] = {
    "hours": _("现在不在开放时间。"), "nobody": _("现在没有值班员在岗。"), "full": _("排队的人满了，请过一会儿再来。"),
}  # fmt: skip
STATES: Final[Mapping[str, str]] = {
    "waiting": _("正在排队，您前面有 %(n)s 位。"), "first": _("您排在第一位，请稍等。"), "sent": _("已送到，正在排队。"),
    "talking": _("正在接待。"), "ended": _("咨询已经结束。"),
}  # fmt: skip


def told(word: Mapping[str, Any]) -> str:
    """The sentence for what was done and not said."""
    act = str(word["act"])
    return TOLD.get(f"end_{word['text']}" if act == "end" else act, "")
