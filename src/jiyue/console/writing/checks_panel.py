"""检查 beside the form: a place where the script lists what it finds; without script, the way to the page that does."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.side_panels import BaseSidePanel

from jiyue.content.models.records import UNDER_REVIEW


class ChecksPanel(BaseSidePanel):
    """内容检测: what the checks say about what is being written, renewed while it is written."""

    class SidePanelToggle(BaseSidePanel.SidePanelToggle):
        aria_label = gettext_lazy("内容检测")
        icon_name = "warning"
        counter_classname = "w-bg-critical-200"

    name = "checks"
    title = gettext_lazy("内容检测")
    template_name = "console/checks/panel.html"
    order = 40

    def get_context_data(self, parent_context):
        record = self.object
        return {
            **super().get_context_data(parent_context), "locked": record.pk and record.state in UNDER_REVIEW,
            "address": reverse("console_check_typing"), "words": words(),
        }  # fmt: skip


def words() -> dict[str, str]:
    """What the script says; it travels as data."""
    return {
        "checking": _("正在检测……"), "failed": _("检测没有完成：服务器没有应答，稍后会再试。已填写的内容都在。"),
        "out": _("登录已过期，请在另一个窗口重新登录；已填写的内容都在。"), "show": _("找到它"), "mend": _("改成这样"),
        "every": _("全部处理：%(kind)s（%(n)s 处）"), "preview": _("会改成："), "more": _("另有 %(n)s 处"),
        "place": _("位置："), "original": _("原文"), "advice": _("建议："), "basis": _("依据："), "officer": _("责任人："),
        "waived": _("已豁免"), "mended": _("已改好 %(n)s 处。"), "undo": _("撤销"), "undone": _("已恢复原样。"),
        "nothing": _("没有发现问题。"),
    }  # fmt: skip
