import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("estate", "0008_service_entries"),
        ("interaction", "0019_live_enquiries"),
    ]

    operations = [
        migrations.CreateModel(
            name="EnquiryFigures",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("first", models.PositiveBigIntegerField(editable=False)),
                ("sums", models.JSONField(default=dict, verbose_name="合计")),
                ("seal", models.CharField(editable=False, max_length=120)),
                (
                    "site",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="estate.site",
                        verbose_name="网站",
                    ),
                ),
            ],
            options={
                "verbose_name": "咨询合计",
                "verbose_name_plural": "咨询合计",
                "default_permissions": (),
            },
        ),
    ]
