import django.contrib.auth.models
import django.contrib.auth.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.CreateModel(
            name="User",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                (
                    "username",
                    models.CharField(
                        error_messages={"unique": "A user with that username already exists."},
                        help_text="Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.",
                        max_length=150,
                        unique=True,
                        validators=[django.contrib.auth.validators.UnicodeUsernameValidator()],
                        verbose_name="username",
                    ),
                ),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="email address")),
                (
                    "is_staff",
                    models.BooleanField(
                        default=False,
                        help_text="Designates whether the user can log into this admin site.",
                        verbose_name="staff status",
                    ),
                ),
                (
                    "is_active",
                    models.BooleanField(
                        default=True,
                        help_text="Designates whether this user should be treated as active. Unselect this instead of deleting accounts.",
                        verbose_name="active",
                    ),
                ),
                ("date_joined", models.DateTimeField(default=django.utils.timezone.now, verbose_name="date joined")),
                ("name", models.CharField(max_length=40, verbose_name="姓名")),
                (
                    "duty",
                    models.CharField(
                        choices=[
                            ("administering", "系统管理"),
                            ("editing", "内容编辑"),
                            ("reviewing", "内容审核"),
                            ("supervising", "监督"),
                        ],
                        max_length=15,
                        verbose_name="职责类别",
                    ),
                ),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
            ],
            options={
                "verbose_name": "账号",
                "verbose_name_plural": "账号",
            },
            managers=[
                ("objects", django.contrib.auth.models.UserManager()),
            ],
        ),
        migrations.CreateModel(
            name="Organisation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120, verbose_name="单位全称")),
                ("short_name", models.CharField(blank=True, max_length=40, verbose_name="简称")),
                (
                    "code",
                    models.CharField(
                        help_text="9 位组织机构代码或 18 位统一社会信用代码",
                        max_length=18,
                        unique=True,
                        verbose_name="机构代码",
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("nation", "国家级"),
                            ("province", "省级"),
                            ("city", "市级"),
                            ("county", "县级"),
                            ("township", "乡级"),
                        ],
                        max_length=10,
                        verbose_name="行政层级",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("government", "人民政府"),
                            ("department", "政府部门"),
                            ("dispatched", "派出机构"),
                            ("institution_administrative", "承担行政职能的事业单位"),
                            ("institution", "其他事业单位"),
                            ("township", "乡镇（街道）"),
                            ("development_zone", "管委会"),
                            ("party", "党委机构"),
                            ("congress", "人大机关"),
                            ("consultative", "政协机关"),
                            ("court", "法院"),
                            ("procuratorate", "检察院"),
                            ("social", "社会组织"),
                        ],
                        max_length=30,
                        verbose_name="单位类型",
                    ),
                ),
                ("division_code", models.CharField(blank=True, max_length=12, verbose_name="行政区划代码")),
                ("lineage", models.CharField(default="/", editable=False, max_length=400)),
                ("vertical_lineage", models.CharField(blank=True, default="", editable=False, max_length=400)),
                (
                    "superior",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="subordinates",
                        to="identity.organisation",
                        verbose_name="属地上级",
                    ),
                ),
                (
                    "vertical_superior",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="vertical_subordinates",
                        to="identity.organisation",
                        verbose_name="垂直管理上级",
                    ),
                ),
            ],
            options={
                "verbose_name": "单位",
                "verbose_name_plural": "单位",
                "ordering": ["lineage", "code"],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        choices=[("operator", "平台运维"), ("supervisor", "监管人员"), ("auditor", "审计人员")],
                        max_length=20,
                        verbose_name="角色",
                    ),
                ),
                (
                    "chain",
                    models.CharField(
                        choices=[("territorial", "属地"), ("vertical", "垂直管理")],
                        default="territorial",
                        max_length=12,
                        verbose_name="沿用的上下级关系",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="账号",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        help_text="留空表示全平台",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="identity.organisation",
                        verbose_name="范围",
                    ),
                ),
            ],
            options={
                "verbose_name": "平台任职",
                "verbose_name_plural": "平台任职",
            },
        ),
        migrations.AddField(
            model_name="user",
            name="organisation",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="people",
                to="identity.organisation",
                verbose_name="所在单位",
            ),
        ),
        migrations.AddIndex(
            model_name="organisation",
            index=models.Index(fields=["lineage"], name="organisation_lineage"),
        ),
        migrations.AddConstraint(
            model_name="organisation",
            constraint=models.CheckConstraint(
                condition=models.Q(("superior", models.F("id")), _negated=True), name="organisation_not_own_superior"
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(("role__in", ["auditor", "operator", "supervisor"])), name="membership_platform_role"
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.UniqueConstraint(fields=("user", "role", "organisation"), name="membership_once"),
        ),
    ]
