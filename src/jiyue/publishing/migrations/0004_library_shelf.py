from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("content", "0004_placements"),
        ("estate", "0002_initial"),
        ("publishing", "0003_quicker_questions"),
        ("review", "0004_quicker_questions"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="publicitem",
            index=models.Index(fields=["-published_at", "-serial"], name="public_item_library"),
        ),
    ]
