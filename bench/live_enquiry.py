"""How soon the other side has what is said in live enquiries, with many conversations at once.

    python bench/live_enquiry.py [--conversations 200] [--rounds 5] [--quick]

Portal and counter are processes of their own; the worker's clock (every 0.3 s) and one officer's desk, which asks once a second
what is new and answers every word, run in this one, on SQLite. Each visitor follows her conversation by server-sent events and
says a word in each round, spread over ten seconds as people do. Taken is the time from before a word is sent until the desk
shows it, and from before the answer's verb until the visitor's line has it. Nobody may miss a word: the exit code says so.
Of rounds that the desk still answers when the talking ends it waits --patience seconds for the last. The full size wants a
machine that does nothing else, two minutes and 1 GB; every 150 visitors come from an address of their own (127.0.0.2, .3 …).
"""

import argparse
import asyncio
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]
PER_ADDRESS, SPREAD, DESK_ASKS, WORKER_LOOKS = 150, 10.0, 1.0, 0.3
PART = "import sys; from jiyue.config.running import PARTS; sys.exit(PARTS[sys.argv[1]]())"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--conversations", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--patience", type=float, default=120.0, help="seconds for what is under way at the end")
    parser.add_argument("--quick", action="store_true", help="20 conversations, 2 rounds")
    options = parser.parse_args()
    count, rounds = (20, 2) if options.quick else (options.conversations, options.rounds)
    with tempfile.TemporaryDirectory() as folder:
        port = _free_port()
        os.environ |= {
            "JIYUE_HOME": folder, "JIYUE_PORTAL_PORT": str(port), "PYTHONPATH": f"{ROOT}:{ROOT / 'src'}",
            "DJANGO_SETTINGS_MODULE": "jiyue.config.settings.base",
        }  # fmt: skip
        from tests.apps.portal.counter_home import site

        home = site(Path(folder))
        parts = [subprocess.Popen([sys.executable, "-c", PART, part]) for part in ("counter", "portal")]
        try:
            return _measured(home, port, count, rounds, options.patience)
        finally:
            for part in parts:
                part.terminate()
                part.wait()


def _measured(home, port: int, count: int, rounds: int, patience: float) -> int:
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    officer, talkers = _city(count)
    seen: dict[str, float] = {}
    answered: dict[str, float] = {}
    stop, troubles = threading.Event(), list[str]()
    threads = [
        threading.Thread(target=_steady, args=(stop, troubles, WORKER_LOOKS, _worker)),
        threading.Thread(target=_steady, args=(stop, troubles, DESK_ASKS, _desk(officer, seen, answered))),
    ]
    began, busy = time.perf_counter(), time.process_time()
    for thread in threads:
        thread.start()
    try:
        sent, got = asyncio.run(_talk(port, talkers, rounds, patience))
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    there = [1000 * (seen[text] - at) for text, at in sent.items() if text in seen]
    back = [1000 * (at - answered[text]) for text, at in got.items() if text in answered]
    missed = 2 * len(sent) - len(there) - len(back)
    share = 100 * (time.process_time() - busy) / (time.perf_counter() - began)
    print(f"conversations                    {count:>8}")
    print(f"words of visitors                {len(sent):>8}")
    _say("visitor to desk", there)
    _say("answer to visitor", back)
    print(f"words missed                     {missed:>8}")
    print(f"worker, desk, visitors: one core {share:>8.0f} %")
    for trouble in sorted(set(troubles)):
        print(f"trouble, {troubles.count(trouble)} times: {trouble}")
    return 1 if missed else 0


def _say(name: str, delays: list[float]) -> None:
    if len(delays) < 2:
        print(f"{name:<20} too few")
        return
    cuts = statistics.quantiles(delays, n=20)
    print(f"{name:<20} p50, p95, worst {statistics.median(delays):>8.0f} {cuts[18]:>8.0f} {max(delays):>8.0f} ms")


