"""Who reads comments before they are public, and who decides about them."""

from django.db.models import QuerySet
from django.http import Http404

from jiyue.content.models import Record
from jiyue.estate.policies import appointments_of
from jiyue.identity.models import User
from jiyue.identity.roles import Permission, Role
from jiyue.interaction.comments.orders import Order
from jiyue.interaction.leaders import KEEPING
from jiyue.interaction.models import Comment
from jiyue.interaction.policies import keys_of


def visible_comments(user: User) -> QuerySet[Comment]:
    """Comments on sites whose letters the person may read: the desk, reviewers of replies, supervisors."""
    rows = Comment.objects.filter(site__in=keys_of(user, Permission.READ_LETTERS))
    return rows.select_related("record__site__owner", "standing", "site")


def fetch_comment_for(user: User, ref: int) -> Comment:
    """Raises Http404 for a comment that the person may not read."""
    found = visible_comments(user).filter(pk=ref).first()
    if found is None:
        raise Http404
    return found


def may_keep(user: User, record: Record, order: Order | None) -> bool:
    """Is the person named by the signed order, and does she still serve the site's letters?"""
    if order is None or not order.names(user.username):
        return False
    return appointments_of(user).filter(site=record.site_id, role__in=KEEPING).exists()


def may_review_replies(user: User, record: Record) -> bool:
    return appointments_of(user).filter(site=record.site_id, role=Role.REPLY_REVIEWER).exists()
