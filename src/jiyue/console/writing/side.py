"""Beside the form: what is still missing before the record can be submitted. Renewed by every save."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.side_panels import BaseSidePanel

from jiyue.content.models.records import UNDER_REVIEW
from jiyue.content.readiness import problems
from jiyue.content.relating import RELATED_KINDS


class ReadinessPanel(BaseSidePanel):
    """检查: every reason why this cannot be submitted yet, each leading to its field."""

    class SidePanelToggle(BaseSidePanel.SidePanelToggle):
        aria_label = _("送审前检查")
        icon_name = "tasks"
        counter_classname = "w-bg-critical-200"

        def get_context_data(self, parent_context):
            return {**super().get_context_data(parent_context), "count": len(self.panel.problems)}

    name = "readiness"
    title = _("送审前检查")
    template_name = "console/writing/readiness.html"
    order = 50

    @property
    def problems(self) -> list:
        """Asked once a page: the toggle counts what the panel lists."""
        if not hasattr(self, "_problems"):
            self._problems = problems(self.object, on=timezone.localdate()) if self.object.pk else []
        return self._problems

    def get_context_data(self, parent_context):
        locked = self.object.state in UNDER_REVIEW
        related = self.object.kind in RELATED_KINDS
        own = {"problems": self.problems, "locked": locked, "related": related}
        return {**super().get_context_data(parent_context), **own}
