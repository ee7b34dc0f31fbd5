import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="AuditEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sequence", models.PositiveBigIntegerField(unique=True, verbose_name="序号")),
                ("at", models.DateTimeField(verbose_name="时间")),
                ("code", models.CharField(max_length=60, verbose_name="事件")),
                ("actor_kind", models.CharField(max_length=10, verbose_name="主体类别")),
                ("actor_key", models.CharField(max_length=80, verbose_name="主体")),
                ("actor_name", models.CharField(max_length=80, verbose_name="姓名")),
                ("actor_unit", models.CharField(blank=True, max_length=120, verbose_name="单位")),
                ("site", models.CharField(blank=True, max_length=120, verbose_name="网站")),
                ("subject", models.CharField(max_length=120, verbose_name="对象")),
                ("data", models.JSONField(default=dict, verbose_name="内容")),
                ("previous", models.CharField(max_length=64)),
                ("digest", models.CharField(max_length=64, unique=True)),
            ],
            options={
                "verbose_name": "审计记录",
                "verbose_name_plural": "审计记录",
                "ordering": ["-sequence"],
                "indexes": [
                    models.Index(fields=["site", "-sequence"], name="audit_site"),
                    models.Index(fields=["subject", "-sequence"], name="audit_subject"),
                    models.Index(fields=["actor_key", "-sequence"], name="audit_actor"),
                ],
            },
        ),
        migrations.CreateModel(
            name="OutboxMessage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("delivered_at", models.DateTimeField(blank=True, null=True)),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("next_try_at", models.DateTimeField()),
                ("problem", models.TextField(blank=True)),
                (
                    "event",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="message", to="foundation.auditevent"
                    ),
                ),
            ],
            options={
                "verbose_name": "待发事件",
                "verbose_name_plural": "待发事件",
                "indexes": [
                    models.Index(
                        condition=models.Q(("delivered_at__isnull", True)),
                        fields=["next_try_at"],
                        name="outbox_waiting",
                    )
                ],
            },
        ),
    ]
