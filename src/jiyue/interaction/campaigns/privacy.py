"""What people wrote is made fit to be public by covering what tells of a person; a person looks at every word (PRIV)."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from jiyue.checks.queries import settings_for
from jiyue.checks.settings import Settings
from jiyue.content.models import Record
from jiyue.domain.deadlines import local
from jiyue.interaction.masking import hidden, left


def settings_of(campaign: Record, *, now: datetime) -> Settings:
    """The checks in force for the site's owner."""
    return settings_for(campaign.site.owner, now=local(now).date())


def proposed(text: str, settings: Settings) -> str:
    """The text with everything covered that may tell of a person; staff reads it before it is public."""
    return hidden(text, contact={}, settings=settings)


def refuse_private(field: str, text: str, campaign: Record, *, now: datetime) -> None:
    """Raise ValidationError at the field while public words still tell of a person."""
    found = left(text, contact={}, settings=settings_of(campaign, now=now))
    if found:
        what = "、".join(f"“{words}”" for words in found[:5])
        raise ValidationError({field: _("这里还有个人信息，公开前请去掉：%(what)s") % {"what": what}})
