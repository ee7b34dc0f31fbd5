"""What an applicant may take away with number and code: her letters as DOCX and PDF, and what came with the answer (ADR 0035).

The worker locks the files with the key of the ticket before it writes the ticket that names them: killed in between, it
leaves files that nothing names, and finds them the next time.
"""

import logging
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.conf import settings

from jiyue.disclosure.models import AnswerFile, Draft, Letter, Request
from jiyue.disclosure.writing import file_of
from jiyue.domain.deadlines import local
from jiyue.domain.letter_files import ending
from jiyue.foundation.home import Home
from jiyue.foundation.objects import ObjectDamaged, ObjectMissing, ObjectStore
from jiyue.interaction.letterbox import ENCLOSURES_KEPT, LetterBox, TicketKey
from jiyue.publishing.renditions.typesetting import Typesetter, TypesettingFailed

logger = logging.getLogger(__name__)
READ = (Letter.Kind.CORRECTION, Letter.Kind.EXTENSION, Letter.Kind.FEE, Letter.Kind.DECISION)
MADE = ("pdf", "docx")


class Enclosing:
    """Keep one for a round of the worker: the typesetter is started once. `made` says how many files it had to make."""

    def __init__(self, box: LetterBox, *, now: datetime) -> None:
        home = Home(settings.JIYUE_HOME)
        self.box, self.now, self.made = box, now, 0
        self.store, self.typesetter = ObjectStore(home), Typesetter(home.objects)

    def close(self) -> None:
        self.typesetter.close()

    def files_of(self, request: Request, key: TicketKey) -> list[dict[str, Any]]:
        """What the ticket names, each file locked and in its place; what cannot be made is told to the operator and left out."""
        found: list[dict[str, Any]] = []
        for letter in request.letters.filter(kind__in=READ):
            for form in MADE:
                named = f"{letter.content['title']} {letter.number}.{form}"
                found += self._kept(letter, f"letter-{letter.year}-{letter.serial}.{form}", named, key)
            if letter.kind == Letter.Kind.DECISION:
                for file in _sent_with(request):
                    own = f"answer-{letter.year}-{letter.serial}-{file.n}.{ending(file.name)}"
                    found += self._kept(letter, own, file.name, key, file=file)
        return found

    def _kept(
        self, letter: Letter, own: str, named: str, key: TicketKey, *, file: AnswerFile | None = None
    ) -> Iterator[dict[str, Any]]:
        number, until = letter.request.number, local(letter.made_at + ENCLOSURES_KEPT).date()
        size = self.box.enclosures.size(number, own)
        if size is None and until >= local(self.now).date():
            data = self._bytes(letter, own, file)
            if data is None:
                return
            self.box.enclosures.put(number, own, key, data, at=letter.made_at)
            size, self.made = len(data), self.made + 1
        yield {"id": own, "name": named, "size": size or 0, "until": until.isoformat()}

    def _bytes(self, letter: Letter, own: str, file: AnswerFile | None) -> bytes | None:
        try:
            if file is not None:
                return self.store.get(file.digest)
            return file_of(letter, own.rpartition(".")[2], self.typesetter)
        except (TypesettingFailed, ObjectMissing, ObjectDamaged) as error:
            logger.error("request %s: %s cannot be given out: %s", letter.request.number, own, type(error).__name__)
            return None


def _sent_with(request: Request) -> list[AnswerFile]:
    return list(AnswerFile.objects.filter(draft__request=request, draft__state=Draft.State.SENT).order_by("n"))
