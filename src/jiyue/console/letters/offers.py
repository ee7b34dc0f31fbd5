"""What the gate offers of 信件, to whom, and its line in the menu. Whose a letter is, `interaction.policies` says."""

from django.utils.translation import gettext_lazy as _

from jiyue.console.gate import offer
from jiyue.console.menu import entry
from jiyue.console.rules import holds, manages_sites, operates, reads_content
from jiyue.identity.models import User
from jiyue.identity.roles import Permission, Role, roles_with
from jiyue.interaction.leaders import mailboxes_led

reads_letters = holds(*roles_with(Permission.READ_LETTERS))


def leads(user: User) -> bool:
    """Has the person a mailbox as a leader?"""
    return bool(mailboxes_led(user))


def opens_files(user: User) -> bool:
    """Attachments open for who reads letters, in whichever way."""
    return reads_letters(user) or leads(user)


offer(reads_letters, "console_letters", "console_letter", "console_letter_print",
      "console_letters_bulk", "console_letters_bulk_done", "console_letters_print",
      "console_letter_public", "console_letter_statistics", "console_letter_statistics_export",
      "console_letter_analysis", "console_letter_analysis_ask", "console_letter_analysis_export")  # fmt: skip
offer(reads_content, "console_mailboxes")
offer(manages_sites, "console_mailbox_close")
offer(holds(Role.LETTER_CLERK), "console_letter_register", "console_call_register", "console_call_files", "console_call_blank",
      "console_superior_files", "console_superior_blank",
      "console_comment_register", "console_comment_files", "console_comment_blank", "console_error_reports", "console_error_file",
      "console_error_blank", "console_error_handout", "console_error_handout_file")  # fmt: skip
offer(
    holds(Role.LETTER_CLERK, Role.LETTER_HANDLER), "console_text_blocks", "console_text_block_new", "console_text_block"
)
offer(leads, "console_led_letters", "console_led_letter")
offer(opens_files, "console_letter_file")
offer(operates, "console_letters_aside", "console_letter_aside")

entry(_("我的信箱"), "console_led_letters", icon="mail", order=140)
entry(_("信件"), "console_letters", icon="mail", order=150)
entry(_("待查来信"), "console_letters_aside", icon="warning", order=560)
