import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("content", "0001_initial"),
        ("estate", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Batch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("identity", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("name", models.CharField(max_length=120, verbose_name="批次名称")),
                ("report", models.JSONField(default=dict)),
                ("sample", models.JSONField(default=list)),
                ("created_at", models.DateTimeField()),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="batches", to="estate.site"
                    ),
                ),
            ],
            options={
                "verbose_name": "导入批次",
                "verbose_name_plural": "导入批次",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Review",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "act",
                    models.CharField(
                        choices=[
                            ("publish", "发布"),
                            ("correct", "更正"),
                            ("withdraw", "撤下"),
                            ("structure", "网站设置"),
                            ("batch", "批量签发"),
                        ],
                        default="publish",
                        max_length=10,
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "审核中"),
                            ("signed_off", "已签发"),
                            ("returned", "已退回"),
                            ("recalled", "已撤回送审"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("levels", models.JSONField()),
                (
                    "level",
                    models.CharField(
                        blank=True,
                        choices=[("secrecy", "保密审查"), ("first", "初审"), ("second", "复审"), ("final", "终审")],
                        max_length=10,
                    ),
                ),
                ("emergency", models.BooleanField(default=False)),
                ("submitted_at", models.DateTimeField()),
                ("waiting_since", models.DateTimeField()),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                ("publish_at", models.DateTimeField(blank=True, null=True)),
                ("instruction", models.JSONField(default=dict)),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="reviews", to="estate.site"
                    ),
                ),
                (
                    "submitted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "送审",
                "verbose_name_plural": "送审",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "level",
                    models.CharField(
                        choices=[("secrecy", "保密审查"), ("first", "初审"), ("second", "复审"), ("final", "终审")],
                        max_length=10,
                    ),
                ),
                ("answer", models.CharField(choices=[("approve", "通过"), ("return", "退回")], max_length=10)),
                ("reviewer_name", models.CharField(max_length=80)),
                ("reviewer_unit", models.CharField(blank=True, max_length=120)),
                ("version_digest", models.CharField(max_length=64)),
                ("gates", models.JSONField(default=list)),
                ("principle", models.CharField(blank=True, max_length=20)),
                ("reason", models.TextField(blank=True)),
                ("at", models.DateTimeField()),
                ("seal", models.CharField(max_length=120)),
                (
                    "reviewer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="decisions", to="review.review"
                    ),
                ),
            ],
            options={
                "verbose_name": "审核意见",
                "verbose_name_plural": "审核意见",
                "ordering": ["at", "pk"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Version",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "subject",
                    models.CharField(
                        choices=[("record", "稿件"), ("structure", "网站设置与栏目"), ("batch", "导入批次")],
                        max_length=10,
                    ),
                ),
                ("identity", models.UUIDField(db_index=True)),
                ("number", models.PositiveIntegerField()),
                ("content", models.TextField()),
                ("digest", models.CharField(max_length=64)),
                ("writers", models.JSONField(default=list)),
                ("created_at", models.DateTimeField()),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="content.record",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="estate.site"),
                ),
            ],
            options={
                "verbose_name": "版本",
                "verbose_name_plural": "版本",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="SignOff",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sequence", models.PositiveBigIntegerField(unique=True)),
                (
                    "act",
                    models.CharField(
                        choices=[
                            ("publish", "发布"),
                            ("correct", "更正"),
                            ("withdraw", "撤下"),
                            ("structure", "网站设置"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "subject",
                    models.CharField(
                        choices=[("record", "稿件"), ("structure", "网站设置与栏目"), ("batch", "导入批次")],
                        max_length=10,
                    ),
                ),
                ("identity", models.UUIDField(db_index=True)),
                ("version_digest", models.CharField(max_length=64)),
                ("signers", models.JSONField()),
                ("instruction", models.JSONField(default=dict)),
                ("signed_at", models.DateTimeField()),
                ("effective_at", models.DateTimeField()),
                ("previous", models.CharField(max_length=64)),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("seal", models.CharField(max_length=120)),
                (
                    "batch",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sign_offs",
                        to="review.batch",
                    ),
                ),
                (
                    "review",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sign_offs",
                        to="review.review",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="sign_offs", to="estate.site"
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="sign_offs", to="review.version"
                    ),
                ),
            ],
            options={
                "verbose_name": "签发记录",
                "verbose_name_plural": "签发台账",
                "ordering": ["sequence"],
                "default_permissions": (),
            },
        ),
        migrations.AddField(
            model_name="review",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="reviews", to="review.version"
            ),
        ),
        migrations.CreateModel(
            name="ReviewRoute",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "content_class",
                    models.CharField(
                        blank=True, help_text="留空表示其余全部类别", max_length=16, verbose_name="内容类别"
                    ),
                ),
                ("levels", models.JSONField(default=list, verbose_name="审核环节")),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="review_routes",
                        to="estate.site",
                        verbose_name="网站",
                    ),
                ),
            ],
            options={
                "verbose_name": "审核流程",
                "verbose_name_plural": "审核流程",
                "constraints": [models.UniqueConstraint(fields=("site", "content_class"), name="route_once")],
            },
        ),
        migrations.AddConstraint(
            model_name="version",
            constraint=models.UniqueConstraint(fields=("identity", "number"), name="version_number_once"),
        ),
        migrations.AddIndex(
            model_name="signoff",
            index=models.Index(fields=["site", "sequence"], name="signoff_site"),
        ),
        migrations.AddIndex(
            model_name="signoff",
            index=models.Index(fields=["identity", "-sequence"], name="signoff_identity"),
        ),
        migrations.AddIndex(
            model_name="signoff",
            index=models.Index(fields=["site", "effective_at"], name="signoff_effective"),
        ),
        migrations.AddIndex(
            model_name="review",
            index=models.Index(
                condition=models.Q(("status", "open")),
                fields=["site", "level", "-emergency", "waiting_since"],
                name="review_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "open")), fields=("version", "act"), name="review_open_once"
            ),
        ),
    ]
