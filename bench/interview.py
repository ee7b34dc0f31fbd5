"""How soon everybody has a word that was said live, with many readers on the line at once.

    python bench/interview.py [--readers 500] [--words 60] [--quick]

A portal process of its own serves a home with an interview that is on; the readers are in this process, from several
addresses of this machine (`serve` grants 200 connections to one). A word is said each second, as the console writes it:
sealed rows are not part of this, the file is. For each word the time is taken from before it is written until the last
reader has it. Goal: 500 readers (issue 5, B3); nobody may miss a word.
"""

import argparse
import asyncio
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]
PER_ADDRESS = 150


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--readers", type=int, default=500)
    parser.add_argument("--words", type=int, default=60)
    parser.add_argument("--quick", action="store_true", help="100 readers, 10 words")
    options = parser.parse_args()
    readers, words = (100, 10) if options.quick else (options.readers, options.words)
    from tests.apps.portal.live_home import site

    with tempfile.TemporaryDirectory() as folder:
        home = site(Path(folder, "home"))
        port = _free_port()
        code = (
            f"import sys; sys.path[:0] = {sys.path[:2]!r}\n"
            "from jiyue.publishing.serving import serve, TreeDigests\n"
            f"serve({str(home.path)!r}, port={port}, expected_digest=TreeDigests({home.path.as_posix()!r}))\n"
        )
        server = subprocess.Popen([sys.executable, "-c", code])
        try:
            return asyncio.run(_measured(home, port, server.pid, readers, words))
        finally:
            server.terminate()
            server.wait()


async def _measured(home, port: int, pid: int, readers: int, words: int) -> int:
    from tests.apps.portal.live_home import tell, word

    await _reachable(port)
    idle = _memory(pid)
    tell(home, [])
    arrived: list[list[float]] = [[] for _n in range(words + 1)]
    missed: list[int] = []
    ready = asyncio.Semaphore(0)
    tasks = [asyncio.create_task(_read(port, n, words, arrived, missed, ready)) for n in range(readers)]
    for _n in range(readers):
        await ready.acquire()
    on_line = _memory(pid)
    said, delays, means = [], [], []
    busy = _cpu(pid)
    began = time.perf_counter()
    for n in range(1, words + 1):
        said.append(word(n, f"第{n}句：今年的供暖从十一月一日开始，老旧小区提前一周试供暖，具体到楼栋的安排见公告。"))
        at = time.perf_counter()
        tell(home, said)
        await asyncio.sleep(max(0.0, began + n - time.perf_counter()))
        while len(arrived[n]) < readers and not missed:
            await asyncio.sleep(0.05)
        delays.append(max(arrived[n]) - at)
        means.append(statistics.fmean(arrived[n]) - at)
    busy, lasted = _cpu(pid) - busy, time.perf_counter() - began
    for task in tasks:
        task.cancel()
    cuts = statistics.quantiles(delays, n=20)
    print(f"readers on the line                     {readers:>8}")
    print(f"words, one a second                     {words:>8}")
    print(f"until everybody has it, p50             {1000 * statistics.median(delays):>8.1f} ms")
    print(f"until everybody has it, p95             {1000 * cuts[18]:>8.1f} ms")
    print(f"until everybody has it, worst           {1000 * max(delays):>8.1f} ms")
    print(f"mean of all readers, p50                {1000 * statistics.median(means):>8.1f} ms")
    print(f"words missed                            {len(missed):>8}")
    print(
        f"memory before, with readers, at the end {idle / 1024:.1f}, {on_line / 1024:.1f}, {_memory(pid) / 1024:.1f} MB"
    )
    print(f"portal's share of one core              {100 * busy / lasted:>8.1f} %")
    return 1 if missed else 0


async def _read(port: int, n: int, words: int, arrived: list[list[float]], missed: list[int], ready) -> None:
    from tests.apps.portal.live_home import HOST, PAGE

    source = f"127.0.0.{2 + n // PER_ADDRESS}"
    reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=(source, 0))
    writer.write(f"GET /hudong/live-words?of={PAGE} HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode())
    await reader.readuntil(b"\r\n\r\n")
    seen = 0
    while True:
        part = await reader.readuntil(b"\n\n")
        at = time.perf_counter()
        data = part.partition(b"data: ")[2]
        if not data:
            continue
        told = json.loads(data)
        if not told["words"]:
            ready.release()
        for one in told["words"]:
            if one["n"] != seen + 1:
                missed.append(one["n"])
            seen = one["n"]
            arrived[seen].append(at)


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
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _memory(pid: int) -> int:
    """KB of proportional memory."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def _cpu(pid: int) -> float:
    import os

    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    sys.exit(main())
