"""Django's `flush`, refused wherever a trail must be kept; test runs use it between transactional tests."""

from django.conf import settings
from django.core.management.base import CommandError
from django.core.management.commands.flush import Command as DjangoFlush

from jiyue.foundation.append_only import lifted


class Command(DjangoFlush):
    help = "Empties the database of a test run. Refused on every other database: the audit trail must be kept."

    def handle(self, **options):
        if not settings.FLUSH_ALLOWED:
            raise CommandError("the audit trail and the ledger must be kept; delete JIYUE_HOME for a fresh start")
        with lifted():
            super().handle(**options)
