"""People at the console while the disk that holds everything is full. Run by `test_full_disk` on a small disk."""

import html
import io
import json
import os
import re
import sys
from datetime import UTC, datetime

import django

from tests.journeys.full_disk import fill, incidents, operator_reads

TITLE = "停电通知：湖滨路周三检修"
WORDS = (TITLE, "写到这里磁盘满了", "请尽快审核", "与来文不符", "系统周三维护")
TYPED = "<p>检修从八点开始，写到这里磁盘满了。</p>"


def main() -> dict:
    django.setup()
    from django.conf import settings
    from django.test import override_settings

    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # nothing was collected here
    with override_settings(STORAGES={**settings.STORAGES, "staticfiles": plain}):
        return story()


def story() -> dict:
    from jiyue.content.models import Article, Record
    from jiyue.foundation import reserve
    from jiyue.foundation.home import Home
    from jiyue.publishing import full_disk
    from jiyue.review.actions import submit
    from tests.cast import build_cast, draft

    now, home = datetime.now(UTC), Home.from_environment()
    cast = build_cast(now=now)
    city = cast.city
    record, waiting = draft(city, now=now), submit(record=draft(city, now=now), by=city.editor, now=now)
    editor, first, manager = (client(person) for person in (city.editor, city.first, city.manager))
    assert reserve.keep(home)
    kept_open = settled(home)  # as the worker's: closing the last one would free a few pages
    filler = fill(home.path)
    edit = f"/write/article/edit/{record.pk}/"
    answer = ask(editor, edit, typed(record))
    seen = {"status": answer.status_code == 507, "sentence": says(answer), "title there": TITLE in text(answer)}
    seen |= {"body there": "写到这里磁盘满了" in text(answer), "nothing kept": title_of(record) != TITLE}
    seen |= {"incident": incidents() == [("disk", "disk")], "read": operator_reads(cast.operator)}
    settled(home).close()
    second = fill(home.path, name="filler-2")  # the reserve's room is gone as well: nothing more can be written at all
    add = f"/write/article/add/?column={city.columns['yw'].pk}"
    for name, who, address, form in (
        ("new record", editor, add, typed(record)),
        ("submission", editor, f"/records/{record.pk}/submit/", {"reason": "请尽快审核，周三就要停电"}),
        ("decision", first, f"/reviews/{waiting.pk}/decide/", decision("与来文不符，请核对日期")),
        ("notice", manager, f"/office/sites/{city.site.pk}/notices/", notice()),
    ):
        answer = ask(who, address, form)
        kept = all(word in text(answer) for word in WORDS if word in str(form))
        seen |= {f"{name} 507": answer.status_code == 507 or answer.status_code, f"{name} kept": kept}
    seen |= {"autosave": autosave(editor, edit, typed(record)), "upload": upload(editor)}
    seen |= {"sign in": ask(client(None), "/login/", login(city.editor)).status_code == 507}
    seen |= {
        "no record": Record.objects.count() == 2,
        "still waiting": type(waiting).objects.get().status == waiting.status,
    }
    kept_open.close()
    filler.unlink()
    second.unlink()
    again = ask(editor, edit, typed(record))
    seen |= {
        "saved then": again.status_code == 302
        and Article.objects.get(pk=record.pk).latest_revision.content["title"] == TITLE
    }
    full_disk.recover(home, now=datetime.now(UTC))
    return seen | {"closed": incidents() == [], "reserve again": home.reserve.exists()}


def settled(home):
    """A connection held open, with the write-ahead log emptied: its old pages would take a few more saves."""
    import sqlite3

    held = sqlite3.connect(home.path / "db.sqlite3")
    held.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    return held


def client(person):
    from django.test import Client

    made = Client(headers={"host": "console.localhost"}, raise_request_exception=False)
    if person is not None:
        made.force_login(person, backend="jiyue.identity.backends.AccountBackend")
    return made


def ask(who, address: str, form: dict, **headers):
    from django.db import connection

    connection.close()  # as in gunicorn: every request opens the database anew, on a disk without a free byte
    return who.post(address, form, headers=headers)


def text(answer) -> str:
    """What the answer holds, out of HTML and of JSON inside of it."""
    plain = html.unescape(answer.content.decode())
    return re.sub(r"\\+u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), plain)


def says(answer) -> bool:
    return "磁盘空间不足" in text(answer) and "已填写的内容都还在" in text(answer)


def typed(record) -> dict:
    from tests.apps.console.test_writing import form, rich_text, streamfield

    body = streamfield([("paragraph", rich_text(TYPED))])
    return form(record.column, title=TITLE, body=body)


def decision(note: str) -> dict:
    return {"act": "return", "return_reason": note}


def notice() -> dict:
    return {"kind": "pause", "text": "系统周三维护", "starts_at": "2036-11-25T08:00", "until": "2036-11-26T08:00"}


def title_of(record) -> str:
    from jiyue.content.models import Article

    return Article.objects.get(pk=record.pk).latest_revision.content["title"]


def autosave(who, address: str, form: dict) -> bool:
    answer = ask(who, address, form, accept="application/json")
    return answer.status_code == 507 and says(answer) and answer.json()["success"] is False


def upload(who) -> bool:
    """The dialogue shows the sentence beside the field; half a file is named by no row."""
    from PIL import Image

    from jiyue.content.models import Picture

    picture = io.BytesIO()
    Image.effect_noise((600, 600), 90).save(picture, "PNG")
    picture.seek(0)
    picture.name = "noise.png"
    before = Picture.objects.count()
    form = {"image-chooser-upload-title": "噪声", "image-chooser-upload-file": picture}
    answer = ask(who, "/images/chooser/create/", form)
    return says(answer) and "噪声" in text(answer) and Picture.objects.count() == before


def login(person) -> dict:
    from tests.cast import PASSWORD

    return {"username": person.username, "password": PASSWORD}


if __name__ == "__main__":
    found = main()
    sys.stdout.write(json.dumps(found, ensure_ascii=False))
    sys.stdout.flush()
    os._exit(0)
