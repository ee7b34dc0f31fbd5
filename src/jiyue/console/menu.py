"""The left menu: nothing in it that the person cannot use, because it asks the gate."""

from django.urls import reverse
from wagtail.admin.menu import MenuItem

from jiyue.console.gate import may_open

ENTRIES: list["Entry"] = []


class Entry(MenuItem):
    """One line of the menu, shown to whom the gate lets through to its route."""

    def __init__(self, label, view_name: str, *, icon: str, order: int, query: str = "") -> None:
        self.view_name, self.query = view_name, query
        super().__init__(label, "", name=view_name.replace(":", "-"), icon_name=icon, order=order)

    def is_shown(self, request) -> bool:
        return may_open(request.user, self.view_name)

    def render_component(self, request):
        self.url = reverse(self.view_name) + self.query
        return super().render_component(request)


def entry(label, view_name: str, *, icon: str, order: int, query: str = "") -> None:
    """Add a line to the menu; `label` is lazy, `order` ascends from the top."""
    ENTRIES.append(Entry(label, view_name, icon=icon, order=order, query=query))


def only_ours(request, items: list) -> None:
    """Wagtail's hook: the whole menu is ours."""
    items[:] = [line for line in ENTRIES if line.is_shown(request)]
