import re

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Appointment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("editor", "编辑"),
                            ("first_reviewer", "初审人"),
                            ("second_reviewer", "复审人"),
                            ("final_reviewer", "终审人"),
                            ("secrecy_reviewer", "保密审查人"),
                            ("site_manager", "网站管理员"),
                        ],
                        max_length=20,
                        verbose_name="角色",
                    ),
                ),
            ],
            options={
                "verbose_name": "网站任职",
                "verbose_name_plural": "网站任职",
            },
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("opening", "开通公告"),
                            ("migration", "迁移公告"),
                            ("closure", "关停公告"),
                            ("offline", "临时下线公告"),
                            ("pause", "暂停服务公告"),
                            ("emergency", "应急公告"),
                        ],
                        max_length=12,
                        verbose_name="类型",
                    ),
                ),
                ("text", models.CharField(max_length=300, verbose_name="内容")),
                ("starts_at", models.DateTimeField(verbose_name="开始时间")),
                ("until", models.DateTimeField(verbose_name="结束时间")),
            ],
            options={
                "verbose_name": "网站公告",
                "verbose_name_plural": "网站公告",
                "ordering": ["starts_at"],
            },
        ),
        migrations.CreateModel(
            name="Site",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "name",
                    models.CharField(
                        help_text="以机构全称命名，例如“澄湖市人民政府”", max_length=80, verbose_name="网站名称"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("portal", "政府门户网站"), ("department", "部门网站"), ("subsite", "分站")],
                        max_length=12,
                        verbose_name="网站类型",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("preparing", "筹备中"),
                            ("online", "运行中"),
                            ("offline", "临时下线"),
                            ("closed", "已关停"),
                        ],
                        default="preparing",
                        editable=False,
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                (
                    "host",
                    models.CharField(
                        max_length=120,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                re.compile("^(?=.{1,120}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z0-9-]{2,63}$"),
                                "请填写小写的完整域名，例如 www.example.gov.cn",
                            )
                        ],
                        verbose_name="域名",
                    ),
                ),
                ("serves_public", models.BooleanField(default=False, verbose_name="提供办事服务")),
                ("identification_code", models.CharField(blank=True, max_length=20, verbose_name="网站标识码")),
                ("icp_number", models.CharField(blank=True, max_length=40, verbose_name="ICP备案号")),
                ("police_number", models.CharField(blank=True, max_length=40, verbose_name="公安备案号")),
                (
                    "party_mark",
                    models.CharField(blank=True, help_text="标识编号", max_length=60, verbose_name="党政机关网站标识"),
                ),
                ("contact", models.CharField(blank=True, max_length=120, verbose_name="联系方式")),
                ("address", models.CharField(blank=True, max_length=120, verbose_name="联系地址")),
                (
                    "error_report_url",
                    models.URLField(
                        blank=True,
                        help_text="“我为政府网站找错”的链接地址",
                        max_length=300,
                        verbose_name="网站找错入口",
                    ),
                ),
                (
                    "colour",
                    models.CharField(
                        default="#0b3d91",
                        max_length=7,
                        validators=[django.core.validators.RegexValidator("^#[0-9a-f]{6}$")],
                        verbose_name="主色",
                    ),
                ),
                ("blocks", models.JSONField(default=list, verbose_name="功能")),
                ("mourning_from", models.DateTimeField(blank=True, null=True, verbose_name="哀悼模式开始")),
                ("mourning_until", models.DateTimeField(blank=True, null=True, verbose_name="哀悼模式结束")),
            ],
            options={
                "verbose_name": "网站",
                "verbose_name_plural": "网站",
                "ordering": ["pk"],
            },
        ),
    ]
