from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("foundation", "0002_append_only")]

    operations = [
        migrations.AddIndex(
            model_name="auditevent", index=models.Index(fields=["code", "-sequence"], name="audit_code")
        ),
    ]
