"""Live enquiries through the real counter, worker and console, killed while people talk. Run by `test_kills`.

A visitor sends the same form again until she reads her word on the page, an officer until the console accepts hers. Half of
the kills come right after a word was accepted. Afterwards each such word must be there once, in the database and in the
visitor's file, and nothing may be there twice.
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
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urlencode

import django

from tests.browser.installation import free_port
from tests.journeys.console_kills import PATIENCE, SEED, Console, Person

PART = "import sys; from jiyue.config.running import PARTS; sys.exit(PARTS[sys.argv[1]]())"
WHOM = ("counter", "worker", "console", "counter", "console", "worker", "everything")
VISITORS = 3
OFFICER, SHOWN = "值班员", "shown"
# Seconds until everybody has got through once more: everything is started at once then, on a machine that may be busy.
AGAIN = 2 * PATIENCE


@dataclass
class Parts:
    """Counter, worker and portal as `jiyue up` starts them, the console beside, and the one who kills them."""

    port: int
    console: Console
    running: dict[str, subprocess.Popen] = field(default_factory=dict)
    fallen: list[str] = field(default_factory=list)  # ended by themselves; `jiyue up` would have started them again

    def start(self, *names: str) -> None:
        for name in names:
            environment = os.environ | {"JIYUE_PORTAL_PORT": str(self.port)}
            command = [sys.executable, "-c", PART, name]
            self.running[name] = subprocess.Popen(command, env=environment, start_new_session=True)

    def note_fallen(self, *names: str) -> list[str]:
        found = [name for name in names if self.running[name].poll() is not None]
        self.fallen += [f"{name} ended with {self.running[name].returncode}" for name in found]
        return found

    def kill(self, *names: str) -> None:
        fallen = self.note_fallen(*names)
        for name in (name for name in names if name not in fallen):
            # All of them at once, then all are waited for, as when the power goes.
            os.killpg(self.running[name].pid, signal.SIGKILL)
        for name in names:
            self.running[name].wait()
        self.start(*names)

    def stop(self) -> None:
        for part in self.running.values():
            part.terminate()
        for part in self.running.values():
            part.wait(120)

    def kill_at_random(self, kills: int, accepted: list) -> int:
        chance = random.Random(SEED)  # noqa: S311 the moments are to be the same in every run
        for done in range(kills):
            had, until = len(accepted), time.monotonic() + PATIENCE
            while len(accepted) < had + 2 and time.monotonic() < until:  # something got through since the last one
                time.sleep(0.005)
            time.sleep(chance.uniform(0, 0.05) if done % 2 else chance.uniform(0.1, 1.5))
            whom = WHOM[done % len(WHOM)]
            if whom in ("console", "everything"):
                os.killpg(self.console.master.pid, signal.SIGKILL)
            if whom != "console":
                self.kill(*(("counter", "worker", "portal") if whom == "everything" else (whom,)))
            if whom in ("console", "everything"):
                self.console.master.wait()
                self.console.start()
        return kills


def main(kills: int) -> dict:
    django.setup()
    from jiyue.interaction.enquiries.actions import take
    from jiyue.interaction.enquiries.desks import come_on_duty
    from jiyue.publishing.publisher import Publisher
    from tests.cast import build_cast, structured
    from tests.enquiries import Visitor, desk_of
    from tests.letters import office

    now = datetime.now(UTC)
    tenant = build_cast(now=now).city
    structured(tenant, now=now)
    Publisher().publish(tenant.site, now=now)
    desk, clerk = desk_of(tenant, now=now, idle_minutes=60), office(tenant, now=now).clerk
    come_on_duty(desk=desk, by=clerk, now=now)
    visitors = [Visitor(tenant.site.host) for _n in range(VISITORS)]
    rows = [take(enquiry=one.begin("老年卡在哪里换？", now=now), by=clerk, now=now).pk for one in visitors]
    console = Console(free_port())
    officer = Person(clerk, console.port)
    parts = Parts(free_port(), console)
    parts.start("counter", "worker", "portal")
    console.start()
    heard = Heard()
    people = [threading.Thread(target=visit, args=(n, one, parts.port, heard)) for n, one in enumerate(visitors)]
    people.append(threading.Thread(target=serve, args=(officer, rows, heard)))
    for each in people:
        each.start()
    try:
        done = parts.kill_at_random(kills, heard.said)
        had = len(heard.said), len(heard.answered)
        until = time.monotonic() + AGAIN
        while (silent := heard.silent(*had)) and time.monotonic() < until:
            time.sleep(0.05)
        parts.note_fallen(*parts.running)
    finally:
        heard.over.set()
        for each in people:
            each.join()
        parts.stop()
        console.stop()
    why = [f"{who}: {heard.last.get(who, 'never asked')}" for who in silent]
    return {"kills": done, "said": len(heard.said), "answered": len(heard.answered),
            "stands still": [*why, *parts.fallen] if silent else [], "refused": sorted(heard.refused),
            **judge(visitors, heard.said, heard.answered)}  # fmt: skip


@dataclass
class Heard:
    """What got through, and what each person heard last. Threads only add to it."""

    over: threading.Event = field(default_factory=threading.Event)
    said: list[str] = field(default_factory=list)
    answered: list[str] = field(default_factory=list)
    last: dict[str, str] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)  # what the console said instead of taking an answer

    def silent(self, said: int, answered: int) -> list[str]:
        """Of whom nothing got through since there were so many words and answers."""
        since = self.said[said:]
        visitors = [name_of(n) for n in range(VISITORS) if not any(text.startswith(name_of(n)) for text in since)]
        return visitors if self.answered[answered:] else [*visitors, OFFICER]


def name_of(n: int) -> str:
    return f"来访{n}的"


def visit(n: int, one, port: int, heard: Heard) -> None:
    """Word after word as fast as they are taken; the same form again, sooner than the counter wants, until the page shows it."""
    count = 0
    while not heard.over.is_set():
        count += 1
        text, token = f"{name_of(n)}第{count:03}句", os.urandom(16).hex()
        while not heard.over.is_set():
            heard.last[name_of(n)] = answer = asked(one, port, text, token)
            if answer == SHOWN:
                heard.said.append(text)
                break
            heard.over.wait(0.3)


def asked(one, port: int, text: str, token: str) -> str:
    """SHOWN, or what came instead."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    headers = {
        "Host": one.host, "Cookie": f"jy_talk={one.secret}", "Content-Type": "application/x-www-form-urlencoded",
    }  # fmt: skip
    try:
        connection.request("POST", "/hudong/talk", urlencode({"go": "say", "token": token, "text": text}), headers)
        answer = connection.getresponse()
        page = answer.read().decode()
    except (OSError, http.client.HTTPException) as error:
        return repr(error)
    finally:
        connection.close()
    return SHOWN if answer.status == 200 and f'<p class="talk-text">{text}</p>' in page else str(answer.status)


