"""What the gate offers of 办事服务质量, to whom, and its line in the menu."""

from django.utils.translation import gettext_lazy as _

from jiyue.console.gate import offer
from jiyue.console.menu import entry
from jiyue.console.rules import holds, manages_sites, reads_content
from jiyue.identity.roles import Role

exchanges = holds(Role.EDITOR, Role.SITE_MANAGER, Role.OVERSEER)

offer(
    reads_content, "console_services", "console_services_export", "console_service_depths",
    "console_service_depths_export", "console_differences", "console_synchronisations", "console_synchronisation",
    "console_service_file", "console_site_differences", "console_site_synchronisations",
)  # fmt: skip
offer(
    exchanges, "console_difference_take", "console_difference_keep", "console_services_compare", "console_services_again",
)  # fmt: skip
offer(manages_sites, "console_service_source")

entry(_("服务质量"), "console_services", icon="glasses", order=535)
