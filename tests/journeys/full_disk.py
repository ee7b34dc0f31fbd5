"""Fill the disk that holds a whole home, its database too: what do public and operator see? Run by `test_full_disk`."""

import errno
import json
import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import django


def main() -> dict:
    django.setup()
    from jiyue.foundation import reserve
    from jiyue.foundation.home import Home
    from jiyue.publishing.publisher import Publisher
    from jiyue.publishing.worker import Worker
    from tests.cast import build_cast, draft, reviewed, structured

    home, now = Home.from_environment(), datetime.now(UTC)
    cast = build_cast(now=now)
    structured(cast.city, now=now)
    publisher = Publisher()
    worker = Worker(publisher)
    worker.step(now=now)
    seen = {"reserve before": home.reserve.stat().st_blocks * 512 if home.reserve.exists() else 0}
    reviewed(cast.city, draft(cast.city, now=now, title="湖岸清洁"), now=now)
    old = shown(home)
    filler = fill(home.path)
    worker.step(now=now)
    seen |= {"old page stays": shown(home) == old, "reserve given up": not home.reserve.exists()}
    seen |= {"incident": incidents(), "operator reads": operator_reads(cast.operator)}
    fill(home.path, name="filler-2")
    worker.step(now=now + timedelta(seconds=2))
    seen |= {"still there": shown(home) == old, "counted": incidents()}
    filler.unlink()
    (home.path / "filler-2").unlink()
    later = now + timedelta(minutes=10)
    worker.step(now=later)
    seen |= {"new page": "湖岸清洁" in shown(home), "closed": incidents() == [], "reserve again": home.reserve.exists()}
    seen["size"] = reserve.SIZE
    return seen


def shown(home) -> str:
    page = home.public_root("www.chenghu.localhost") / "zwdt/yw/index.html"
    return page.read_text()


def fill(folder: Path, name: str = "filler") -> Path:
    """A file that takes every free byte."""
    file = folder / name
    with file.open("wb", buffering=0) as stream:
        for size in (1 << 20, 1 << 12, 1):
            try:
                while stream.write(b"x" * size) == size:
                    continue
            except OSError as error:
                if error.errno != errno.ENOSPC:
                    raise
    return file


def incidents() -> list:
    from jiyue.publishing.models import Incident

    return list(Incident.objects.filter(closed_at=None).values_list("kind", "subject"))


def operator_reads(person) -> bool:
    from django.conf import settings
    from django.test import Client, override_settings

    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # nothing was collected here
    client = Client(headers={"host": "console.localhost"})
    with override_settings(STORAGES={**settings.STORAGES, "staticfiles": plain}):
        client.force_login(person, backend="jiyue.identity.backends.AccountBackend")
        return "磁盘空间不足" in client.get("/office/incidents/").content.decode()


if __name__ == "__main__":
    found = main()
    sys.stdout.write(json.dumps(found, ensure_ascii=False))
    sys.stdout.flush()
    os._exit(0)
