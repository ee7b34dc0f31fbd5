"""What is due of everybody, by site, on PostgreSQL alone: SQLite would take this index for questions it is worse for."""

from django.db import migrations

NAME = "obligation_soon"
CREATE = f"""create index {NAME} on obligations_obligation (remind_at, site_id, act_by)
    where done_at is null and waived_at is null and ended_at is null"""


def create(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(CREATE)


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"drop index {NAME}")


class Migration(migrations.Migration):
    dependencies = [("obligations", "0005_by_hand")]

    operations = [migrations.RunPython(create, drop, elidable=False)]