def serve(officer: Person, rows: list[int], heard: Heard) -> None:
    """Answer after answer, to each visitor in turn; the same form again until the console accepts it."""
    count = 0
    while not heard.over.is_set():
        count += 1
        text, token = f"第{count:03}次回答", os.urandom(16).hex()
        address = f"/enquiries/{rows[count % len(rows)]}/"
        while not heard.over.is_set():
            is_taken(officer, "/enquiries/", {"act": "look"}, heard)  # so she stays on duty
            if is_taken(officer, address, {"act": "answer", "text": text, "token": token}, heard):
                heard.answered.append(text)
                break
        heard.over.wait(0.5)  # a conversation holds MOST_WORDS rows, hers among them


def is_taken(officer: Person, address: str, form: dict[str, str], heard: Heard) -> bool:
    try:
        taken = officer.post(address, form) is not None
    except AssertionError as wrong:  # she goes on all the same: what was refused is told at the end
        heard.refused.add(str(wrong))
        heard.last[OFFICER] = str(wrong)
        heard.over.wait(0.3)
        return False
    heard.last[OFFICER] = SHOWN if taken else "no answer"
    return taken


def judge(visitors: list, said: list[str], answered: list[str]) -> dict:
    """What was shown or accepted and is not there once; what is there twice; what a visitor's file tells otherwise."""
    from jiyue.config import letters
    from jiyue.foundation.audit import broken_links
    from jiyue.foundation.models import AuditEvent
    from jiyue.interaction.models import Enquiry, EnquiryWord, SetAside
    from tests.enquiries import talk_box

    letters.talk(datetime.now(UTC))  # what the last kill left; then nothing may be due
    spoken = EnquiryWord.objects.filter(act__in=("say", "late", "answer")).exclude(text="老年卡在哪里换？")
    counted = Counter(spoken.values_list("text", flat=True))
    told = {
        one.secret[:4]: [word["text"] for word in one.page["words"] if word["act"] in ("say", "late", "answer")]
        for one in visitors
    }
    kept = {
        one.secret[:4]: list(
            one.enquiry.words.filter(act__in=("say", "late", "answer"))
            .order_by("number")
            .values_list("text", flat=True)
        )
        for one in visitors
    }
    return {
        "missing": [text for text in (*said, *answered) if not counted[text]],
        "twice": [text for text, count in counted.items() if count > 1],
        "told otherwise": [name for name in told if told[name] != kept[name]],
        "left in the box": sum(1 for _one in talk_box().waiting()),
        "set aside": SetAside.objects.count(),
        "due": Enquiry.objects.filter(told_due=True).count(),
        "ended": Enquiry.objects.filter(state="ended").count(),
        "trail": broken_links(AuditEvent.objects.order_by("sequence")),
    }


if __name__ == "__main__":
    found = main(int(sys.argv[1]))
    sys.stdout.write(json.dumps(found, ensure_ascii=False))
    sys.stdout.flush()
    os._exit(0)
