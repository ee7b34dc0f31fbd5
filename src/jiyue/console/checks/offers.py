"""What the gate offers of 内容检测, to whom, and its line in the menu."""

from django.utils.translation import gettext_lazy as _

from jiyue.console.gate import offer
from jiyue.console.menu import entry
from jiyue.console.rules import holds, manages_sites, reads_content, reviews, supervises, writes
from jiyue.identity.roles import REVIEW_ROLES, Role

reports = holds(Role.EDITOR, Role.SITE_MANAGER, *REVIEW_ROLES)
keeps = holds(Role.SITE_MANAGER, Role.OVERSEER, Role.SUPERVISOR)

offer(writes, "console_check_typing", "console_checks", "console_ask_consent", "console_consent")
offer(reviews, "console_waive")
offer(
    reads_content, "console_findings", "console_finding", "console_examinations", "console_check_waivers", "console_check_waiver",
    "console_leaks", "console_leak", "console_leak_report",
)  # fmt: skip
offer(reads_content, "console_rectifications", "console_rectifications_export", "console_rectification")
offer(
    reads_content, "console_inspections", "console_inspection", "console_inspection_export", "console_inspection_item",
    "console_inspection_finding",
)  # fmt: skip
offer(reads_content, "console_page_rules", "console_page_rules_of", "console_page_rule_seen")
offer(manages_sites, "console_page_rules_examine")
offer(supervises, "console_inspection_new", "console_inspection_act")
offer(manages_sites, "console_rectification_person")
offer(reports, "console_open_leak")
offer(keeps, "console_check_lists", "console_check_end", "console_check_try")

entry(_("内容检测"), "console_findings", icon="warning", order=525)
