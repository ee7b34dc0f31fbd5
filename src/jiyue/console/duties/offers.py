"""What the gate offers of duties, and their lines in the menu. Whose duties a person sees, the policies say."""

from django.utils.translation import gettext_lazy as _

from jiyue.console.gate import offer
from jiyue.console.menu import entry
from jiyue.console.rules import everybody, reads_content

offer(
    reads_content, "console_duties", "console_duty_export", "console_duty", "console_duty_meet", "console_duty_proof",
    "console_duty_step",
    "console_duty_ask", "console_duty_name", "console_waiver", "console_duty_month", "console_duty_board", "console_duty_wall",
    "console_duty_post", "console_feed_make", "console_feed_revoke",
)  # fmt: skip
# Calendar programs cannot sign in; the secret in the address is the key, and without it there is nothing.
offer(everybody, "console_feed")

entry(_("待办清单"), "console_duties", icon="list-ul", order=12)
entry(_("看板"), "console_duty_board", icon="table", order=14)
