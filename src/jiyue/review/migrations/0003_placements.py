from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("review", "0002_append_only"),
    ]

    operations = [
        migrations.AlterField(
            model_name="review",
            name="act",
            field=models.CharField(
                choices=[
                    ("publish", "发布"),
                    ("correct", "更正"),
                    ("withdraw", "撤下"),
                    ("structure", "网站设置"),
                    ("batch", "批量签发"),
                    ("place", "取用"),
                ],
                default="publish",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="signoff",
            name="act",
            field=models.CharField(
                choices=[
                    ("publish", "发布"),
                    ("correct", "更正"),
                    ("withdraw", "撤下"),
                    ("structure", "网站设置"),
                    ("place", "取用"),
                ],
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="signoff",
            name="subject",
            field=models.CharField(
                choices=[
                    ("record", "稿件"),
                    ("structure", "网站设置与栏目"),
                    ("batch", "导入批次"),
                    ("placement", "取用"),
                ],
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="version",
            name="subject",
            field=models.CharField(
                choices=[
                    ("record", "稿件"),
                    ("structure", "网站设置与栏目"),
                    ("batch", "导入批次"),
                    ("placement", "取用"),
                ],
                max_length=10,
            ),
        ),
    ]
