"""Inspections of what is public by the supervising office; a decision names what was read of a batch."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("content", "0019_reprinting"),
        ("estate", "0006_floating_window"),
        ("identity", "0004_vouching"),
        ("review", "0012_rectifications"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="decision",
            name="looked_at",
            field=models.JSONField(blank=True, null=True),
        ),
        migrations.CreateModel(
            name="Inspection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120, verbose_name="检查名称")),
                ("held_on", models.DateField(verbose_name="检查日期")),
                ("public_from", models.DateField(verbose_name="公开日期从")),
                ("public_until", models.DateField(verbose_name="公开日期到")),
                ("participants", models.TextField(verbose_name="参加单位")),
                ("size", models.PositiveSmallIntegerField(verbose_name="抽查件数")),
                ("created_at", models.DateTimeField()),
                ("seed", models.CharField(blank=True, max_length=64)),
                ("drawn_at", models.DateTimeField(blank=True, null=True)),
                ("drawn_from", models.PositiveIntegerField(blank=True, null=True)),
                ("conclusion", models.TextField(blank=True, verbose_name="检查结论")),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("cancelled_at", models.DateTimeField(blank=True, null=True)),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="取消的原因")),
                (
                    "closed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "columns",
                    models.ManyToManyField(
                        blank=True, related_name="+", to="content.column", verbose_name="只查这些栏目"
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "sites",
                    models.ManyToManyField(related_name="inspections", to="estate.site", verbose_name="检查的网站"),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="identity.organisation",
                        verbose_name="组织单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "保密安全检查",
                "verbose_name_plural": "保密安全检查",
                "ordering": ["-held_on", "-pk"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="InspectedItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", models.PositiveSmallIntegerField()),
                (
                    "result",
                    models.CharField(
                        blank=True, choices=[("clean", "未发现问题"), ("problem", "有问题")], max_length=8
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=300)),
                ("recorded_at", models.DateTimeField(blank=True, null=True)),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="content.record"
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="estate.site"),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="review.version"
                    ),
                ),
                (
                    "inspection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="items", to="review.inspection"
                    ),
                ),
            ],
            options={
                "verbose_name": "抽查件",
                "verbose_name_plural": "抽查件",
                "ordering": ["place"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="InspectionFinding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("secret", "国家秘密、工作秘密"),
                            ("internal", "内部信息"),
                            ("personal", "个人信息"),
                            ("commercial", "商业秘密"),
                            ("security", "安全问题"),
                            ("other", "其他"),
                        ],
                        max_length=10,
                        verbose_name="性质",
                    ),
                ),
                ("what", models.TextField(verbose_name="问题和位置")),
                ("demand", models.TextField(verbose_name="要求")),
                ("recorded_at", models.DateTimeField()),
                ("answer", models.TextField(blank=True, verbose_name="处理情况")),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("returned", models.CharField(blank=True, max_length=300, verbose_name="没有确认的原因")),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "closed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="findings", to="review.inspecteditem"
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="inspection_findings",
                        to="estate.site",
                    ),
                ),
            ],
            options={
                "verbose_name": "检查发现的问题",
                "verbose_name_plural": "检查发现的问题",
                "ordering": ["recorded_at", "pk"],
                "default_permissions": (),
            },
        ),
        migrations.AddConstraint(
            model_name="inspection",
            constraint=models.CheckConstraint(
                condition=models.Q(("public_from__lte", models.F("public_until"))), name="inspection_days_in_order"
            ),
        ),
        migrations.AddConstraint(
            model_name="inspection",
            constraint=models.CheckConstraint(condition=models.Q(("size__gte", 1)), name="inspection_size_positive"),
        ),
        migrations.AddConstraint(
            model_name="inspecteditem",
            constraint=models.UniqueConstraint(fields=("inspection", "record"), name="inspected_once"),
        ),
        migrations.AddIndex(
            model_name="inspectionfinding",
            index=models.Index(
                condition=models.Q(("closed_at__isnull", True)), fields=["site"], name="inspection_finding_open"
            ),
        ),
    ]