def _city(count: int):
    """A site with its desk and one officer who may have everybody, and the conversations, taken by her."""
    from tests.cast import build_cast
    from tests.enquiries import Visitor, desk_of
    from tests.letters import office

    from jiyue.interaction.enquiries.desks import come_on_duty
    from jiyue.interaction.models import Enquiry, EnquiryDesk

    now = datetime.now(UTC)
    tenant = build_cast(now=now).city
    desk, officer = desk_of(tenant, now=now), office(tenant, now=now).clerk
    EnquiryDesk.objects.update(most_each=1000, most_waiting=1000)
    come_on_duty(desk=desk, by=officer, now=now)
    talkers = [Visitor(tenant.site.host) for _n in range(count)]
    for one in talkers:
        one.begin("您好", now=now)
    Enquiry.objects.update(state="talking", person=officer, label="值班员 1 号", taken_at=now)
    return officer, talkers


def _steady(stop: threading.Event, troubles: list[str], every: float, step) -> None:
    """Again and again until it is over; what fails is told at the end and tried again, as worker and desk do."""
    while not stop.is_set():
        try:
            step()
        except Exception as error:  # noqa: BLE001
            troubles.append(f"{type(error).__name__}: {error}"[:100])
        stop.wait(every)


def _worker() -> None:
    from jiyue.config import letters

    letters.talk(datetime.now(UTC))


def _desk(officer, seen: dict[str, float], answered: dict[str, float]):
    """One look of the officer's desk: what is new is seen, and answered."""
    from jiyue.interaction.enquiries import actions
    from jiyue.interaction.enquiries.desks import keep_alive
    from jiyue.interaction.enquiries.taking import empty_box
    from jiyue.interaction.models import EnquiryWord

    done: set[int] = set()

    def look() -> None:
        now = datetime.now(UTC)
        keep_alive(by=officer, now=now)
        empty_box(now=now)
        said = EnquiryWord.objects.filter(act="say", text__startswith="word-").exclude(pk__in=done)
        new = list(said.select_related("enquiry").order_by("pk"))
        at = time.perf_counter()
        for word in new:
            seen.setdefault(word.text, at)
        for word in new:
            answered.setdefault(f"re-{word.text}", time.perf_counter())
            actions.answer(enquiry=word.enquiry, text=f"re-{word.text}", by=officer, now=datetime.now(UTC), looked=True)
            done.add(word.pk)

    return look


async def _talk(port: int, talkers, rounds: int, patience: float):
    sent: dict[str, float] = {}
    got: dict[str, float] = {}
    await _reachable(port)
    lines = [asyncio.create_task(_follow(port, n, one, got)) for n, one in enumerate(talkers)]
    await asyncio.gather(*(_visitor(port, n, one, rounds, len(talkers), sent) for n, one in enumerate(talkers)))
    until = time.perf_counter() + patience
    while len(got) < len(sent) and time.perf_counter() < until:
        await asyncio.sleep(0.1)
    for line in lines:
        line.cancel()
    return sent, got


async def _visitor(port: int, n: int, one, rounds: int, count: int, sent: dict[str, float]) -> None:
    from urllib.parse import urlencode

    for turn in range(rounds):
        await asyncio.sleep(SPREAD * (n / count) if turn == 0 else SPREAD)
        text = f"word-{n}-{turn}"
        body = urlencode({"go": "say", "token": os.urandom(16).hex(), "text": text}).encode()
        head = (
            f"POST /hudong/talk HTTP/1.1\r\nHost: {one.host}\r\nCookie: jy_talk={one.secret}\r\nConnection: close\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        at = time.perf_counter()
        reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=(_address(n), 0))
        writer.write(head.encode() + body)
        status = (await reader.readline()).split()[1]
        writer.close()
        if status != b"200":
            raise SystemExit(f"a word was refused: {status!r}")
        sent[text] = at


async def _follow(port: int, n: int, one, got: dict[str, float]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=(_address(n), 0))
    writer.write(
        f"GET /hudong/talk-words?since=0 HTTP/1.1\r\nHost: {one.host}\r\nCookie: jy_talk={one.secret}\r\n\r\n".encode()
    )
    await reader.readuntil(b"\r\n\r\n")
    while True:
        data = (await reader.readuntil(b"\n\n")).partition(b"data: ")[2]
        at = time.perf_counter()
        for word in json.loads(data)["words"] if data else ():
            if word["text"].startswith("re-"):
                got.setdefault(word["text"], at)


def _address(n: int) -> str:
    return f"127.0.0.{2 + n // PER_ADDRESS}"


async def _reachable(port: int) -> None:
    while True:
        try:
            _reader, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.05)
        else:
            writer.close()
            return


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    sys.exit(main())
