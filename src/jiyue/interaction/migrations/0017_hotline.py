import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from jiyue.foundation.append_only import protect


class Migration(migrations.Migration):
    dependencies = [
        ("content", "0028_leader_persons"),
        ("estate", "0008_service_entries"),
        ("identity", "0005_sign_ins"),
        ("interaction", "0016_comments"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="letteraccount",
            name="channel",
            field=models.CharField(blank=True, default="", max_length=10, verbose_name="来源"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="unitfigures",
            name="channels",
            field=models.JSONField(default=dict, verbose_name="分来源合计"),
        ),
        migrations.AlterField(
            model_name="case",
            name="source",
            field=models.CharField(
                choices=[
                    ("web", "网站"),
                    ("superior", "上级转办"),
                    ("platform", "国家找错平台"),
                    ("hotline", "热线电话"),
                    ("paper", "来信来访"),
                    ("account", "新媒体账号"),
                ],
                default="web",
                max_length=10,
                verbose_name="来源",
            ),
        ),
        migrations.AlterField(
            model_name="replymark",
            name="fault",
            field=models.CharField(
                choices=[("empty", "空洞"), ("evasive", "推诿"), ("off_topic", "答非所问"), ("cold", "冷漠生硬")],
                max_length=10,
                verbose_name="问题",
            ),
        ),
        migrations.AlterField(
            model_name="casestep",
            name="act",
            field=models.CharField(
                choices=[
                    ("receive", "收到来信"),
                    ("register", "登记来信"),
                    ("accept", "受理"),
                    ("return", "不予受理"),
                    ("assign", "分办"),
                    ("name", "指定承办人"),
                    ("identify", "核定被举报单位"),
                    ("transfer", "转办"),
                    ("ask", "请来信人补充"),
                    ("go_on", "不再等待补充"),
                    ("help", "请单位协办"),
                    ("opinion", "协办意见"),
                    ("extend", "延期"),
                    ("merge", "并案"),
                    ("split", "拆分"),
                    ("draft", "起草答复"),
                    ("submit", "答复送审"),
                    ("approve", "答复审核通过"),
                    ("send_back", "退回答复"),
                    ("forward", "报上一级"),
                    ("release", "批准答复"),
                    ("send", "发出答复"),
                    ("close", "办结"),
                    ("uphold", "维持答复"),
                    ("redo", "重新办理"),
                    ("supplement", "来信人补充"),
                    ("withdraw", "来信人撤回"),
                    ("rate", "来信人评价"),
                    ("dispute", "来信人提出异议"),
                    ("reopen", "来信人要求重办"),
                    ("present", "呈批"),
                    ("take_back", "撤回呈批"),
                    ("instruct", "批示"),
                    ("announce", "批示（告知来信人）"),
                    ("carry_out", "批示已落实"),
                    ("call", "来电补充"),
                    ("tell", "登记答复送达"),
                ],
                max_length=12,
                verbose_name="步骤",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("parent", None),
                    ("source__in", ["account", "hotline"]),
                    models.Q(("outer_number", ""), _negated=True),
                ),
                fields=("source", "handed_by", "outer_number"),
                name="case_outer_once_each",
            ),
        ),
        migrations.CreateModel(
            name="AnswerGiven",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("phone", "电话回复"),
                            ("visit", "当面回复"),
                            ("post", "书面寄送"),
                            ("account", "在账号上回复"),
                            ("site", "联系不上，凭查询码在网站查看"),
                        ],
                        max_length=8,
                        verbose_name="方式",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="回复时间")),
                ("person", models.CharField(max_length=40, verbose_name="回复人")),
                ("link", models.CharField(blank=True, max_length=500, verbose_name="链接")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="说明")),
                ("recorded_at", models.DateTimeField(verbose_name="登记时间")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="given",
                        to="interaction.case",
                        verbose_name="信件",
                    ),
                ),
            ],
            options={
                "verbose_name": "答复送达",
                "verbose_name_plural": "答复送达",
                "default_permissions": (),
                "indexes": [models.Index(fields=["case", "id"], name="answer_given_case")],
            },
        ),
        protect("interaction_answergiven"),
    ]
