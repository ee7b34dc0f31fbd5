"""The peer: the smallest Wagtail site whose pages say the same, run in a process of its own.

    python bench/building/wagtail_site.py PAGES

Says how many bytes a page has; then, for each line it reads: pages, processor seconds and wall seconds of a round.

A StreamField page with the same blocks, the same navigation and footer, templates loaded once, no debug, served by
Django's handler as its test client calls it: no socket, no proxy, no cache of pages, as Wagtail comes.
"""

import json
import os
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="jiyue-bench-wagtail-") as folder:
        _set_up(Path(folder))
        from django.test import Client
        from wagtail_peer.filling import fill

        addresses = fill(int(sys.argv[1]))
        client = Client(HTTP_HOST="localhost")
        _say({"bytes": len(client.get(addresses[0]).content)})
        for _line in sys.stdin:
            _say(_round(client, addresses))


def _say(what: object) -> None:
    print(json.dumps(what), flush=True)


def _round(client, addresses: list[str]) -> tuple[int, float, float]:
    processor, clock = time.process_time(), time.perf_counter()
    for address in addresses:
        answer = client.get(address)
        if answer.status_code != 200:
            raise SystemExit(f"{address}: {answer.status_code}")
    return len(addresses), time.process_time() - processor, time.perf_counter() - clock


def _set_up(folder: Path) -> None:
    os.environ["WAGTAIL_PEER_FOLDER"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "wagtail_peer.settings"
    sys.path[:0] = [str(HERE), str(HERE.parent)]
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0, interactive=False, run_syncdb=True)


if __name__ == "__main__":
    main()
