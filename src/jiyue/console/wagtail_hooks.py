"""Where the console meets Wagtail: its menu is ours, its search is ours, its style sheet is joined by ours."""

from django.templatetags.static import static
from django.urls import reverse_lazy
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.search import SearchArea
from wagtail.snippets.action_menu import ActionMenuItem

from jiyue.console.gate import may_open
from jiyue.console.menu import entry, only_ours
from jiyue.console.writing import files, links, pasting, viewsets
from jiyue.console.writing.files import of_the_site_in_hand
from jiyue.console.writing.views import CHECK, SEND

viewsets.register()
files.register()
links.register()

from jiyue.console import offers  # noqa: E402, F401 - fills the gate's table, after the editors have their names
from jiyue.console.checks import offers as checks_offers  # noqa: E402, F401 - the part for what the checks find
from jiyue.console.comments import offers as comments_offers  # noqa: E402, F401 - comments under pages and votes on them
from jiyue.console.concerns import offers as concerns_offers  # noqa: E402, F401 - the part for answering concerns
from jiyue.console.disclosure import offers as disclosure_offers  # noqa: E402, F401 - the part for who asks for information
from jiyue.console.duties import offers as duties_offers  # noqa: E402, F401 - the part for what is owed and until when
from jiyue.console.enquiries import offers as enquiries_offers  # noqa: E402, F401 - live enquiries
from jiyue.console.exchange import offers as exchange_offers  # noqa: E402, F401 - the part for exchange of data
from jiyue.console.files import offers as files_offers  # noqa: E402, F401 - the part for pictures and attachments
from jiyue.console.interviews import offers as interviews_offers  # noqa: E402, F401 - interviews and their live words
from jiyue.console.letters import offers as letters_offers  # noqa: E402, F401 - the part for what citizens write
from jiyue.console.library import offers as library_offers  # noqa: E402, F401 - the part for taking and offering
from jiyue.console.office import offers as office_offers  # noqa: E402, F401 - the administrators' part of the table
from jiyue.console.policy import offers as policy_offers  # noqa: E402, F401 - the part for interpretations
from jiyue.console.reports import offers as reports_offers  # noqa: E402, F401 - counts and accounts
from jiyue.console.reprinting import offers as reprinting_offers  # noqa: E402, F401 - where reprints come from
from jiyue.console.rulebook import offers as rulebook_offers  # noqa: E402, F401 - the part for rules and calendars
from jiyue.console.search import offers as search_offers  # noqa: E402, F401 - the words of the search
from jiyue.console.service_items import offers as service_items_offers  # noqa: E402, F401 - items of service
from jiyue.console.services import offers as services_offers  # noqa: E402, F401 - the part for the quality of services
from jiyue.console.standards import offers as standards_offers  # noqa: E402, F401 - the part for data standards
from jiyue.console.stewardship import offers as stewardship_offers  # noqa: E402, F401 - the part for keeping columns up
from jiyue.console.surveys import offers as surveys_offers  # noqa: E402, F401 - surveys and opinion calls
from jiyue.console.takings import offers as takings_offers  # noqa: E402, F401 - what is taken by rule

STYLES = ("console", "review", "writing", "library", "duties", "checks")
SCRIPTS = ("console", "writing", "fields", "checks")

hooks.register("construct_main_menu", only_ours)

entry(_("我的工作"), "wagtailadmin_home", icon="tasks", order=10)
entry(_("写稿"), "console_write", icon="edit", order=20)
entry(_("稿件"), "console_records", icon="doc-full", order=30)


class SendMenuItem(ActionMenuItem):
    """保存并送审: saves, then shows the last page before the reviewers."""

    name = f"action-{SEND}"
    label = _("保存并送审……")
    icon_name = "resubmit"
    classname = "button-secondary"


class CheckMenuItem(ActionMenuItem):
    """保存并检查: what the script beside the form does while typing, on a page of its own, attachments included."""

    name = f"action-{CHECK}"
    label = _("保存并检查")
    icon_name = "warning"
    classname = "button-secondary"


@hooks.register("register_snippet_action_menu_item")
def check_saved(model) -> ActionMenuItem:
    return CheckMenuItem(order=20)


@hooks.register("register_snippet_action_menu_item")
def send_for_review(model) -> ActionMenuItem:
    return SendMenuItem(order=10)


class RecordSearch(SearchArea):
    """The search field of the menu looks for records, through the list everybody may read."""

    def is_shown(self, request) -> bool:
        return may_open(request.user, "console_records")


@hooks.register("register_admin_search_area")
def search_for_records() -> SearchArea:
    return RecordSearch(_("稿件"), reverse_lazy("console_records"), name="records", order=1)


@hooks.register("construct_image_chooser_queryset")
def own_pictures(pictures, request):
    return of_the_site_in_hand(pictures, request)


@hooks.register("construct_document_chooser_queryset")
def own_attachments(attachments, request):
    return of_the_site_in_hand(attachments, request)


@hooks.register("insert_global_admin_css")
def our_style() -> str:
    return format_html_join(
        "", '<link rel="stylesheet" href="{}">', ((static(f"console/{name}.css"),) for name in STYLES)
    )


@hooks.register("insert_global_admin_js")
def our_script() -> str:
    return format_html_join(
        "", '<script type="module" src="{}"></script>', ((static(f"console/{name}.js"),) for name in SCRIPTS)
    ) + format_html(
        '<script type="module" src="{}" data-jy-lengths="{}"></script>',
        static("console/lengths.js"), _("最多 {longest} 字，多出 {over} 字，请缩短"),
    )  # fmt: skip


@hooks.register("insert_editor_js")
def table_words() -> str:
    # Stands after the scripts of the form, the table editor among them, and runs before it builds a table.
    return format_html('<script src="{}"></script>', static("console/table-words.js"))


@hooks.register("insert_editor_js")
def nothing_unsaved() -> str:
    return format_html('<script type="module" src="{}"></script>', static("console/autosave.js"))


hooks.register("insert_editor_js", pasting.script)
