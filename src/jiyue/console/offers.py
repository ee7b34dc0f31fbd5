"""What the gate offers: every route of the console that exists for anybody, and the rule for whom.

A line here is a decision. What Wagtail brings and is not named (page explorer, workflows, reports, users, groups,
collections, bulk actions, its API, …) does not exist for anyone.
"""

from jiyue.console.gate import offer
from jiyue.console.rules import everybody, staff

offer(everybody, "wagtailadmin_login", "wagtailadmin_sprite", "wagtailadmin_javascript_catalog")
offer(staff, "wagtailadmin_home", "wagtailadmin_account", "wagtailadmin_logout", "wagtailadmin_dismissibles")
offer(staff, "console_choose_site", "console_sites")
