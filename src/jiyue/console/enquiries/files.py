"""Files that an officer is about to hand to a visitor: kept under the token of her form, as those of an unfinished letter are."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.http import FileResponse, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from jiyue.console.office.private_files import saved, stored
from jiyue.domain.letter_files import FileRefused
from jiyue.domain.letters import LARGEST_FILE
from jiyue.foundation.home import Home
from jiyue.interaction.enquiries.actions import open_file
from jiyue.interaction.enquiries.policies import fetch_enquiry_file_for
from jiyue.interaction.file_words import refused
from jiyue.interaction.letterbox import Drafts, Kept, LetterBox, is_token, new_token

REMOVE = "remove:"


@require_GET
def file(request: HttpRequest, enquiry_file: int) -> FileResponse:
    """One attachment of a conversation. Raises Http404 for one of a foreign conversation."""
    found = fetch_enquiry_file_for(request.user, enquiry_file)
    stream = stored(found.digest)
    open_file(file=found, by=request.user, now=timezone.now())
    return saved(stream, found.name)


def form_token(request: HttpRequest) -> str:
    """That of the form that was sent, so that what was kept under it stays; a new one for a page that is opened."""
    sent = request.POST.get("token", "")
    return sent if is_token(sent) else new_token()


def keep(token: str, uploads: Iterable[Any]) -> list[str]:
    """Keep what was chosen; gives a sentence for each file that was not taken."""
    wrong = []
    for upload in uploads:
        try:
            drafts().keep(token, upload.name, upload.read(LARGEST_FILE + 1))
        except FileRefused as refusal:
            wrong.append(refused(refusal))
        except OSError:  # the disk keeps room for letters
            wrong.append(_("“%(name)s”现在存不下，没有收下，请稍后再选") % {"name": upload.name})
    return wrong


def kept(token: str) -> tuple[Kept, ...]:
    return drafts().of(token)


def drafts() -> Drafts:
    return LetterBox(Home(settings.JIYUE_HOME).prepare()).drafts
