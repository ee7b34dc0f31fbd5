"""What the gate offers of the file library, and its line in the menu."""

from django.utils.translation import gettext_lazy as _

from jiyue.console.gate import offer
from jiyue.console.menu import entry
from jiyue.console.rules import holds, reads_content
from jiyue.identity.roles import Role

offer(reads_content, "console_files", "console_file")
offer(holds(Role.EDITOR, Role.SITE_MANAGER), "console_files_remove")

entry(_("文件库"), "console_files", icon="image", order=35)
