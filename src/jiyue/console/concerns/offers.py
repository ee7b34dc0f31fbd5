"""What the gate offers of 回应关切, to whom, and its line in the menu."""

from django.utils.translation import gettext_lazy as _

from jiyue.console.gate import offer
from jiyue.console.menu import entry
from jiyue.console.rules import holds, reads_content
from jiyue.identity.roles import Role

keeps = holds(Role.EDITOR, Role.SITE_MANAGER)

offer(reads_content, "console_concerns", "console_concern", "console_concern_export", "console_contacts")
offer(keeps, "console_concern_new", "console_concern_strike", "console_contact_new", "console_contact")

entry(_("回应关切"), "console_concerns", icon="comment", order=520)
