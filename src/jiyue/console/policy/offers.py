"""What the gate offers of 政策解读, to whom, and its line in the menu."""

from django.utils.translation import gettext_lazy as _

from jiyue.console.gate import offer
from jiyue.console.menu import entry
from jiyue.console.rules import holds, reads_content, writes
from jiyue.identity.roles import Role

stewards = holds(Role.EDITOR, Role.SITE_MANAGER)

offer(
    reads_content, "console_cases", "console_case", "console_questions", "console_questions_export", "console_question",
    "console_questions_about", "console_campaigns", "console_campaigns_export", "console_campaign",
    "console_interpreted", "console_interpreted_export",
)  # fmt: skip
offer(writes, "console_case_new")
offer(stewards, "console_question_new", "console_campaign_new")

entry(_("政策解读"), "console_cases", icon="doc-full-inverse", order=525)
