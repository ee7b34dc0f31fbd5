from django.conf import settings
from django.db import migrations, models

from jiyue.foundation.append_only import protect, protected_before


class Migration(migrations.Migration):
    """Files of error reports become files of any channel. The tables keep their names and get a column; SQLite builds a
    table anew for it, which loses its triggers.
    """

    dependencies = [
        ("estate", "0008_service_entries"),
        ("interaction", "0017_hotline"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        protected_before("interaction_errorfile"),
        protected_before("interaction_errorhandout"),
        protected_before("interaction_errorhanded"),
        migrations.AlterModelTable(name="errorfile", table="interaction_errorfile"),
        migrations.AlterModelTable(name="errorhandout", table="interaction_errorhandout"),
        migrations.AlterModelTable(name="errorhanded", table="interaction_errorhanded"),
        migrations.RenameModel(old_name="ErrorFile", new_name="BroughtFile"),
        migrations.RenameModel(old_name="ErrorHandout", new_name="HandedFile"),
        migrations.RenameModel(old_name="ErrorHanded", new_name="HandedAnswer"),
        migrations.AlterModelOptions(
            name="broughtfile",
            options={"default_permissions": (), "verbose_name": "来件", "verbose_name_plural": "来件"},
        ),
        migrations.AlterModelOptions(
            name="handedfile",
            options={"default_permissions": (), "verbose_name": "回送", "verbose_name_plural": "回送"},
        ),
        migrations.AlterModelOptions(
            name="handedanswer",
            options={"default_permissions": (), "verbose_name": "已回送", "verbose_name_plural": "已回送"},
        ),
        migrations.AddField(
            model_name="broughtfile",
            name="source",
            field=models.CharField(default="platform", max_length=10, verbose_name="来源"),
        ),
        migrations.AddField(
            model_name="handedfile",
            name="source",
            field=models.CharField(default="platform", max_length=10, verbose_name="来源"),
        ),
        protect("interaction_errorfile"),
        protect("interaction_errorhandout"),
        protect("interaction_errorhanded"),
    ]
