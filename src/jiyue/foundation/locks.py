"""One queue for a whole kind of act: whoever is in it decides by what those before left behind."""

from django.db import connection


def queue_for(lock: int) -> None:
    """Wait for the lock of this number and keep it until the transaction ends. Call inside a transaction."""
    # SQLite's transactions are IMMEDIATE here, so the writer already holds the only lock there is.
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(%s)", [lock])
