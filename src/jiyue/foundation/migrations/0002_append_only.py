"""The audit trail can only be added to, for plain SQL too."""

from django.db import migrations

from jiyue.foundation.append_only import protect


class Migration(migrations.Migration):
    dependencies = [("foundation", "0001_initial")]

    operations = [protect("foundation_auditevent")]
