"""What the gate offers of 政策解读, to whom, and its line in the menu."""

from django.utils.translation import gettext_lazy as _

from jiyue.console.gate import offer
from jiyue.console.menu import entry
from jiyue.console.rules import reads_content, writes

offer(reads_content, "console_cases", "console_case")
offer(writes, "console_case_new")

entry(_("政策解读"), "console_cases", icon="doc-full-inverse", order=525)
