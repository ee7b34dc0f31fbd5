"""What the gate offers of 公开申请, to whom, and its lines in the menu. Whose a request is, `disclosure.policies` says."""

from django.utils.translation import gettext_lazy as _

from jiyue.console.gate import offer
from jiyue.console.menu import entry
from jiyue.console.rules import holds
from jiyue.identity.roles import Permission, Role, roles_with

reads_requests = holds(*roles_with(Permission.READ_LETTERS))

offer(
    reads_requests, "console_disclosures", "console_disclosure", "console_disclosure_docx", "console_disclosure_pdf",
    "console_disclosure_file", "console_disclosure_answer_file", "console_disclosure_report", "console_disclosure_report_export",
    "console_disclosure_annual", "console_disclosure_annual_export",
)  # fmt: skip
offer(holds(Role.LETTER_CLERK), "console_disclosure_register")

entry(_("公开申请"), "console_disclosures", icon="doc-full", order=152)
