"""What the gate offers of 调查征集, to whom, and its line in the menu. Whose it is, `interaction.campaigns.policies` says."""

from django.utils.translation import gettext_lazy as _

from jiyue.console.gate import offer
from jiyue.console.menu import entry
from jiyue.console.rules import reads_content, writes

offer(reads_content, "console_surveys", "console_survey")
offer(
    writes, "console_survey_about_site", "console_survey_texts", "console_survey_text", "console_survey_export",
    "console_opinions", "console_opinion_group",
)  # fmt: skip

entry(_("调查征集"), "console_surveys", icon="list-ul", order=155)
