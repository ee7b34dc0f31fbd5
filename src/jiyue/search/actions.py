"""推荐答案 and 同义词: added and ended, never changed in place. The indexer takes them up within seconds."""

from datetime import datetime
from urllib.parse import unquote, urlsplit

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from jiyue.estate.models import Site
from jiyue.foundation.audit import record
from jiyue.identity.models import User
from jiyue.publishing.models import LISTED, PublicItem
from jiyue.review.ledger import content_of
from jiyue.search.entries import bare
from jiyue.search.events import AnswerPromoted, PromotionEnded, SynonymsAdded, SynonymsEnded
from jiyue.search.models import PromotedAnswer, SynonymGroup, words_in
from jiyue.search.policies import may_keep_synonyms, may_promote

MOST_WORDS = 12
SHORTEST = 2  # characters of a word; a single one would stand above everything


@transaction.atomic
def promote(*, site: Site, words: str, address: str, note: str, by: User, now: datetime) -> PromotedAnswer:
    """Show a public page of the site above all results for these words. Raises PermissionDenied, ValidationError."""
    if not may_promote(by, site):
        raise PermissionDenied
    told = _words(words, least=1)
    item = PublicItem.objects.select_related("sign_off__version").filter(site=site, state__in=LISTED)
    found = item.filter(address=path_in(address, site)).first()
    if found is None:
        raise ValidationError({"address": _("这个网站没有公开这个地址的网页，请从浏览器地址栏复制")})
    title = content_of(found.sign_off.version, digest=found.version_digest)["title"]
    made = PromotedAnswer(site=site, words="，".join(told), record=found.identity, note=note.strip(), since=now)
    made.full_clean()
    made.save()
    event = AnswerPromoted(
        subject=f"promoted:{made.pk}", site=site.host, words=made.words, title=title, address=found.address
    )
    record(event, by=by.actor(), at=now)
    return made


@transaction.atomic
def end_promotion(*, answer: PromotedAnswer, by: User, now: datetime) -> None:
    """Show it no longer. Raises PermissionDenied."""
    if not may_promote(by, answer.site):
        raise PermissionDenied
    if PromotedAnswer.objects.filter(pk=answer.pk, ended_at=None).update(ended_at=now):
        event = PromotionEnded(subject=f"promoted:{answer.pk}", site=answer.site.host, words=answer.words)
        record(event, by=by.actor(), at=now)


@transaction.atomic
def add_synonyms(*, words: str, by: User, now: datetime) -> SynonymGroup:
    """Look these words up for each other on all sites. Raises PermissionDenied, ValidationError."""
    if not may_keep_synonyms(by):
        raise PermissionDenied
    made = SynonymGroup(words="，".join(_words(words, least=2)), since=now)
    made.full_clean()
    made.save()
    record(SynonymsAdded(subject=f"synonyms:{made.pk}", words=made.words), by=by.actor(), at=now)
    return made


@transaction.atomic
def end_synonyms(*, group: SynonymGroup, by: User, now: datetime) -> None:
    """Look them up for each other no longer. Raises PermissionDenied."""
    if not may_keep_synonyms(by):
        raise PermissionDenied
    if SynonymGroup.objects.filter(pk=group.pk, ended_at=None).update(ended_at=now):
        record(SynonymsEnded(subject=f"synonyms:{group.pk}", words=group.words), by=by.actor(), at=now)


def path_in(address: str, site: Site) -> str:
    """The path of an address that was copied from a browser; nothing when it is another site's."""
    try:
        parts = urlsplit(address.strip())
        return unquote(parts.path) if parts.hostname in (None, site.host) else ""
    except ValueError:
        return ""


def _words(text: str, *, least: int) -> list[str]:
    found = words_in(text)
    if len(found) < least:
        raise ValidationError({"words": _("请至少写 %(count)s 个词，用逗号或空格隔开") % {"count": least}})
    if len(found) > MOST_WORDS:
        raise ValidationError({"words": _("一次最多写 %(count)s 个词") % {"count": MOST_WORDS}})
    if short := [word for word in found if len(bare(word)) < SHORTEST]:
        raise ValidationError({"words": _("“%(word)s”太短，每个词至少两个字") % {"word": short[0]}})
    return found
