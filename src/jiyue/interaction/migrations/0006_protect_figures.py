"""Statements of figures and marks on replies are written once: the fence for plain SQL."""

from django.db import migrations

from jiyue.foundation.append_only import protect


class Migration(migrations.Migration):
    dependencies = [("interaction", "0005_reply_marks")]

    operations = [protect("interaction_figuresstatement"), protect("interaction_replymark")]
