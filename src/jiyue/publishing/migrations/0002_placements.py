import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("content", "0004_placements"),
        ("estate", "0002_initial"),
        ("publishing", "0001_initial"),
        ("review", "0003_placements"),
    ]

    operations = [
        migrations.AddField(
            model_name="publicitem",
            name="placed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="review.signoff",
            ),
        ),
        migrations.AddIndex(
            model_name="publicitem",
            index=models.Index(
                condition=models.Q(("placed_by__isnull", False)), fields=["site", "identity"], name="public_item_placed"
            ),
        ),
    ]
