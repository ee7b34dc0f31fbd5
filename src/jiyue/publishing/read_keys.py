"""Names of what pages read, noted when a page is made and called when what they name has changed."""


def record_key(identity) -> str:
    return f"record:{identity}"


def column_key(column_id: int) -> str:
    return f"column:{column_id}"


def year_key(column_id: int, year: int) -> str:
    """The key of everything that a column lists of one year."""
    return f"year:{column_id}:{year}"


def years_key(column_id: int) -> str:
    """The key of which years a column has anything of."""
    return f"years:{column_id}"


def group_key(site_id: int) -> str:
    """The key of the sites that name this one as their superior."""
    return f"group:{site_id}"


def clock_key(site_id: int) -> str:
    """The key of what a site shows by the clock alone, beside what stands on all its pages."""
    return f"clock:{site_id}"


def site_key(site_id: int) -> str:
    """The key of what other sites show of this one."""
    return f"site:{site_id}"


def guides_key(item: object) -> str:
    """The key of the guides of one service item, by its identity."""
    return f"guides:{item}"


VOICES = "voices:"


def voices_key(site_id: int, mark: str) -> str:
    """The key of where another site takes comments and votes, as `mark` stands for it."""
    return f"{VOICES}{site_id}:{mark}"


def services_key(site_id: int) -> str:
    """The key of the service guides that a site shows."""
    return f"services:{site_id}"
