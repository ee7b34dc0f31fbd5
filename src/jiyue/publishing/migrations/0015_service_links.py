"""Guides that are public already are linked with their service items, as those signed from now on are (SERV-10)."""

import json

from django.db import migrations

SHOWN = ("shown", "repealed")


def link(apps, schema_editor):
    items = apps.get_model("publishing", "PublicItem").objects.filter(kind="service_guide", state__in=SHOWN)
    links = apps.get_model("publishing", "ItemLink").objects
    for item in items.select_related("sign_off__version").iterator(chunk_size=200):
        service = json.loads(item.sign_off.version.content)["detail"].get("item")
        if service:
            links.get_or_create(item=item, target=service["identity"])


class Migration(migrations.Migration):
    dependencies = [
        ("publishing", "0014_page_rules"),
        ("review", "0014_secrecy_of_batches"),
        ("content", "0030_service_items"),
    ]

    operations = [migrations.RunPython(link, migrations.RunPython.noop)]
