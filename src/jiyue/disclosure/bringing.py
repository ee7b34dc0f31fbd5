"""Files that go to an applicant with an answer, judged by their bytes before a row names them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError

from jiyue.disclosure.models import AnswerFile, Draft, Request
from jiyue.domain.letter_files import FileRefused, judge, refuse_too_many, shown_name
from jiyue.foundation.home import Home
from jiyue.foundation.objects import ObjectStore
from jiyue.interaction.file_words import refused


@dataclass(frozen=True)
class Brought:
    """A file as it was uploaded."""

    name: str
    data: bytes


def answer_files(request: Request, files: Sequence[Brought], keep: Collection[AnswerFile]) -> list[AnswerFile]:
    """Rows without their draft, for what was brought and what is kept of a draft that came back; the bytes are stored.

    Raises ValidationError for `brought`; StoreFull.
    """
    kept = [one for one in keep if one.draft.request_id == request.pk and one.draft.state == Draft.State.RETURNED]
    store, rows = ObjectStore(Home(settings.JIYUE_HOME)), []
    try:
        names = [*(one.name for one in kept), *(shown_name(one.name) for one in files)]
        for at in range(1, len(names) + 1):
            refuse_too_many(names[:at], [*(one.size for one in kept), *(len(one.data) for one in files)][:at])
        types = [judge(shown_name(one.name), one.data) for one in files]
    except FileRefused as refusal:
        raise ValidationError({"brought": refused(refusal)}) from refusal
    rows = [AnswerFile(name=one.name, digest=one.digest, size=one.size, type=one.type) for one in kept]
    for one, media_type in zip(files, types, strict=True):
        digest = store.put(one.data)
        rows.append(AnswerFile(name=shown_name(one.name), digest=digest, size=len(one.data), type=media_type))
    for n, row in enumerate(rows, 1):
        row.n = n
    return rows
