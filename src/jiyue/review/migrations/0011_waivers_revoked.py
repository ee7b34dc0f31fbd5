"""A waiver can be taken back, and the row that says so is written once."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from jiyue.foundation.append_only import protect


class Migration(migrations.Migration):
    dependencies = [
        ("review", "0010_file_uses"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="WaiverRevocation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.TextField()),
                ("by_name", models.CharField(max_length=80)),
                ("by_unit", models.CharField(blank=True, max_length=120)),
                ("at", models.DateTimeField()),
                ("seal", models.CharField(max_length=120)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "waiver",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="revocation", to="review.waiver"
                    ),
                ),
            ],
            options={
                "verbose_name": "豁免撤销",
                "verbose_name_plural": "豁免撤销",
                "default_permissions": (),
            },
        ),
        protect("review_waiverrevocation"),
    ]
