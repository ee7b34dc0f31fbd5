import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("estate", "0001_initial"),
        ("identity", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="appointment",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="appointments",
                to=settings.AUTH_USER_MODEL,
                verbose_name="账号",
            ),
        ),
        migrations.AddField(
            model_name="site",
            name="operator",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="operated_sites",
                to="identity.organisation",
                verbose_name="承办单位",
            ),
        ),
        migrations.AddField(
            model_name="site",
            name="owner",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="sites",
                to="identity.organisation",
                verbose_name="主办单位",
            ),
        ),
        migrations.AddField(
            model_name="site",
            name="superior_site",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="group",
                to="estate.site",
                verbose_name="上级网站",
            ),
        ),
        migrations.AddField(
            model_name="notice",
            name="site",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="notices",
                to="estate.site",
                verbose_name="网站",
            ),
        ),
        migrations.AddField(
            model_name="appointment",
            name="site",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="appointments",
                to="estate.site",
                verbose_name="网站",
            ),
        ),
        migrations.AddConstraint(
            model_name="site",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    models.Q(("status", "closed"), _negated=True), models.Q(("kind", "subsite"), _negated=True)
                ),
                fields=("owner",),
                name="site_one_per_owner",
            ),
        ),
        migrations.AddConstraint(
            model_name="site",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("mourning_until__isnull", True), ("mourning_from__lt", models.F("mourning_until")), _connector="OR"
                ),
                name="site_mourning_ends_after_start",
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(("starts_at__lt", models.F("until"))), name="notice_ends_after_start"
            ),
        ),
        migrations.AddIndex(
            model_name="appointment",
            index=models.Index(fields=["user", "role"], name="appointment_user_role"),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "role__in",
                        [
                            "editor",
                            "final_reviewer",
                            "first_reviewer",
                            "second_reviewer",
                            "secrecy_reviewer",
                            "site_manager",
                        ],
                    )
                ),
                name="appointment_site_role",
            ),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=models.UniqueConstraint(fields=("user", "site", "role"), name="appointment_once"),
        ),
    ]
