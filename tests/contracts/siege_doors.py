"""Wagtail's own doors, by name: what the console never offers."""

from django.urls import NoReverseMatch, reverse

from tests.contracts.siege_city import City


def console_ways(city: City) -> dict[str, tuple[str, tuple]]:
    """Wagtail's own doors, by name: what the console never offers."""
    pages = "wagtailadmin_pages:"
    one = {name: (pages + name, (1,)) for name in (
        "edit", "delete", "unpublish", "move", "copy", "convert_alias", "set_privacy", "set_page_position", "revisions_index",
        "workflow_history", "confirm_workflow_cancellation", "lock", "unlock", "history", "aging", "usage",
    )}  # fmt: skip
    more = {
        "add": (pages + "add", ("wagtailcore", "page", 1)), "move_confirm": (pages + "move_confirm", (1, 1)),
        "explore": ("wagtailadmin_explore", (1,)), "groups": ("wagtailusers_groups:add", ()),
        "users": ("wagtailusers_users:add", ()), "user": ("wagtailusers_users:edit", (city.cast.city.editor.pk,)),
        "workflow": ("wagtailadmin_workflows:add", ()), "collections": ("wagtailadmin_collections:add", ()),
        "picture": ("wagtailimages:edit", (city.picture.pk,)), "picture deleted": ("wagtailimages:delete", (city.picture.pk,)),
        "attachment": ("wagtaildocs:edit", (city.attachment.pk,)),
        "attachment deleted": ("wagtaildocs:delete", (city.attachment.pk,)),
        "reports": ("wagtailadmin_reports:locked_pages", ()),
    }  # fmt: skip
    more |= {
        f"bulk {act}": ("wagtail_bulk_action", ("wagtailcore", "page", act))
        for act in ("publish", "unpublish", "delete", "move")
    }
    more |= {f"API {act}": ("wagtailadmin_api:pages:action", (1, act)) for act in (
        "publish", "unpublish", "delete", "move", "copy", "create_alias", "convert_alias", "revert_to_page_revision",
    )}  # fmt: skip
    return one | more


def address_of(name: str, arguments: tuple) -> str | None:
    """The address of a route; None where this Wagtail has none of that name."""
    try:
        return reverse(name, args=arguments)
    except NoReverseMatch:
        return None
