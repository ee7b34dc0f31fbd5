"""The real console under gunicorn, killed while a clerk's act on many letters is carried out. Run by `test_bulk_kills`.

Once the first letter was taken the whole request is kept; whatever was not reached must say so, and be gone on with.
"""

import json
import os
import random
import secrets
import signal
import sys
import threading
import time
from contextlib import suppress
from datetime import UTC, datetime

import django
from django.core.management import call_command

from tests.browser.installation import free_port
from tests.journeys.console_kills import PATIENCE, SEED, Console, Person

LETTERS = 40  # at once
ROUNDS = ("worker", "worker", "all", "worker", "all")
TRIES = 5  # of one round: the console may be done before whoever kills it had a turn


def main(rounds: int) -> dict:
    django.setup()
    call_command("collectstatic", "--noinput", verbosity=0)  # screens are looked at, too
    from tests.cast import build_cast, structured
    from tests.letters import office

    now = datetime.now(UTC)
    city = build_cast(now=now).city
    structured(city, now=now)
    desk = office(city, now=now)
    console = Console(free_port())
    clerk = Person(desk.clerk, console.port)
    console.start()
    chance = random.Random(SEED)  # noqa: S311 the moments are to be the same in every run
    seen = {"cut": 0, "rounds": 0, "stopped in the middle": 0, "not told": [], "waiting": 0, "by halves": []}
    for n in range(rounds):
        tries = (one_round(city, console, clerk, chance, ROUNDS[n % len(ROUNDS)], seen) for _try in range(TRIES))
        seen["cut"] += any(tries)
    console.stop()
    return {**seen, **judge()}


def one_round(city, console: Console, clerk: Person, chance: random.Random, whom: str, seen: dict) -> bool:
    """Forty letters accepted at once; killed after some of them; looked at; gone on with, and killed again; ended.

    Tells whether the first kill came while the request was being answered.
    """
    from jiyue.interaction.models import BulkStep
    from tests.letters import letter

    cases = [letter(city, now=datetime.now(UTC), title=f"第{n}封") for n in range(LETTERS)]
    token = secrets.token_hex(16)
    asked = [("act", "accept"), ("step", "confirm"), ("token", token)]
    for case in cases:
        asked += [("letter", case.pk), (f"v{case.pk}", case.version)]
    seen["rounds"] += 1
    cut = kill_during(console, clerk, "/letters/several/", asked, token, whom, chance.randrange(LETTERS // 2))
    seen["by halves"] += by_halves(token)
    step = BulkStep.objects.filter(token=token).earliest("pk").pk
    progress = f"/letters/several/{step}/"
    page = shown(clerk, progress)
    waiting = BulkStep.objects.filter(token=token, state=BulkStep.State.WAITING).count()
    seen["stopped in the middle"] += 0 < waiting < LETTERS
    inbox = shown(clerk, "/letters/")
    if waiting and not ("接着办" in page and progress in inbox and "停在一半" in inbox):
        seen["not told"].append(page[-500:])
    middle = LETTERS - waiting + chance.randrange(max(1, waiting))
    kill_during(console, clerk, progress, [], token, "worker", middle)
    seen["by halves"] += by_halves(token)
    until = time.monotonic() + PATIENCE
    while clerk.post(progress, []) is None and time.monotonic() < until:
        time.sleep(0.2)
    again = clerk.post("/letters/several/", asked)  # the same page sent once more, as by the back button
    assert again == progress, again
    seen["waiting"] += BulkStep.objects.filter(token=token, state=BulkStep.State.WAITING).count()
    return cut


def kill_during(console: Console, clerk: Person, address: str, form: list, token: str, whom: str, after: int) -> bool:
    """Send the form and kill once more than `after` letters are taken; False where the console was faster."""
    from jiyue.interaction.models import BulkStep

    taken = BulkStep.objects.filter(token=token).exclude(state=BulkStep.State.WAITING)
    sending = threading.Thread(target=clerk.post, args=(address, form))
    sending.start()
    until = time.monotonic() + PATIENCE
    while sending.is_alive() and taken.count() <= after and time.monotonic() < until:
        time.sleep(0.005)
    cut = sending.is_alive()
    if cut:
        kill(console, whom)
    sending.join()
    until = time.monotonic() + PATIENCE
    while len(console.workers()) < 1 and time.monotonic() < until:
        time.sleep(0.05)
    return cut


def kill(console: Console, whom: str) -> None:
    """Every worker, because nobody knows which one has the request; or everything, as when the power goes."""
    if whom == "all":
        os.killpg(console.master.pid, signal.SIGKILL)
        console.master.wait()
        console.start()
        return
    for worker in console.workers():
        with suppress(ProcessLookupError):
            os.kill(worker, signal.SIGKILL)


def shown(clerk: Person, address: str) -> str:
    """A page of the console, asked again while workers start."""
    import http.client

    until = time.monotonic() + PATIENCE
    while True:
        connection = http.client.HTTPConnection("127.0.0.1", clerk.port, timeout=PATIENCE)
        try:
            connection.request(
                "GET", address, headers={"Host": f"console.localhost:{clerk.port}", "Cookie": clerk.cookie}
            )
            answer = connection.getresponse()
            return answer.read().decode()
        except (OSError, http.client.HTTPException):
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
        finally:
            connection.close()


def by_halves(token: str) -> list[str]:
    """Letters of a request whose row, state, step and line of the trail do not say the same."""
    from jiyue.foundation.models import AuditEvent
    from jiyue.interaction.models import BulkStep, CaseStep

    wrong = []
    for row in BulkStep.objects.filter(token=token).select_related("case"):
        done = row.state == BulkStep.State.DONE
        steps = CaseStep.objects.filter(case=row.case_id, act="accept").count()
        lines = AuditEvent.objects.filter(
            code="interaction.stepped", subject=f"letter:{row.case_id}", data__letter_act="accept"
        ).count()
        if (row.case.state == "accepted", steps, lines) != (done, int(done), int(done)):
            wrong.append(f"{row.case.number} {row.state} {row.case.state} {steps} {lines}")
    return wrong


def judge() -> dict:
    from jiyue.foundation.audit import broken_links
    from jiyue.foundation.models import AuditEvent
    from jiyue.interaction.models import BulkStep, Case, CaseStep

    accepted = CaseStep.objects.filter(act="accept")
    return {
        "asked": BulkStep.objects.count(), "done": BulkStep.objects.filter(state=BulkStep.State.DONE).count(),
        "steps": accepted.count(), "letters": accepted.values("case").distinct().count(),
        "left": Case.objects.exclude(state="accepted").count(),
        "trail": broken_links(AuditEvent.objects.order_by("sequence")),
    }  # fmt: skip


if __name__ == "__main__":
    found = main(int(sys.argv[1]))
    sys.stdout.write(json.dumps(found, ensure_ascii=False))
    sys.stdout.flush()
    os._exit(0)
