from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("foundation", "0002_append_only")]

    operations = [
        migrations.AddIndex(model_name="auditevent", index=models.Index(fields=["code", "at"], name="audit_code")),
        migrations.AddIndex(
            model_name="auditevent", index=models.Index(fields=["actor_key", "at"], name="audit_actor_at")
        ),
    ]
