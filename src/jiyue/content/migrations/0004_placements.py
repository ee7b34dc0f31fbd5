import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("content", "0003_record_part_of"),
        ("estate", "0002_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Placement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("identity", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("offered", "待处理"),
                            ("delayed", "暂缓"),
                            ("refused", "不取用"),
                            ("submitted", "待终审"),
                            ("taken", "已取用"),
                            ("ended", "已停止取用"),
                        ],
                        default="offered",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="原因")),
                ("decide_by", models.DateField(blank=True, null=True, verbose_name="暂缓至")),
                ("created_at", models.DateTimeField(verbose_name="发起时间")),
                ("changed_at", models.DateTimeField(verbose_name="处理时间")),
                (
                    "column",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="placements",
                        to="content.column",
                        verbose_name="放入栏目",
                    ),
                ),
                (
                    "offered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="发起人",
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="placements",
                        to="content.record",
                        verbose_name="稿件",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="placements",
                        to="estate.site",
                        verbose_name="取用网站",
                    ),
                ),
            ],
            options={
                "verbose_name": "取用",
                "verbose_name_plural": "取用",
                "default_permissions": (),
                "indexes": [models.Index(fields=["site", "state"], name="placement_site_state")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["refused", "ended"]), _negated=True),
                        fields=("record", "site"),
                        name="placement_open_once",
                    )
                ],
            },
        ),
    ]
