"""What the gate offers of 办事事项, to whom, and its line in the menu."""

from django.utils.translation import gettext_lazy as _

from jiyue.console.gate import offer
from jiyue.console.menu import entry
from jiyue.console.rules import holds, reads_content
from jiyue.identity.roles import Role

offer(reads_content, "console_service_items", "console_service_item")
offer(holds(Role.OVERSEER), "console_service_item_new", "console_service_item_change", "console_service_item_end")

entry(_("办事事项"), "console_service_items", icon="list-ul", order=534)
