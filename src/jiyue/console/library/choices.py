"""Which sites and columns a person could take something into."""

from typing import Any

from django.db.models import QuerySet

from jiyue.content.models import Column
from jiyue.content.policies import editor_sites, writable_columns
from jiyue.estate.models import Site
from jiyue.identity.models import User


def taking_sites(user: User) -> QuerySet[Site]:
    """Sites for which the person may take something, by name."""
    return editor_sites(user).exclude(status=Site.Status.CLOSED).order_by("name", "pk")


def target_of(user: User, *, asked: str, in_hand: Site | None, origin: int) -> Site | None:
    """The site to take into: the one asked for, else the one in hand, else the first; never the origin itself."""
    sites = taking_sites(user).exclude(pk=origin)
    if asked.isascii() and asked.isdigit():
        return sites.filter(pk=int(asked)).first()
    return (in_hand and sites.filter(pk=in_hand.pk).first()) or sites.first()


def columns_to_choose(user: User, site: Site, *, like: Column) -> list[dict[str, Any]]:
    """The person's columns of a site with their whole name; the first of the same kind as `like` is suggested."""
    columns = list(writable_columns(user, site).select_related("parent").order_by("path"))
    suggested = next((column.pk for column in columns if column.kind == like.kind), None)
    return [{"pk": column.pk, "name": _whole_name(column), "suggested": column.pk == suggested} for column in columns]


def _whole_name(column: Column) -> str:
    return f"{column.parent.name} / {column.name}" if column.parent else column.name
