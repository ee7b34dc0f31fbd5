"""How states, acts and topics of live enquiries are called by staff."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from jiyue.domain.enquiries import Act, End, State, Topic

STATES: dict[State, Any] = {State.WAITING: _("排队中"), State.TALKING: _("接待中"), State.ENDED: _("已结束")}
ENDS: dict[End, Any] = {
    End.VISITOR: _("来访人结束"), End.OFFICER: _("值班员结束"), End.IDLE: _("久未说话自动结束"),
    End.CLOSED: _("无人值班，没有接待"), End.AWAY: _("来访人离开排队"),
}  # fmt: skip
ACTS: dict[Act, Any] = {
    Act.SAY: _("来访人说"), Act.ANSWER: _("回答"), Act.TAKE: _("接待"), Act.HAND: _("转交"), Act.NOTE: _("交接说明"),
    Act.BACK: _("退回排队"), Act.ADVISE: _("建议写信"), Act.END: _("结束"), Act.LATE: _("结束后收到"),
}  # fmt: skip
TOPICS: dict[Topic, Any] = {
    Topic.POLICY: _("政策咨询"), Topic.SERVICE: _("办事指引"), Topic.PROGRESS: _("办理进度"),
    Topic.COMPLAINT: _("投诉求助"), Topic.SITE: _("网站使用"), Topic.OTHER: _("其他"),
}  # fmt: skip
