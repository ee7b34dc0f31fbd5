"""What the gate offers of 评论和评价, to whom, and its line in the menu. Whose it is, `interaction.comments.policies` says."""

from django.utils.translation import gettext_lazy as _

from jiyue.console.gate import offer
from jiyue.console.letters.offers import reads_letters
from jiyue.console.menu import entry
from jiyue.console.rules import manages_sites, reads_content

offer(
    reads_letters, "console_comments", "console_comment", "console_page_votes", "console_page_votes_of",
    "console_page_votes_export",
)  # fmt: skip
offer(reads_content, "console_comment_orders")
offer(manages_sites, "console_comment_order_end")

entry(_("评论和评价"), "console_comments", icon="comment", order=157)
