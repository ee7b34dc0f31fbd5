"""Comments under a unit's accounts on other platforms: letters like those of the site (NM-12).

They come by hand or in a file; nothing is fetched and nothing is posted from here. A comment is assigned by its clock,
answered through the review of replies, and answered when somebody says where the reply was posted.
"""

import hashlib
from datetime import UTC, datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from jiyue.domain.first_words import beginning
from jiyue.domain.letters import tidied
from jiyue.estate.models import Site
from jiyue.identity.models import User
from jiyue.interaction.actions import register_letter
from jiyue.interaction.models import Case
from jiyue.interaction.telling import is_address

MARKED = "P"  # before the digits by which a comment without a number is known


def register_comment(
    *,
    site: Site,
    kind: str,
    account: str,
    link: str,
    text: str,
    received_at: datetime,
    by: User,
    now: datetime,
    title: str = "",
    name: str = "",
    outer_number: str = "",
) -> Case:
    """One comment, once. `name` is the name on that platform, sealed as any sender's.

    Raises PermissionDenied, ValidationError.
    """
    if not is_address(link.strip()):
        raise ValidationError({"link": _("请填评论所在的完整网址，以“http://”或者“https://”开头")})
    if not account.strip():
        raise ValidationError({"account": _("请填写")})
    number = outer_number.strip() or number_of_comment(account=account, link=link, text=text, name=name, at=received_at)
    try:
        return register_letter(
            site=site, kind=kind, title=title.strip() or beginning(text), text=text, outer_number=number,
            handed_by=tidied(account), received_at=received_at, by=by, now=now, sender={"name": name},
            source=Case.Source.ACCOUNT, page=link.strip(),
        )  # fmt: skip
    except ValidationError as error:
        if comment_known(account, number) is not None:
            raise ValidationError(_("这条评论已经登记过")) from error
        raise


def comment_known(account: str, number: str) -> Case | None:
    """The letter that this comment of this account already is."""
    rows = Case.objects.filter(source=Case.Source.ACCOUNT, handed_by=tidied(account), outer_number=number, parent=None)
    return rows.first()


def number_of_comment(*, account: str, link: str, text: str, name: str, at: datetime | None) -> str:
    """By what a comment is known whose platform gives none: account, place, moment to the minute, name and words."""
    minute = at.astimezone(UTC).strftime("%Y%m%d%H%M") if at else ""
    facts = "\n".join(tidied(each) for each in (account, link, minute, name, text))
    return MARKED + hashlib.sha256(facts.encode()).hexdigest()[:20].upper()
