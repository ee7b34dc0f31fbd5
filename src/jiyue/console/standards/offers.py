"""What the gate offers of the data standards, and their line in the menu."""

from django.utils.translation import gettext_lazy as _

from jiyue.console.gate import offer
from jiyue.console.menu import entry
from jiyue.console.rules import holds, reads_content, staff
from jiyue.identity.roles import Role

# Everybody's records are measured by them, so everybody may read them.
offer(staff, "console_standards", "console_standard", "console_standard_schema")
offer(reads_content, "console_nonconforming", "console_nonconforming_all")
offer(holds(Role.OVERSEER), "console_standard_new")

entry(_("数据标准"), "console_standards", icon="clipboard-list", order=515)
