"""What the gate offers of the rules, to whom, and its lines in the menu."""

from django.utils.translation import gettext_lazy as _

from jiyue.console.gate import offer
from jiyue.console.menu import entry
from jiyue.console.rules import holds, staff
from jiyue.identity.roles import Role

oversees = holds(Role.OVERSEER)
answers = holds(Role.EDITOR, Role.SITE_MANAGER, Role.OVERSEER)
follows = holds(Role.OVERSEER, Role.SUPERVISOR)

# Everybody works under the rules, so everybody may read them.
offer(
    staff, "console_packs", "console_pack", "console_parameters", "console_parameter", "console_compare",
    "console_calendars", "console_calendar",
)  # fmt: skip
offer(answers, "console_rule_notices", "console_rule_notice")
offer(follows, "console_changes", "console_change")
offer(
    oversees,
    "console_override_new",
    "console_assign",
    "console_own_pack",
    "console_calendar_revise",
    "console_calendar_regional",
)

entry(_("规则"), "console_packs", icon="list-ul", order=500)
entry(_("工作日历"), "console_calendars", icon="calendar", order=510)
entry(_("规则调整"), "console_changes", icon="sliders", order=520)
