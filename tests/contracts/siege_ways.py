"""Every way past the sign-off that we know: what somebody may try, by what it is meant to meet.

`REFUSED` raises or is not there; `DRAFTS` changes what is no source of anything public; `TOLD` changes what the publisher
works with, and an incident must tell of it. `siege_drafts`, `siege_refused` and `siege_told` fill the tables.
"""

REFUSED: dict[str, object] = {}
DRAFTS: dict[str, object] = {}
TOLD: dict[str, object] = {}


def way(table: dict, name: str):
    def enter(attempt):
        assert name not in REFUSED | DRAFTS | TOLD, name
        table[name] = attempt
        return attempt

    return enter


def each(table: dict, name: str, attempt, *cases) -> None:
    for case in cases:
        way(table, f"{name}: {case}")(lambda city, case=case: attempt(city, case))
