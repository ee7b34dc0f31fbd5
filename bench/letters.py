"""How many letters a second the counter takes through HTTP, with all checks on, and whether each receipt is kept.

    python bench/letters.py [--rate 300] [--seconds 60] [--quick]

A portal and a counter as `jiyue up` starts them, on a home of their own; clients that begin a sending every 1/rate
seconds whether the earlier ones were answered or not, from many addresses, each letter with its computed proof. Near the
end the counter is killed with SIGKILL. Afterwards every receipt that a client read must be a letter in the box. Proofs are
computed beforehand. Limits: p95 ≤ 300 ms at 300 letters a second for 60 s (issue 5, D).
"""

import argparse
import asyncio
import hashlib
import json
import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from tests.apps.portal.counter_home import HOST, site  # noqa: E402

from jiyue.interaction.letterbox import Letter, LetterBox, new_token  # noqa: E402
from jiyue.portal.counter.guards import PROOF_BITS, Guard  # noqa: E402

NUMBER = re.compile(rb"<dd>(\d{8}-\d{6})</dd>")
LETTERS_PER_ADDRESS = 40
QUIET = 2.0  # seconds before the end at which the counter is killed
TEXT = "湖滨路北段的路灯三天不亮了，晚上看不见路，老人出门不方便，希望尽快修好。" * 8


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rate", type=int, default=300)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--quick", action="store_true", help="20 letters a second for 5 s")
    options = parser.parse_args()
    rate, seconds = (20, 5) if options.quick else (options.rate, options.seconds)
    with tempfile.TemporaryDirectory() as folder:
        home = site(Path(folder) / "var")
        bodies = _bodies(home, rate * seconds)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        environment = {**os.environ, "JIYUE_HOME": str(home.path), "JIYUE_PORTAL_PORT": str(port)}
        environment["PYTHONPATH"] = str(ROOT / "src")
        parts = {name: _started(name, environment) for name in ("portal", "counter")}
        try:
            _await(port)
            asyncio.run(_measure(port, bodies, rate, parts["counter"]))
        finally:
            for process in parts.values():
                process.kill()
                process.wait()
        return _report(LetterBox(home), rate, seconds)


def _started(part: str, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "jiyue.config.command", "run", part]
    return subprocess.Popen(
        command, env=environment, stderr=subprocess.DEVNULL
    )  # it tells each answer that fails to come


def _await(port: int) -> None:
    asked = f"GET /hudong/ HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\r\n".encode()
    for _ in range(300):
        try:
            with socket.create_connection(("127.0.0.1", port)) as probe:
                probe.sendall(asked)
                if b" 200 " in probe.recv(100):
                    return
        except OSError:
            pass
        time.sleep(0.1)
    raise RuntimeError("the counter does not answer")


def _bodies(home, count: int) -> list[bytes]:
    """What a browser sends from the last page, for each letter."""
    guard = Guard(home)
    opened = []
    for _ in range(count):
        token = new_token()
        opened.append((token, guard.challenge(token, "", now=time.time() - 60).opened))
    with ProcessPoolExecutor() as pool:
        proofs = list(pool.map(_proof, opened, chunksize=50))
    fields = {
        "step": "check", "go": "send", "kind": "complaint", "title": "湖滨路北段路灯不亮", "text": TEXT, "place": "湖滨路",
        "name": "测试甲", "phone": "000-1234567", "public": "yes", "website": "", "human": "",
    }  # fmt: skip
    return [
        urlencode({**fields, "token": token, "opened": at, "proof": proof}).encode()
        for (token, at), proof in zip(opened, proofs, strict=True)
    ]


def _proof(opened: tuple[str, str]) -> str:
    start = f"{opened[0]}:{opened[1]}:".encode()
    n = 0
    while int.from_bytes(hashlib.sha256(start + str(n).encode()).digest()[:4], "big") >> (32 - PROOF_BITS):
        n += 1
    return str(n)


TAKEN: dict[str, float] = {}
TIMES: list[float] = []
FAILED: list[str] = []


async def _measure(port: int, bodies: list[bytes], rate: int, counter: subprocess.Popen[bytes]) -> None:
    begun = time.perf_counter()
    killed_at = len(bodies) - int(QUIET * rate)
    sending = []
    for n, body in enumerate(bodies):
        await asyncio.sleep(max(0.0, begun + n / rate - time.perf_counter()))
        if n == killed_at:
            counter.send_signal(signal.SIGKILL)
        sending.append(asyncio.create_task(_send(port, n, body, counts=n < killed_at)))
    await asyncio.gather(*sending)


async def _send(port: int, n: int, body: bytes, *, counts: bool) -> None:
    address = f"127.0.{1 + n // LETTERS_PER_ADDRESS // 250}.{1 + n // LETTERS_PER_ADDRESS % 250}"
    head = (
        f"POST /hudong/write HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    begun = time.perf_counter()
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=(address, 0))
        writer.write(head.encode() + body)
        answer = await reader.read()
        writer.close()
    except OSError as error:
        answer = str(error).encode()
    spent = time.perf_counter() - begun
    found = NUMBER.search(answer)
    if found:
        TAKEN[found[1].decode()] = spent
        TIMES.append(spent)
    elif counts:
        FAILED.append(answer[:60].decode("latin-1"))


def _report(box: LetterBox, rate: int, seconds: int) -> int:
    kept = {found.number for found in box.waiting() if isinstance(found, Letter)}
    lost = set(TAKEN) - kept
    p95 = statistics.quantiles(TIMES, n=20)[-1] if len(TIMES) > 1 else float("nan")
    print(json.dumps({
        "rate": rate, "seconds": seconds, "receipts": len(TAKEN), "failed_before_the_kill": len(FAILED),
        "p50_ms": round(statistics.median(TIMES) * 1000, 1), "p95_ms": round(p95 * 1000, 1), "letters": len(kept),
        "receipts_without_letter": len(lost),
    }))  # fmt: skip
    if FAILED:
        print(f"first failure: {FAILED[0]!r}")
    return 1 if lost else 0


if __name__ == "__main__":
    raise SystemExit(main())
