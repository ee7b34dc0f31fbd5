"""Who keeps the words of the search: of a site its manager, of the platform the operator."""

from django.db.models import QuerySet
from django.http import Http404

from jiyue.estate.models import Site
from jiyue.estate.policies import is_operator, may_manage, sites_with
from jiyue.identity.models import User
from jiyue.identity.roles import Permission
from jiyue.search.models import PromotedAnswer, SynonymGroup


def may_promote(user: User, site: Site) -> bool:
    return may_manage(user, site)


def may_keep_synonyms(user: User) -> bool:
    return is_operator(user)


def visible_promoted(user: User) -> QuerySet[PromotedAnswer]:
    """Promoted answers of the sites that the person manages."""
    sites = sites_with(user, Permission.MANAGE_SITE)
    return PromotedAnswer.objects.filter(site__in=sites).select_related("site")


def fetch_promoted_for(user: User, ref: int) -> PromotedAnswer:
    """The promoted answer with this key, if the person keeps it. Raises Http404 otherwise."""
    found = visible_promoted(user).filter(pk=ref, ended_at=None).first()
    if found is None:
        raise Http404
    return found


def fetch_synonyms_for(user: User, ref: int) -> SynonymGroup:
    """The group of synonyms with this key, if the person keeps them. Raises Http404 otherwise."""
    found = SynonymGroup.objects.filter(pk=ref, ended_at=None).first() if may_keep_synonyms(user) else None
    if found is None:
        raise Http404
    return found
