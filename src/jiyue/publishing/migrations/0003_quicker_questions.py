from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("content", "0004_placements"),
        ("estate", "0002_initial"),
        ("publishing", "0002_placements"),
        ("review", "0003_placements"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="publicitem",
            name="public_item_kind",
        ),
        migrations.AddIndex(
            model_name="publicitem",
            index=models.Index(
                condition=models.Q(("state__in", ["shown", "repealed"])),
                fields=["site", "published_at"],
                name="public_item_month",
            ),
        ),
    ]
