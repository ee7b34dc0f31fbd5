"""Which record uses which file, of everything that was written before the table was there (C4)."""

import json

from django.db import migrations
from django.db.models import TextField
from django.db.models.functions import Cast

CHUNK = 500
PARTS = {"image": "picture", "poster": "picture", "document": "attachment", "media": "attachment"}


def fill(apps, _schema_editor):
    record, version = apps.get_model("content", "Record"), apps.get_model("review", "Version")
    found: dict[tuple[int, str, int], dict[str, bool]] = {}
    drafts = record.objects.annotate(raw=Cast("body", TextField())).values_list("pk", "raw", "cover_id")
    for pk, raw, cover in drafts.iterator(chunk_size=CHUNK):
        if cover:
            found.setdefault((pk, "picture", cover), {})["in_draft"] = True
        for part, key in named(json.loads(raw or "[]")):
            found.setdefault((pk, part, key), {})["in_draft"] = True
    versions = version.objects.filter(record__isnull=False).values_list("record_id", "content")
    for pk, content in versions.iterator(chunk_size=CHUNK):
        for part, key in named(json.loads(content).get("blocks", [])):
            found.setdefault((pk, part, key), {})["submitted"] = True
    keep(apps, found)


def named(blocks):
    """Kind and key of each file that blocks name."""
    for block in blocks or []:
        value = block.get("value")
        for part, kind in PARTS.items() if isinstance(value, dict) else ():
            if isinstance(key := value.get(part), int):
                yield kind, key


def keep(apps, found):
    use = apps.get_model("content", "FileUse")
    known = {
        "picture": set(apps.get_model("content", "Picture").objects.values_list("pk", flat=True)),
        "attachment": set(apps.get_model("content", "Attachment").objects.values_list("pk", flat=True)),
    }
    rows = [
        use(record_id=pk, **{f"{kind}_id": key}, **marks)
        for (pk, kind, key), marks in found.items() if key in known[kind]
    ]  # fmt: skip
    use.objects.bulk_create(rows, batch_size=CHUNK)


class Migration(migrations.Migration):
    dependencies = [("review", "0009_taking_rules"), ("content", "0018_rights_and_exchange")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
