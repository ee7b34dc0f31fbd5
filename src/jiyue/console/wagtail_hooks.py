"""Where the console meets Wagtail: its menu is ours, its search is ours, its style sheet is joined by ours."""

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from jiyue.console import offers  # noqa: F401 - fills the gate's table
from jiyue.console.menu import entry, only_ours

hooks.register("construct_main_menu", only_ours)

entry(_("我的工作"), "wagtailadmin_home", icon="tasks", order=10)


@hooks.register("construct_search")
def no_search_of_wagtails(request, search_areas: list) -> None:
    search_areas.clear()


@hooks.register("insert_global_admin_css")
def our_style() -> str:
    return format_html('<link rel="stylesheet" href="{}">', static("console/console.css"))


@hooks.register("insert_global_admin_js")
def our_script() -> str:
    return format_html('<script type="module" src="{}"></script>', static("console/console.js"))
