"""The rule a duty began under can only be added, for plain SQL too."""

from django.db import migrations

from jiyue.foundation.append_only import protect


class Migration(migrations.Migration):
    dependencies = [("obligations", "0001_initial"), ("foundation", "0002_append_only")]

    operations = [protect("obligations_frozenrule")]
