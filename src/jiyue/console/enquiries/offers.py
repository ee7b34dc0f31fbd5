"""What the gate offers of 在线咨询, to whom, and its line in the menu. Whose one is: `enquiries.policies`."""

from django.utils.translation import gettext_lazy as _

from jiyue.console.gate import offer
from jiyue.console.menu import entry
from jiyue.console.rules import holds, manages_sites
from jiyue.identity.roles import Permission, Role, roles_with

reads_letters = holds(*roles_with(Permission.READ_LETTERS))
answers = holds(Role.LETTER_CLERK, Role.LETTER_HANDLER)

offer(reads_letters, "console_enquiries", "console_enquiry", "console_enquiry_past", "console_enquiry_file",
      "console_enquiry_statistics",
      "console_enquiry_statistics_export")  # fmt: skip
offer(answers, "console_enquiry_news")
offer(manages_sites, "console_enquiry_desk")

entry(_("在线咨询"), "console_enquiries", icon="comment", order=154)
