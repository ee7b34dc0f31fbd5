import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("content", "0002_initial"),
        ("estate", "0002_initial"),
        ("review", "0002_append_only"),
    ]

    operations = [
        migrations.CreateModel(
            name="ColumnTotal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("total", models.PositiveIntegerField(default=0)),
                ("seal", models.CharField(max_length=120)),
                (
                    "column",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="public_total", to="content.column"
                    ),
                ),
            ],
            options={
                "verbose_name": "栏目公开条目数",
                "verbose_name_plural": "栏目公开条目数",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="PublicItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("identity", models.UUIDField()),
                ("kind", models.CharField(max_length=16)),
                (
                    "state",
                    models.CharField(
                        choices=[("shown", "公开"), ("repealed", "已废止"), ("gone", "已撤下"), ("moved", "已合并")],
                        max_length=10,
                    ),
                ),
                ("version_digest", models.CharField(max_length=64)),
                ("serial", models.PositiveBigIntegerField()),
                ("address", models.CharField(max_length=300)),
                ("published_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("seal", models.CharField(max_length=120)),
                (
                    "column",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="public_items", to="content.column"
                    ),
                ),
                (
                    "sign_off",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="review.signoff"
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="public_items", to="estate.site"
                    ),
                ),
            ],
            options={
                "verbose_name": "公开条目",
                "verbose_name_plural": "公开条目",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="ItemLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("target", models.UUIDField(db_index=True)),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="links", to="publishing.publicitem"
                    ),
                ),
            ],
            options={
                "verbose_name": "解读关系",
                "verbose_name_plural": "解读关系",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="SitePublication",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("look", models.CharField(blank=True, max_length=64)),
                ("release", models.PositiveIntegerField(default=0)),
                ("released_at", models.DateTimeField(null=True)),
                ("held_since", models.DateTimeField(blank=True, null=True, verbose_name="暂停发布时间")),
                ("held_reason", models.CharField(blank=True, max_length=200, verbose_name="暂停原因")),
                ("problem", models.TextField(blank=True)),
                ("next_change_at", models.DateTimeField(blank=True, null=True)),
                (
                    "site",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="publication", to="estate.site"
                    ),
                ),
                (
                    "structure",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="review.signoff"
                    ),
                ),
            ],
            options={
                "verbose_name": "网站发布状态",
                "verbose_name_plural": "网站发布状态",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Incident",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("mirror", "后台状态与台账不一致"),
                            ("seal", "记录的封签不符"),
                            ("ledger", "台账不完整"),
                            ("deploy", "发布目录异常"),
                            ("disk", "磁盘空间不足"),
                        ],
                        max_length=10,
                        verbose_name="类型",
                    ),
                ),
                ("subject", models.CharField(max_length=160, verbose_name="对象")),
                ("what", models.TextField(verbose_name="情况")),
                ("done", models.TextField(blank=True, verbose_name="处理")),
                ("found_at", models.DateTimeField(verbose_name="发现时间")),
                ("times", models.PositiveIntegerField(default=1, verbose_name="次数")),
                ("last_at", models.DateTimeField(verbose_name="最近一次")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="关闭时间")),
                (
                    "site",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="publishing_incidents",
                        to="estate.site",
                    ),
                ),
            ],
            options={
                "verbose_name": "发布异常",
                "verbose_name_plural": "发布异常",
                "ordering": ["-last_at"],
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("closed_at__isnull", True)),
                        fields=("kind", "subject"),
                        name="incident_open_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ListPage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("from_at", models.DateTimeField(null=True)),
                ("from_serial", models.PositiveBigIntegerField(default=0)),
                ("until_at", models.DateTimeField()),
                ("until_serial", models.PositiveBigIntegerField()),
                (
                    "column",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="list_pages", to="content.column"
                    ),
                ),
            ],
            options={
                "verbose_name": "列表页",
                "verbose_name_plural": "列表页",
                "ordering": ["column", "number"],
                "default_permissions": (),
                "constraints": [models.UniqueConstraint(fields=("column", "number"), name="list_page_once")],
            },
        ),
        migrations.CreateModel(
            name="PageRead",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("address", models.CharField(max_length=300)),
                ("key", models.CharField(max_length=80)),
                (
                    "site",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="estate.site"),
                ),
            ],
            options={
                "verbose_name": "页面依赖",
                "verbose_name_plural": "页面依赖",
                "default_permissions": (),
                "indexes": [models.Index(fields=["site", "key"], name="page_read_key")],
                "constraints": [models.UniqueConstraint(fields=("site", "address", "key"), name="page_read_once")],
            },
        ),
        migrations.CreateModel(
            name="Publication",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "等待发布"),
                            ("baked", "已生成"),
                            ("deployed", "已发布"),
                            ("failed", "发布失败"),
                        ],
                        default="waiting",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("attempts", models.PositiveIntegerField(default=0, verbose_name="尝试次数")),
                ("problem", models.TextField(blank=True, verbose_name="问题")),
                ("next_try_at", models.DateTimeField(blank=True, null=True)),
                ("baked_at", models.DateTimeField(blank=True, null=True, verbose_name="生成时间")),
                ("deployed_at", models.DateTimeField(blank=True, null=True, verbose_name="发布时间")),
                ("release", models.PositiveIntegerField(blank=True, null=True, verbose_name="发布批次")),
                (
                    "sign_off",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="publication", to="review.signoff"
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="publications", to="estate.site"
                    ),
                ),
            ],
            options={
                "verbose_name": "发布任务",
                "verbose_name_plural": "发布任务",
                "default_permissions": (),
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "deployed"), _negated=True),
                        fields=["site", "sign_off"],
                        name="publication_open",
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="publicitem",
            index=models.Index(
                condition=models.Q(("state__in", ["shown", "repealed"])),
                fields=["column", "-published_at", "-serial"],
                name="public_item_list",
            ),
        ),
        migrations.AddIndex(
            model_name="publicitem",
            index=models.Index(
                condition=models.Q(("state__in", ["shown", "repealed"])),
                fields=["site", "kind", "-published_at", "-serial"],
                name="public_item_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="publicitem",
            constraint=models.UniqueConstraint(fields=("site", "identity"), name="public_item_once"),
        ),
        migrations.AddConstraint(
            model_name="publicitem",
            constraint=models.UniqueConstraint(fields=("site", "address"), name="public_address_once"),
        ),
        migrations.AddConstraint(
            model_name="itemlink",
            constraint=models.UniqueConstraint(fields=("item", "target"), name="item_link_once"),
        ),
    ]
