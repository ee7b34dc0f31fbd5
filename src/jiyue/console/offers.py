"""What the gate offers: every route of the console that exists for anybody, and the rule for whom.

A line here is a decision. What Wagtail brings and is not named (page explorer, workflows, reports, users, groups,
collections, bulk actions, its API, its image and document libraries, …) does not exist for anyone.
"""

from jiyue.console.gate import offer
from jiyue.console.rules import everybody, reads_content, staff, writes
from jiyue.console.writing.viewsets import OFFERED as EDITOR
from jiyue.content.models import RECORD_TYPES

offer(everybody, "wagtailadmin_login", "wagtailadmin_sprite", "wagtailadmin_javascript_catalog")
offer(staff, "console_new_password")
offer(staff, "wagtailadmin_home", "wagtailadmin_account", "wagtailadmin_logout", "wagtailadmin_dismissibles")
offer(staff, "console_choose_site", "console_sites")

offer(reads_content, "console_records", "console_path", "console_version_file", "console_private_file")
offer(reads_content, "console_review", "console_decide")
offer(reads_content, "console_preview", "console_version_page", "console_preview_part")

offer(writes, "console_write", "console_look", "console_begin")
offer(writes, "console_edit", "console_bring_body", "console_paste", "console_delete")
offer(writes, "console_submit", "console_submit_many", "console_withdraw")
offer(writes, *(f"console_{kind}:{route}" for kind in RECORD_TYPES for route in EDITOR))
# What the editor itself calls: presence of colleagues, links, and the two file choosers with their uploads.
offer(writes, "wagtailadmin_editing_sessions:ping", "wagtailadmin_editing_sessions:release", "console_choose_link")
offer(
    writes,
    *(f"wagtailadmin_choose_page_{kind}_link" for kind in ("external", "email", "phone", "anchor")),
    *(f"{chooser}:{route}" for chooser in ("wagtailimages_chooser", "wagtaildocs_chooser")
      for route in ("choose", "choose_results", "chosen", "chosen_multiple", "create")),
)  # fmt: skip
