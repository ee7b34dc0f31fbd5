"""What the gate offers of 转载, and to whom. The way there is 栏目保障."""

from jiyue.console.gate import offer
from jiyue.console.rules import holds, reads_content, writes
from jiyue.identity.roles import Role

overseers = holds(Role.OVERSEER)

offer(reads_content, "console_feeds", "console_sources", "console_source", "console_originals")
offer(
    overseers,
    "console_feed_new",
    "console_feed_change",
    "console_feed_tend",
    "console_entry_order",
    "console_entry_pass",
)
offer(holds(Role.OVERSEER, Role.SITE_MANAGER), "console_source_new")
offer(writes, "console_reprint_draft")
