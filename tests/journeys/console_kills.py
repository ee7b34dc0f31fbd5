"""The real console under gunicorn, killed while people save, submit and sign over HTTP. Run by `test_kills`.

Whatever the console answered with a redirect was accepted. Afterwards all of it must be there, and nothing by halves.
"""

import http.client
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urlencode

import django

from tests.browser.installation import free_port, listens

SEED = 20261122
TOKEN = "k" * 32
# Of twenty: eighteen times one worker, once the master alone, once everything at once, as when the power goes.
WHOM = (*("worker",) * 7, "master", *("worker",) * 7, "all", *("worker",) * 4)
PATIENCE = 60.0


@dataclass
class Console:
    """gunicorn as `jiyue up` starts it, and the one who kills it."""

    port: int
    master: subprocess.Popen | None = None
    over: threading.Event = field(default_factory=threading.Event)
    done: int = 0

    def start(self) -> None:
        command = [sys.executable, "-m", "jiyue.config.command", "run", "console"]
        until = time.monotonic() + PATIENCE
        while listens(self.port):  # orphans of a killed master hold the address until they notice
            time.sleep(0.05)
        self.master = subprocess.Popen(
            command, env=os.environ | {"JIYUE_CONSOLE_PORT": str(self.port)}, start_new_session=True
        )
        while not self.workers():
            assert time.monotonic() < until, "the console did not start"
            time.sleep(0.05)

    def workers(self) -> list[int]:
        path = f"/proc/{self.master.pid}/task/{self.master.pid}/children"
        with open(path) as children:
            return [int(child) for child in children.read().split()] if listens(self.port) else []

    def kill_at_random(self, kills: int, accepted: list) -> None:
        """Every other time after one more thing was accepted, however long that takes on this machine."""
        chance = random.Random(SEED)  # noqa: S311 the moments are to be the same in every run
        try:
            while self.done < kills:
                had, until = len(accepted), time.monotonic() + PATIENCE
                while self.done % 2 and len(accepted) == had and time.monotonic() < until:
                    time.sleep(0.01)
                time.sleep(chance.uniform(0.02, 0.8))
                self._kill(WHOM[self.done % len(WHOM)], chance)
                self.done += 1
        finally:  # else people would go on for ever
            self.over.set()

    def _kill(self, whom: str, chance: random.Random) -> None:
        if whom == "worker":
            alive = self.workers()
            if alive:
                with suppress(ProcessLookupError):  # it had just ended by itself
                    os.kill(chance.choice(alive), signal.SIGKILL)
            return
        if whom == "master":
            self.master.kill()
        else:
            os.killpg(self.master.pid, signal.SIGKILL)
        self.master.wait()
        self.start()

    def stop(self) -> None:
        self.master.terminate()
        self.master.wait(120)


class Person:
    """One signed-in person's browser: says whether the console accepted, and where it sent her."""

    def __init__(self, user, port: int) -> None:
        from django.test import Client

        client = Client()
        client.force_login(user, backend="jiyue.identity.backends.AccountBackend")
        self.cookie = f"jiyue_console={client.cookies['jiyue_console'].value}; csrftoken={TOKEN}"
        self.port = port

    def post(self, address: str, form: list | dict) -> str | None:
        """Where an accepted form leads; None when the answer never came."""
        given = [*(form.items() if isinstance(form, dict) else form), ("csrfmiddlewaretoken", TOKEN)]
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        headers = {
            "Host": f"console.localhost:{self.port}", "Cookie": self.cookie,
            "Content-Type": "application/x-www-form-urlencoded",
        }  # fmt: skip
        try:
            connection.request("POST", address, urlencode(given), headers)
            answer = connection.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException):
            time.sleep(0.1)
            return None
        finally:
            connection.close()
        assert answer.status == 302, f"{address} answered {answer.status}"
        return answer.headers["Location"]


def main(kills: int) -> dict:
    django.setup()
    from tests.cast import build_cast, structured

    now = datetime.now(UTC)
    city = build_cast(now=now).city
    structured(city, now=now)
    console = Console(free_port())
    people = {part: Person(user, console.port) for part, user in city.people.items()}
    console.start()
    accepted: list[tuple] = []
    killer = threading.Thread(target=console.kill_at_random, args=(kills, accepted))
    killer.start()
    while not console.over.is_set():
        time.sleep(0.1)  # people think now and then
        story(people, city.columns["yw"], accepted)
    killer.join()
    story(people, city.columns["yw"], accepted)  # and it still works
    console.stop()
    return {"kills": console.done, "accepted": len(accepted), **judge(accepted)}


