"""Batches pass a named secrecy review too; those under review when this comes are asked for it (PRIV-01)."""

from django.db import migrations


def ask_secrecy_of_open_batches(apps, _schema_editor):
    """A batch that is under review passes the secrecy level too, before its final one."""
    review = apps.get_model("review", "Review")
    for row in review.objects.filter(act="batch", status="open"):
        if "secrecy" not in row.levels:
            at = row.levels.index("final") if "final" in row.levels else len(row.levels)
            row.levels = [*row.levels[:at], "secrecy", *row.levels[at:]]
            row.level = "secrecy" if row.level == "final" else row.level
            row.save(update_fields=["levels", "level"])


class Migration(migrations.Migration):
    dependencies = [("review", "0013_inspections")]

    operations = [migrations.RunPython(ask_secrecy_of_open_batches, migrations.RunPython.noop)]
