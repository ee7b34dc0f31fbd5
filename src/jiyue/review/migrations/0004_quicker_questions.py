from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("estate", "0002_initial"),
        ("review", "0003_placements"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="signoff",
            name="signoff_effective",
        ),
        migrations.AddIndex(
            model_name="signoff",
            index=models.Index(fields=["effective_at"], name="signoff_effective"),
        ),
    ]
