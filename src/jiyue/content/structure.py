"""A site's profile, columns and notices as plain data: what a sign-off of the structure covers."""

import uuid
from typing import Any

from jiyue.content.models import Column, CommentOrder, LeaderMailbox
from jiyue.estate.actions import profile_of
from jiyue.estate.marks import shown_marks
from jiyue.estate.models import Notice, Site
from jiyue.estate.windows import shown_windows

FORMAT = 1


def identity_of(site: Site) -> uuid.UUID:
    """The lasting identity of a site's structure."""
    return identity_of_site(site.pk)


def identity_of_site(key: int) -> uuid.UUID:
    """As `identity_of`, from the key of the site."""
    return uuid.uuid5(uuid.NAMESPACE_DNS, f"{key}.structure.jiyue")


def structure_of(site: Site) -> dict[str, Any]:
    """Everything about a site that its pages show, apart from its records."""
    columns = Column.objects.filter(site=site).select_related("responsible").order_by("position", "pk")
    return {
        "format": FORMAT,
        "site": site.pk,
        "profile": profile_of(site),
        "columns": [_column(column) for column in columns],
        "notices": [_notice(notice) for notice in Notice.objects.filter(site=site).order_by("starts_at", "pk")],
        # Only where there are any: what was signed before they existed keeps its digest.
        **({"windows": windows} if (windows := shown_windows(site)) else {}),
        **({"marks": marks} if (marks := shown_marks(site)) else {}),
        **({"mailboxes": mailboxes} if (mailboxes := _mailboxes(site)) else {}),
        **({"comments": orders} if (orders := _comment_orders(site)) else {}),
    }


def _column(column: Column) -> dict[str, Any]:
    return {
        "id": column.pk,
        "parent": column.parent_id,
        "path": column.path,
        "name": column.name,
        "kind": column.kind,
        "channel": column.channel,
        "description": column.description,
        "keywords": [word.strip() for word in column.keywords.replace("，", ",").split(",") if word.strip()],
        "update_class": column.update_class,
        "responsible": column.responsible.name if column.responsible else "",
        "position": column.position,
        "closed": column.closed_at is not None,
        # The standing order to make figures public (ADR 0024). Only where it is given: older digests hold.
        **({"publishes_figures": True} if column.publishes_figures else {}),
    }


def _mailboxes(site: Site) -> list[dict[str, Any]]:
    """Which leaders may be written to, and the words beside their names. Who takes the letters is nobody's business."""
    rows = LeaderMailbox.objects.filter(site=site).select_related("leader").order_by("leader__position", "pk")
    return [
        {
            "leader": str(row.leader.identity), "open": row.is_open, "words": row.wording if row.is_open else row.closed_why
        }
        for row in rows
    ]  # fmt: skip


def _comment_orders(site: Site) -> list[dict[str, Any]]:
    """Where people may comment and vote, until when, and whose accounts decide (ADR 0032). Accounts are never public."""
    rows = CommentOrder.objects.filter(site=site).select_related("record", "keeper", "deputy").order_by("pk")
    return [
        {
            "column": row.column_id, "page": str(row.record.identity) if row.record else "",
            "takes_comments": row.takes_comments, "takes_votes": row.takes_votes,
            "opens_at": row.opens_at.isoformat() if row.opens_at else "",
            "closes_at": row.closes_at.isoformat() if row.closes_at else "", "named": row.named,
            "keepers": sorted({person.username for person in (row.keeper, row.deputy) if person}),
        }
        for row in rows
    ]  # fmt: skip


def _notice(notice: Notice) -> dict[str, Any]:
    return {
        "kind": notice.kind,
        "text": notice.text,
        "starts_at": notice.starts_at.isoformat(),
        "until": notice.until.isoformat(),
    }