def story(people: dict, column, accepted: list[tuple]) -> None:
    """Write, save again, submit, four decisions; ends at the first answer that never came."""
    from jiyue.review.models import Review

    title = f"第{len(accepted)}号消息"
    made = people["editor"].post(f"/write/article/add/?column={column.pk}", filled(column, title))
    if made is None:
        return
    pk = int(made.rstrip("/").split("/")[-1])
    accepted.append(("saved", pk, title))
    title = f"{title}（改）"
    if people["editor"].post(made, filled(column, title)) is None:
        return
    accepted.append(("saved", pk, title))
    if people["editor"].post(f"/records/{pk}/submit/", {}) is None:
        return
    accepted.append(("submitted", pk, ""))
    review = Review.objects.get(version__record=pk).pk
    for part in ("first", "second", "secrecy", "final"):
        form = [("act", "approve"), ("reason", "可以公开" if part == "secrecy" else ""), *all_gates()]
        if people[part].post(f"/reviews/{review}/decide/", form) is None:
            return
        accepted.append(("decided", pk, part))


def all_gates() -> list[tuple[str, str]]:
    from jiyue.review.checklist import ALL_GATES

    return [("gates", gate) for gate in sorted(ALL_GATES)]


def filled(column, title: str) -> dict:
    from tests.apps.console.test_writing import form

    return form(column, title=title)


def judge(accepted: list[tuple]) -> dict:
    """What was accepted and is not there, and what is there by halves; then everything signed goes public."""
    from jiyue.content.models import Record
    from jiyue.content.models.records import UNDER_REVIEW
    from jiyue.foundation.audit import broken_links
    from jiyue.foundation.models import AuditEvent
    from jiyue.publishing.models import Publication
    from jiyue.publishing.publisher import Publisher
    from jiyue.publishing.verifying import verify
    from jiyue.publishing.worker import Worker
    from jiyue.review.ledger import broken_rows
    from jiyue.review.models import Review, SignOff

    publisher = Publisher()
    worker = Worker(publisher)
    worker.start()
    worker.step(now=datetime.now(UTC))
    locked = set(Record.objects.filter(state__in=UNDER_REVIEW).values_list("pk", flat=True))
    reviews = Review.objects.filter(status=Review.Status.OPEN, version__record__isnull=False)
    return {
        "signed": SignOff.objects.count(),
        "missing": [fact for fact in accepted if not there(*fact)],
        "without content": Record.objects.filter(latest_revision=None).count(),
        "locked for nothing": sorted(locked ^ set(reviews.values_list("version__record", flat=True))),
        "half signed": Review.objects.filter(status="signed_off", sign_offs=None).count(),
        "untraced": untraced(),
        "ledger": broken_rows(),
        "trail": broken_links(AuditEvent.objects.order_by("sequence")),
        "unpublished": Publication.objects.exclude(state="deployed").count(),
        "verify": [problem._asdict() for problem in verify(publisher.home).problems],
    }


def there(kind: str, pk: int, what: str) -> bool:
    from jiyue.content.models import Article
    from jiyue.review.models import Decision, Review, SignOff

    if kind == "saved":
        return what in Article.objects.get(pk=pk).latest_revision.content["title"]
    if kind == "submitted":
        return Review.objects.filter(version__record=pk).exists()
    decided = Decision.objects.filter(review__version__record=pk, level=what).exists()
    return decided and (what != "final" or SignOff.objects.filter(version__record=pk).exists())


def untraced() -> list[int]:
    """Records that stand without the line of the trail that tells of their making."""
    from jiyue.content.models import Record
    from jiyue.foundation.models import AuditEvent

    told = set(AuditEvent.objects.filter(code="content.record_created").values_list("subject", flat=True))
    return [record.pk for record in Record.objects.all() if f"record:{record.identity}" not in told]


if __name__ == "__main__":
    found = main(int(sys.argv[1]))
    sys.stdout.write(json.dumps(found, ensure_ascii=False))
    sys.stdout.flush()
    os._exit(0)
