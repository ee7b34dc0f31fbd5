"""What the gate offers of the reports, to whom, and their line in the menu."""

from django.utils.translation import gettext_lazy as _

from jiyue.console.gate import offer
from jiyue.console.menu import entry
from jiyue.console.rules import holds, reads_content
from jiyue.identity.roles import Role

offer(
    reads_content, "console_counts", "console_counts_export", "console_events_told", "console_events_told_export",
    "console_accountability", "console_accountability_export",
)  # fmt: skip
offer(holds(Role.SUPERVISOR, Role.OVERSEER), "console_letters_watched", "console_letters_watched_export")

entry(_("统计报表"), "console_counts", icon="list-ol", order=535)
