import django.db.models.deletion
import taggit.managers
import wagtail.models.media
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("content", "0001_initial"),
        ("estate", "0002_initial"),
        ("identity", "0001_initial"),
        ("taggit", "0006_rename_taggeditem_content_type_object_id_taggit_tagg_content_8fc721_idx"),
        ("wagtailcore", "0098_apitoken"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="record",
            name="created_by",
            field=models.ForeignKey(
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="录入人",
            ),
        ),
        migrations.AddField(
            model_name="record",
            name="latest_revision",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="wagtailcore.revision",
                verbose_name="latest revision",
            ),
        ),
        migrations.AddField(
            model_name="record",
            name="locked_by",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="locked_%(class)ss",
                to=settings.AUTH_USER_MODEL,
                verbose_name="locked by",
            ),
        ),
        migrations.AddField(
            model_name="record",
            name="responsible",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="records",
                to="identity.organisation",
                verbose_name="责任单位",
            ),
        ),
        migrations.AddField(
            model_name="record",
            name="site",
            field=models.ForeignKey(
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="records",
                to="estate.site",
                verbose_name="网站",
            ),
        ),
        migrations.AddField(
            model_name="attachment",
            name="collection",
            field=models.ForeignKey(
                default=wagtail.models.media.get_root_collection_id,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="wagtailcore.collection",
                verbose_name="collection",
            ),
        ),
        migrations.AddField(
            model_name="attachment",
            name="site",
            field=models.ForeignKey(
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="attachments",
                to="estate.site",
                verbose_name="网站",
            ),
        ),
        migrations.AddField(
            model_name="attachment",
            name="tags",
            field=taggit.managers.TaggableManager(
                blank=True, help_text=None, through="taggit.TaggedItem", to="taggit.Tag", verbose_name="tags"
            ),
        ),
        migrations.AddField(
            model_name="attachment",
            name="uploaded_by_user",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                to=settings.AUTH_USER_MODEL,
                verbose_name="uploaded by user",
            ),
        ),
        migrations.AddField(
            model_name="record",
            name="column",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="records",
                to="content.column",
                verbose_name="栏目",
            ),
        ),
        migrations.AddField(
            model_name="column",
            name="parent",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="children",
                to="content.column",
                verbose_name="上级栏目",
            ),
        ),
        migrations.AddField(
            model_name="column",
            name="responsible",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="columns",
                to="identity.organisation",
                verbose_name="责任单位",
            ),
        ),
        migrations.AddField(
            model_name="column",
            name="site",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="columns",
                to="estate.site",
                verbose_name="网站",
            ),
        ),
        migrations.AddField(
            model_name="columnlimit",
            name="appointment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="column_limits", to="estate.appointment"
            ),
        ),
        migrations.AddField(
            model_name="columnlimit",
            name="column",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="limits", to="content.column"
            ),
        ),
        migrations.AddField(
            model_name="record",
            name="cover",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="content.picture",
                verbose_name="题图",
            ),
        ),
        migrations.AddField(
            model_name="picture",
            name="collection",
            field=models.ForeignKey(
                default=wagtail.models.media.get_root_collection_id,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="wagtailcore.collection",
                verbose_name="collection",
            ),
        ),
        migrations.AddField(
            model_name="picture",
            name="site",
            field=models.ForeignKey(
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="pictures",
                to="estate.site",
                verbose_name="网站",
            ),
        ),
        migrations.AddField(
            model_name="picture",
            name="tags",
            field=taggit.managers.TaggableManager(
                blank=True, help_text=None, through="taggit.TaggedItem", to="taggit.Tag", verbose_name="tags"
            ),
        ),
        migrations.AddField(
            model_name="picture",
            name="uploaded_by_user",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                to=settings.AUTH_USER_MODEL,
                verbose_name="uploaded by user",
            ),
        ),
        migrations.AddField(
            model_name="picturerendition",
            name="image",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="renditions", to="content.picture"
            ),
        ),
        migrations.AddField(
            model_name="policydocument",
            name="drafting_unit",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="drafted",
                to="identity.organisation",
                verbose_name="起草单位",
            ),
        ),
        migrations.AddField(
            model_name="interpretation",
            name="documents",
            field=models.ManyToManyField(
                blank=True, related_name="interpretations", to="content.policydocument", verbose_name="解读的文件"
            ),
        ),
        migrations.AddConstraint(
            model_name="column",
            constraint=models.UniqueConstraint(fields=("site", "path"), name="column_path_once"),
        ),
        migrations.AddConstraint(
            model_name="column",
            constraint=models.CheckConstraint(
                condition=models.Q(("parent", models.F("id")), _negated=True), name="column_not_own_parent"
            ),
        ),
        migrations.AddConstraint(
            model_name="columnlimit",
            constraint=models.UniqueConstraint(fields=("appointment", "column"), name="column_limit_once"),
        ),
        migrations.AddIndex(
            model_name="record",
            index=models.Index(fields=["column", "-changed_at", "-id"], name="record_column_recent"),
        ),
        migrations.AddIndex(
            model_name="record",
            index=models.Index(fields=["site", "-changed_at", "-id"], name="record_site_recent"),
        ),
        migrations.AddIndex(
            model_name="record",
            index=models.Index(fields=["site", "state", "-changed_at"], name="record_site_state"),
        ),
        migrations.AddConstraint(
            model_name="record",
            constraint=models.UniqueConstraint(
                condition=models.Q(("import_key", ""), _negated=True),
                fields=("site", "import_key"),
                name="record_imported_once",
            ),
        ),
        migrations.AlterUniqueTogether(
            name="picturerendition",
            unique_together={("image", "filter_spec", "focal_point_key")},
        ),
        migrations.AddIndex(
            model_name="policydocument",
            index=models.Index(fields=["document_number"], name="policy_document_number"),
        ),
    ]
