"""What the gate offers of 自动取用, and to whom. The way there is 推送与取用."""

from jiyue.console.gate import offer
from jiyue.console.rules import holds, reads_content
from jiyue.identity.roles import Permission, Role, roles_with

proposes = holds(*roles_with(Permission.WRITE_CONTENT), Role.SITE_MANAGER)

offer(reads_content, "console_takings", "console_taking", "console_sharing")
offer(proposes, "console_taking_new", "console_taking_change")
