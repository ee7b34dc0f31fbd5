"""What the gate offers of the 资源库, to whom, and its lines in the menu."""

from django.utils.translation import gettext_lazy as _

from jiyue.console.gate import offer
from jiyue.console.menu import entry
from jiyue.console.rules import reads_content, writes

offer(reads_content, "console_library", "console_placements", "console_related")
offer(writes, "console_take", "console_placement", "console_answer", "console_offer")

entry(_("资源库"), "console_library", icon="folder-open-inverse", order=40)
entry(_("推送与取用"), "console_placements", icon="redirect", order=50)
