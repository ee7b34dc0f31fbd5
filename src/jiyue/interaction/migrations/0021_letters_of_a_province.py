"""Letters by receipt alone, steps by act and moment, and analyses of letters that are kept."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("interaction", "0020_enquiry_figures"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["-received_at", "-id"], name="case_newest"),
        ),
        migrations.AddIndex(
            model_name="casestep",
            index=models.Index(fields=["act", "at"], name="case_step_act"),
        ),
        migrations.CreateModel(
            name="LetterAnalysis",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("scope", models.CharField(editable=False, max_length=64)),
                ("sites", models.JSONField(default=list, verbose_name="网站")),
                ("period", models.CharField(max_length=8, verbose_name="时间段")),
                ("asked_at", models.DateTimeField(verbose_name="申请时间")),
                ("waits", models.BooleanField(default=True, verbose_name="等待分析")),
                ("tries", models.PositiveSmallIntegerField(default=0, editable=False)),
                ("made_at", models.DateTimeField(blank=True, null=True, verbose_name="分析时间")),
                ("facts", models.JSONField(default=dict, verbose_name="结果")),
                ("seal", models.CharField(blank=True, editable=False, max_length=120)),
                (
                    "asked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="申请人",
                    ),
                ),
            ],
            options={
                "verbose_name": "来信情况分析",
                "verbose_name_plural": "来信情况分析",
                "default_permissions": (),
                "indexes": [
                    models.Index(condition=models.Q(("waits", True)), fields=["asked_at"], name="letter_analysis_waits")
                ],
                "constraints": [models.UniqueConstraint(fields=("scope", "period"), name="letter_analysis_once")],
            },
        ),
    ]
