"""What the gate offers of 栏目保障, to whom, and its line in the menu."""

from django.utils.translation import gettext_lazy as _

from jiyue.console.gate import offer
from jiyue.console.menu import entry
from jiyue.console.rules import holds, manages_sites, reads_content
from jiyue.identity.roles import Role

stewards = holds(Role.EDITOR, Role.SITE_MANAGER)

offer(
    reads_content, "console_column_table", "console_column_table_export", "console_reference_table", "console_decisions",
    "console_decision", "console_filings", "console_filing", "console_catalogue", "console_catalogue_export",
    "console_item", "console_withholding", "console_commitments", "console_commitment", "console_notifications",
    "console_notification", "console_reprints", "console_reprint", "console_outdated", "console_plans",
    "console_plan", "console_tasks", "console_task", "console_topics", "console_topics_export",
)  # fmt: skip
offer(
    manages_sites, "console_decision_new", "console_item_new", "console_catalogue_import", "console_item_remove",
    "console_item_withhold",
)  # fmt: skip
offer(stewards, "console_plan_new", "console_commitment_new", "console_notification_new", "console_looked_at")
offer(holds(Role.OVERSEER), "console_reprint_new")
offer(holds(Role.EDITOR, Role.SITE_MANAGER, Role.OVERSEER), "console_progress_end")

entry(_("栏目保障"), "console_column_table", icon="table", order=530)
