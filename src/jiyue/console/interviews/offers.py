"""What the gate offers of 在线访谈, to whom, and its line in the menu. Whose it is, `interaction.interviews.policies` says."""

from django.utils.translation import gettext_lazy as _

from jiyue.console.gate import offer
from jiyue.console.menu import entry
from jiyue.console.rules import reads_content, writes

offer(reads_content, "console_interviews")
offer(writes, "console_interview", "console_interview_question", "console_live_word")

entry(_("在线访谈"), "console_interviews", icon="comment", order=156)
