"""What the gate offers of the office, to whom, and its lines in the menu."""

from django.utils.translation import gettext_lazy as _

from jiyue.console.gate import offer
from jiyue.console.menu import entry
from jiyue.console.rules import audits, holds, manages_sites, operates, reads_content
from jiyue.identity.roles import Role

sees_sites = holds(
    Role.EDITOR, Role.FIRST_REVIEWER, Role.SECOND_REVIEWER, Role.FINAL_REVIEWER, Role.SECRECY_REVIEWER,
    Role.SITE_MANAGER, Role.OPERATOR, Role.SUPERVISOR,
)  # fmt: skip
administers = holds(Role.SITE_MANAGER, Role.OPERATOR)
reads_trail = holds(Role.AUDITOR, Role.SITE_MANAGER, Role.SUPERVISOR)
watches = holds(Role.SITE_MANAGER, Role.OPERATOR, Role.SUPERVISOR)

offer(holds(Role.OPERATOR, Role.SUPERVISOR), "console_units", "console_unit")
offer(
    operates, "console_unit_add", "console_unit_change", "console_site_new", "console_accounts", "console_account_add",
    "console_person", "console_password", "console_account_switch", "console_membership_add", "console_membership_drop",
    "console_go_back", "console_go_on",
)  # fmt: skip
offer(sees_sites, "console_site_list", "console_site", "console_people", "console_publications", "console_releases")
offer(
    reads_content, "console_notices", "console_structure", "console_columns", "console_responsibility",
    "console_routes", "console_marks", "console_mark_picture", "console_windows",
)  # fmt: skip
offer(
    manages_sites, "console_profile", "console_notice_words", "console_window_down", "console_site_open", "console_column_add",
    "console_column_change", "console_column_move", "console_column_close", "console_column_reopen", "console_limits",
)  # fmt: skip
offer(administers, "console_dismiss", "console_try_again", "console_account_release")
offer(reads_trail, "console_trail", "console_trail_export", "console_private_looks", "console_private_looks_export")
offer(audits, "console_trail_check")
offer(watches, "console_incidents")

entry(_("网站"), "console_site_list", icon="site", order=600)
entry(_("单位"), "console_units", icon="group", order=610)
entry(_("账号"), "console_accounts", icon="user", order=620)
entry(_("发布异常"), "console_incidents", icon="warning", order=630)
entry(_("审计记录"), "console_trail", icon="history", order=640)
