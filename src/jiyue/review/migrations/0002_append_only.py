"""Versions, decisions and ledger rows can only be added, for plain SQL too."""

from django.db import migrations

from jiyue.foundation.append_only import protect


class Migration(migrations.Migration):
    dependencies = [("review", "0001_initial"), ("foundation", "0002_append_only")]

    operations = [protect("review_version"), protect("review_decision"), protect("review_signoff")]
