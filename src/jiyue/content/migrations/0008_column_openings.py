from django.db import migrations
from django.db.models import Min


def from_the_trail(apps, schema_editor):
    """When each column was opened, as the trail tells; one without a trace keeps no date."""
    column = apps.get_model("content", "Column")
    trail = apps.get_model("foundation", "AuditEvent").objects
    opened = trail.filter(code__in=["content.column_saved", "content.column_reopened"])
    first = dict(opened.filter(code="content.column_saved").order_by().values_list("subject").annotate(at=Min("at")))
    again = dict(opened.filter(code="content.column_reopened").order_by("sequence").values_list("subject", "at"))
    for row in column.objects.filter(opened_at__isnull=True).iterator(chunk_size=500):
        subject = f"column:{row.pk}"
        row.opened_at = again.get(subject) or first.get(subject)
        row.save(update_fields=["opened_at"])


class Migration(migrations.Migration):
    dependencies = [("content", "0007_stewardship"), ("foundation", "0002_append_only")]

    operations = [migrations.RunPython(from_the_trail, migrations.RunPython.noop)]
