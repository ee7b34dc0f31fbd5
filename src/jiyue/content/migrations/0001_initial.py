import uuid

import django.core.validators
import django.db.models.deletion
import modelsearch.index
import wagtail.fields
import wagtail.images.models
import wagtail.models.preview
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Record",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("locked", models.BooleanField(default=False, editable=False, verbose_name="locked")),
                ("locked_at", models.DateTimeField(editable=False, null=True, verbose_name="locked at")),
                ("identity", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("article", "文章"),
                            ("notice", "公告"),
                            ("policy_document", "政策文件"),
                            ("interpretation", "政策解读"),
                            ("leader", "领导信息"),
                            ("institution", "机构信息"),
                            ("topic", "专题"),
                            ("gallery", "图片视频"),
                            ("plain_page", "单页"),
                        ],
                        editable=False,
                        max_length=16,
                        verbose_name="类型",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "草稿"),
                            ("secrecy", "待保密审查"),
                            ("first", "待初审"),
                            ("second", "待复审"),
                            ("final", "待终审"),
                            ("returned", "已退回"),
                            ("signed_off", "已签发"),
                            ("published", "已发布"),
                            ("failed", "发布失败"),
                            ("withdrawn", "已撤下"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                (
                    "emergency",
                    models.BooleanField(
                        default=False,
                        help_text="在每一级审核人的清单里排在最前，审核环节不减少",
                        verbose_name="应急信息",
                    ),
                ),
                ("title", models.CharField(max_length=200, verbose_name="标题")),
                ("subtitle", models.CharField(blank=True, max_length=200, verbose_name="副标题")),
                (
                    "source",
                    models.CharField(
                        blank=True, help_text="稿件的出处，例如“市政府办公室”", max_length=80, verbose_name="来源"
                    ),
                ),
                ("author", models.CharField(blank=True, max_length=40, verbose_name="作者")),
                (
                    "keywords",
                    models.CharField(blank=True, help_text="用逗号分开", max_length=200, verbose_name="关键词"),
                ),
                ("summary", models.TextField(blank=True, max_length=500, verbose_name="摘要")),
                ("cover_alt", models.CharField(blank=True, max_length=200, verbose_name="题图替代文字")),
                (
                    "body",
                    wagtail.fields.StreamField(
                        [
                            ("paragraph", 0),
                            ("heading", 3),
                            ("list", 7),
                            ("table", 8),
                            ("image", 13),
                            ("attachment", 16),
                            ("quotation", 19),
                            ("video", 24),
                            ("audio", 26),
                            ("official", 35),
                        ],
                        blank=True,
                        block_lookup={
                            0: (
                                "wagtail.blocks.RichTextBlock",
                                (),
                                {
                                    "features": ["bold", "italic", "superscript", "subscript", "link"],
                                    "icon": "pilcrow",
                                    "label": "段落",
                                },
                            ),
                            1: ("wagtail.blocks.CharBlock", (), {"label": "标题文字", "max_length": 120}),
                            2: (
                                "wagtail.blocks.ChoiceBlock",
                                [],
                                {"choices": [("2", "一级标题"), ("3", "二级标题"), ("4", "三级标题")], "label": "级别"},
                            ),
                            3: ("wagtail.blocks.StructBlock", [[("text", 1), ("level", 2)]], {}),
                            4: ("wagtail.blocks.BooleanBlock", (), {"label": "编号列表", "required": False}),
                            5: (
                                "wagtail.blocks.RichTextBlock",
                                (),
                                {"features": ["bold", "italic", "superscript", "subscript", "link"], "label": "条目"},
                            ),
                            6: ("wagtail.blocks.ListBlock", (5,), {"label": "条目"}),
                            7: ("wagtail.blocks.StructBlock", [[("ordered", 4), ("items", 6)]], {}),
                            8: (
                                "wagtail.contrib.table_block.blocks.TableBlock",
                                (),
                                {"icon": "table", "label": "表格", "table_options": {}},
                            ),
                            9: ("wagtail.images.blocks.ImageChooserBlock", (), {"label": "图片"}),
                            10: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {
                                    "help_text": "读给看不见图片的人听的话",
                                    "label": "替代文字",
                                    "max_length": 200,
                                    "required": False,
                                },
                            ),
                            11: (
                                "wagtail.blocks.BooleanBlock",
                                (),
                                {"label": "仅作装饰，不需要替代文字", "required": False},
                            ),
                            12: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {"label": "图片说明", "max_length": 200, "required": False},
                            ),
                            13: (
                                "wagtail.blocks.StructBlock",
                                [[("image", 9), ("alt", 10), ("decorative", 11), ("caption", 12)]],
                                {},
                            ),
                            14: ("wagtail.documents.blocks.DocumentChooserBlock", (), {"label": "文件"}),
                            15: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {"label": "显示名称", "max_length": 120, "required": False},
                            ),
                            16: ("wagtail.blocks.StructBlock", [[("document", 14), ("title", 15)]], {}),
                            17: ("wagtail.blocks.TextBlock", (), {"label": "引文"}),
                            18: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {"label": "出处", "max_length": 120, "required": False},
                            ),
                            19: ("wagtail.blocks.StructBlock", [[("text", 17), ("attribution", 18)]], {}),
                            20: ("wagtail.documents.blocks.DocumentChooserBlock", (), {"label": "视频文件"}),
                            21: ("wagtail.images.blocks.ImageChooserBlock", (), {"label": "封面", "required": False}),
                            22: ("wagtail.blocks.CharBlock", (), {"label": "标题", "max_length": 120}),
                            23: ("wagtail.blocks.TextBlock", (), {"label": "文字稿"}),
                            24: (
                                "wagtail.blocks.StructBlock",
                                [[("media", 20), ("poster", 21), ("title", 22), ("transcript", 23)]],
                                {},
                            ),
                            25: ("wagtail.documents.blocks.DocumentChooserBlock", (), {"label": "音频文件"}),
                            26: (
                                "wagtail.blocks.StructBlock",
                                [[("media", 25), ("title", 22), ("transcript", 23)]],
                                {},
                            ),
                            27: ("wagtail.blocks.CharBlock", (), {"label": "公文标题", "max_length": 200}),
                            28: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {"label": "发文字号", "max_length": 60, "required": False},
                            ),
                            29: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {"label": "主送机关", "max_length": 300, "required": False},
                            ),
                            30: (
                                "wagtail.blocks.RichTextBlock",
                                (),
                                {
                                    "features": ["bold", "italic", "superscript", "subscript", "link"],
                                    "label": "公文正文",
                                },
                            ),
                            31: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {"label": "发文机关署名", "max_length": 120, "required": False},
                            ),
                            32: ("wagtail.blocks.DateBlock", (), {"label": "成文日期", "required": False}),
                            33: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {"label": "附注", "max_length": 200, "required": False},
                            ),
                            34: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {"label": "抄送机关", "max_length": 300, "required": False},
                            ),
                            35: (
                                "wagtail.blocks.StructBlock",
                                [
                                    [
                                        ("title", 27),
                                        ("document_number", 28),
                                        ("addressee", 29),
                                        ("body", 30),
                                        ("signature", 31),
                                        ("date", 32),
                                        ("notes", 33),
                                        ("copies", 34),
                                    ]
                                ],
                                {},
                            ),
                        },
                        verbose_name="正文",
                    ),
                ),
                (
                    "openness",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("decision", "决策公开"),
                            ("execution", "执行公开"),
                            ("management", "管理公开"),
                            ("service", "服务公开"),
                            ("result", "结果公开"),
                        ],
                        max_length=12,
                        verbose_name="五公开",
                    ),
                ),
                ("subject_class", models.CharField(blank=True, max_length=60, verbose_name="主题分类")),
                ("form_class", models.CharField(blank=True, max_length=40, verbose_name="体裁分类")),
                ("event_on", models.DateField(blank=True, null=True, verbose_name="事项发生日期")),
                ("original_published_at", models.DateTimeField(blank=True, null=True, verbose_name="原发布时间")),
                ("original_source", models.CharField(blank=True, max_length=120, verbose_name="原来源")),
                ("original_address", models.URLField(blank=True, max_length=400, verbose_name="原网址")),
                ("import_key", models.CharField(blank=True, editable=False, max_length=64)),
                ("created_at", models.DateTimeField(editable=False, verbose_name="录入时间")),
                ("changed_at", models.DateTimeField(editable=False, verbose_name="修改时间")),
            ],
            options={
                "verbose_name": "稿件",
                "verbose_name_plural": "稿件",
                "default_permissions": (),
            },
            bases=(wagtail.models.preview.PreviewableMixin, models.Model),
        ),
        migrations.CreateModel(
            name="Attachment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=255, verbose_name="title")),
                ("file", models.FileField(upload_to="documents", verbose_name="file")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created at")),
                ("file_size", models.PositiveBigIntegerField(editable=False, null=True)),
                ("file_hash", models.CharField(blank=True, editable=False, max_length=40)),
            ],
            options={
                "verbose_name": "附件",
                "verbose_name_plural": "附件",
                "permissions": [],
                "abstract": False,
            },
            bases=(modelsearch.index.Indexed, models.Model),
        ),
        migrations.CreateModel(
            name="Column",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("channel", "频道"),
                            ("overview", "概况"),
                            ("institutions", "机构职能"),
                            ("leaders", "领导信息"),
                            ("policy_documents", "政策文件"),
                            ("news", "政务要闻"),
                            ("interpretations", "政策解读"),
                            ("data", "数据发布"),
                            ("disclosure_guide", "信息公开指南"),
                            ("disclosure_report", "信息公开年报"),
                            ("personnel", "人事信息"),
                            ("notices", "通知公告"),
                            ("plans", "规划计划"),
                            ("topics", "专题"),
                            ("gallery", "图片视频"),
                            ("general", "综合信息"),
                        ],
                        max_length=20,
                        verbose_name="栏目类型",
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("news", "政务动态"),
                            ("openness", "政务公开"),
                            ("services", "政务服务"),
                            ("interaction", "政民互动"),
                            ("topics", "专题专栏"),
                        ],
                        max_length=12,
                        verbose_name="所属频道",
                    ),
                ),
                ("name", models.CharField(max_length=40, verbose_name="栏目名称")),
                (
                    "slug",
                    models.CharField(
                        max_length=40,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$", "请用小写字母、数字和短横线，最多 40 个字符"
                            )
                        ],
                        verbose_name="网址名",
                    ),
                ),
                ("path", models.CharField(editable=False, max_length=200)),
                ("description", models.CharField(blank=True, max_length=200, verbose_name="栏目说明")),
                (
                    "keywords",
                    models.CharField(blank=True, help_text="用逗号分开", max_length=200, verbose_name="关键词"),
                ),
                (
                    "update_class",
                    models.CharField(
                        choices=[
                            ("same_day", "当日更新"),
                            ("daily", "每日更新"),
                            ("working_day", "每个工作日更新"),
                            ("weekly", "每周更新"),
                            ("two_weeks", "两周内更新"),
                            ("half_year", "半年内更新"),
                            ("year", "一年内更新"),
                            ("event", "随事项更新"),
                        ],
                        default="event",
                        max_length=12,
                        verbose_name="更新类别",
                    ),
                ),
                ("position", models.PositiveIntegerField(default=0, verbose_name="次序")),
                ("closed_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="关闭时间")),
            ],
            options={
                "verbose_name": "栏目",
                "verbose_name_plural": "栏目",
                "ordering": ["site", "position", "pk"],
            },
        ),
        migrations.CreateModel(
            name="ColumnLimit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ],
            options={
                "verbose_name": "栏目限定",
                "verbose_name_plural": "栏目限定",
            },
        ),
        migrations.CreateModel(
            name="Picture",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=255, verbose_name="title")),
                (
                    "file",
                    wagtail.images.models.WagtailImageField(
                        height_field="height",
                        upload_to=wagtail.images.models.get_upload_to,
                        verbose_name="file",
                        width_field="width",
                    ),
                ),
                ("description", models.CharField(blank=True, default="", max_length=255, verbose_name="description")),
                ("width", models.IntegerField(editable=False, verbose_name="width")),
                ("height", models.IntegerField(editable=False, verbose_name="height")),
                ("created_at", models.DateTimeField(auto_now_add=True, db_index=True, verbose_name="created at")),
                ("focal_point_x", models.PositiveIntegerField(blank=True, null=True)),
                ("focal_point_y", models.PositiveIntegerField(blank=True, null=True)),
                ("focal_point_width", models.PositiveIntegerField(blank=True, null=True)),
                ("focal_point_height", models.PositiveIntegerField(blank=True, null=True)),
                ("file_size", models.PositiveIntegerField(editable=False, null=True)),
                ("file_hash", models.CharField(blank=True, db_index=True, editable=False, max_length=40)),
                ("rights", models.CharField(blank=True, max_length=120, verbose_name="来源与授权")),
            ],
            options={
                "verbose_name": "图片",
                "verbose_name_plural": "图片",
                "permissions": [],
                "abstract": False,
            },
            bases=(wagtail.images.models.ImageFileMixin, modelsearch.index.Indexed, models.Model),
        ),
        migrations.CreateModel(
            name="PictureRendition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("filter_spec", models.CharField(db_index=True, max_length=255)),
                (
                    "file",
                    wagtail.images.models.WagtailImageField(
                        height_field="height",
                        storage=wagtail.images.models.get_rendition_storage,
                        upload_to=wagtail.images.models.get_rendition_upload_to,
                        width_field="width",
                    ),
                ),
                ("width", models.IntegerField(editable=False)),
                ("height", models.IntegerField(editable=False)),
                ("focal_point_key", models.CharField(blank=True, default="", editable=False, max_length=16)),
            ],
            bases=(wagtail.images.models.ImageFileMixin, models.Model),
        ),
        migrations.CreateModel(
            name="Article",
            fields=[
                (
                    "record_ptr",
                    models.OneToOneField(
                        auto_created=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        serialize=False,
                        to="content.record",
                    ),
                ),
            ],
            options={
                "verbose_name": "文章",
                "verbose_name_plural": "文章",
                "default_permissions": (),
            },
            bases=("content.record",),
        ),
        migrations.CreateModel(
            name="Gallery",
            fields=[
                (
                    "record_ptr",
                    models.OneToOneField(
                        auto_created=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        serialize=False,
                        to="content.record",
                    ),
                ),
            ],
            options={
                "verbose_name": "图片视频",
                "verbose_name_plural": "图片视频",
                "default_permissions": (),
            },
            bases=("content.record",),
        ),
        migrations.CreateModel(
            name="Institution",
            fields=[
                (
                    "record_ptr",
                    models.OneToOneField(
                        auto_created=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        serialize=False,
                        to="content.record",
                    ),
                ),
                ("address", models.CharField(blank=True, max_length=200, verbose_name="办公地址")),
                ("telephone", models.CharField(blank=True, max_length=60, verbose_name="联系电话")),
                ("hours", models.CharField(blank=True, max_length=120, verbose_name="办公时间")),
                ("head", models.CharField(blank=True, max_length=60, verbose_name="负责人")),
                ("position", models.PositiveIntegerField(default=0, verbose_name="排序")),
            ],
            options={
                "verbose_name": "机构信息",
                "verbose_name_plural": "机构信息",
                "default_permissions": (),
            },
            bases=("content.record",),
        ),
        migrations.CreateModel(
            name="Interpretation",
            fields=[
                (
                    "record_ptr",
                    models.OneToOneField(
                        auto_created=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        serialize=False,
                        to="content.record",
                    ),
                ),
                (
                    "form",
                    models.CharField(
                        choices=[
                            ("text", "文字解读"),
                            ("digital", "数字解读"),
                            ("graphic", "图表图解"),
                            ("audio", "音频解读"),
                            ("video", "视频解读"),
                            ("animation", "动漫解读"),
                            ("scene", "场景演示"),
                        ],
                        default="text",
                        max_length=10,
                        verbose_name="解读形式",
                    ),
                ),
            ],
            options={
                "verbose_name": "政策解读",
                "verbose_name_plural": "政策解读",
                "default_permissions": (),
            },
            bases=("content.record",),
        ),
        migrations.CreateModel(
            name="Leader",
            fields=[
                (
                    "record_ptr",
                    models.OneToOneField(
                        auto_created=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        serialize=False,
                        to="content.record",
                    ),
                ),
                ("post", models.CharField(blank=True, max_length=120, verbose_name="职务")),
                ("duties", models.TextField(blank=True, verbose_name="工作分工")),
                ("position", models.PositiveIntegerField(default=0, verbose_name="排序")),
            ],
            options={
                "verbose_name": "领导信息",
                "verbose_name_plural": "领导信息",
                "default_permissions": (),
            },
            bases=("content.record",),
        ),
        migrations.CreateModel(
            name="NoticeItem",
            fields=[
                (
                    "record_ptr",
                    models.OneToOneField(
                        auto_created=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        serialize=False,
                        to="content.record",
                    ),
                ),
                ("valid_until", models.DateField(blank=True, null=True, verbose_name="有效期至")),
            ],
            options={
                "verbose_name": "公告",
                "verbose_name_plural": "公告",
                "default_permissions": (),
            },
            bases=("content.record",),
        ),
        migrations.CreateModel(
            name="PlainPage",
            fields=[
                (
                    "record_ptr",
                    models.OneToOneField(
                        auto_created=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        serialize=False,
                        to="content.record",
                    ),
                ),
            ],
            options={
                "verbose_name": "单页",
                "verbose_name_plural": "单页",
                "default_permissions": (),
            },
            bases=("content.record",),
        ),
        migrations.CreateModel(
            name="PolicyDocument",
            fields=[
                (
                    "record_ptr",
                    models.OneToOneField(
                        auto_created=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        serialize=False,
                        to="content.record",
                    ),
                ),
                (
                    "index_number",
                    models.CharField(
                        blank=True,
                        max_length=29,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^([0-9A-Z]{9}|[0-9A-Z]{18})/[0-9]{4}-[0-9]{5}$",
                                "索引号为 20 位或 29 位：机构代码/年份-五位流水号",
                            )
                        ],
                        verbose_name="索引号",
                    ),
                ),
                ("document_number", models.CharField(blank=True, max_length=60, verbose_name="发文字号")),
                (
                    "issuer",
                    models.CharField(
                        blank=True,
                        help_text="全称；联合发文用顿号分开，主办机关在前",
                        max_length=200,
                        verbose_name="发文机关",
                    ),
                ),
                ("written_on", models.DateField(blank=True, null=True, verbose_name="成文日期")),
                ("issued_on", models.DateField(blank=True, null=True, verbose_name="印发日期")),
                ("effective_on", models.DateField(blank=True, null=True, verbose_name="施行日期")),
                ("expires_on", models.DateField(blank=True, null=True, verbose_name="失效日期")),
                (
                    "validity",
                    models.CharField(
                        choices=[
                            ("in_force", "有效"),
                            ("amended", "已修改"),
                            ("expired", "已失效"),
                            ("repealed", "已废止"),
                        ],
                        default="in_force",
                        max_length=10,
                        verbose_name="有效性",
                    ),
                ),
                (
                    "public_scope",
                    models.CharField(
                        choices=[("active", "主动公开"), ("on_request", "依申请公开")],
                        default="active",
                        max_length=10,
                        verbose_name="公开属性",
                    ),
                ),
                ("signatory", models.CharField(blank=True, max_length=40, verbose_name="签发人")),
                ("addressee", models.CharField(blank=True, max_length=300, verbose_name="主送机关")),
                ("reading", models.JSONField(blank=True, default=dict, editable=False, verbose_name="读取结果")),
            ],
            options={
                "verbose_name": "政策文件",
                "verbose_name_plural": "政策文件",
                "default_permissions": (),
            },
            bases=("content.record",),
        ),
        migrations.CreateModel(
            name="Topic",
            fields=[
                (
                    "record_ptr",
                    models.OneToOneField(
                        auto_created=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        serialize=False,
                        to="content.record",
                    ),
                ),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="预计结束日期")),
                ("archived", models.BooleanField(default=False, verbose_name="已归档")),
            ],
            options={
                "verbose_name": "专题",
                "verbose_name_plural": "专题",
                "default_permissions": (),
            },
            bases=("content.record",),
        ),
    ]
