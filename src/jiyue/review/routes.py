"""Which levels a submission passes (REV-02). A site may add levels; it can never have fewer than these."""

from jiyue.identity.roles import Role
from jiyue.review.models import Level, Review, ReviewRoute, Subject

THREE_LEVELS = (Level.FIRST, Level.SECOND, Level.FINAL)
DEFAULTS: dict[str, tuple[str, ...]] = {
    Subject.RECORD: (Level.FIRST, Level.SECOND, Level.SECRECY, Level.FINAL),
    # One other person confirms what a site manager arranged, and what an importer brought in after sampling it.
    Subject.STRUCTURE: (Level.FINAL,),
    Subject.BATCH: (Level.FIRST, Level.SECRECY, Level.FINAL),
    # The matter itself was reviewed at its origin; the taker's final reviewer decides whether it belongs here.
    Subject.PLACEMENT: (Level.FINAL,),
    # A standing decision about what has not been written yet: its terms are signed, and each taking names them.
    Subject.TAKING: (Level.FINAL,),
}
LEAST: dict[str, frozenset[str]] = {
    # PRIV-01: Hubei art. 17, Ningxia 2.2.1 and 3.2, Hebi art. 30 and 41, Chaoyang art. 29, Xiangxi art. 12.
    Subject.RECORD: frozenset({*THREE_LEVELS, Level.SECRECY}),
    Subject.STRUCTURE: frozenset({Level.FINAL}),
    # PRIV-01 knows no exception for historic material: one named person concludes for the whole batch.
    Subject.BATCH: frozenset({Level.SECRECY, Level.FINAL}),
    Subject.PLACEMENT: frozenset({Level.FINAL}),
    Subject.TAKING: frozenset({Level.FINAL}),
}
ROLE_OF_LEVEL: dict[str, str] = {
    Level.FIRST: Role.FIRST_REVIEWER,
    Level.SECOND: Role.SECOND_REVIEWER,
    Level.FINAL: Role.FINAL_REVIEWER,
    Level.SECRECY: Role.SECRECY_REVIEWER,
}
LEVEL_OF_ROLE = {role: level for level, role in ROLE_OF_LEVEL.items()}


class RouteTooShort(ValueError):
    """A route leaves out a level that may never be left out."""


def levels_for(*, site_id: int, subject: str, content_class: str) -> list[str]:
    """The levels of a submission, in order. Raises RouteTooShort when somebody configured fewer than the least."""
    if subject != Subject.RECORD:
        return list(DEFAULTS[subject])
    routes = {route.content_class: route.levels for route in ReviewRoute.objects.filter(site=site_id)}
    levels = with_secrecy(list(routes.get(content_class) or routes.get("") or DEFAULTS[subject]))
    refuse_short(levels, subject)
    return levels


def with_secrecy(levels: list[str]) -> list[str]:
    """The same route with the secrecy review before the final one: a site may have chosen its route before it had to."""
    if Level.SECRECY in levels or Level.FINAL not in levels:
        return levels
    at = levels.index(Level.FINAL)
    return [*levels[:at], Level.SECRECY, *levels[at:]]


def refuse_short(levels, subject: str) -> None:
    """Raise RouteTooShort unless `levels` hold the least levels of the subject, each once, and nothing unknown."""
    wrong = set(levels) - set(Level.values)
    if wrong or len(set(levels)) != len(levels) or not LEAST[subject] <= set(levels):
        raise RouteTooShort(subject)


def next_level(review: Review, approved: set[str]) -> str:
    """The first level of the route that nobody has approved yet; "" when all have."""
    return next((level for level in review.levels if level not in approved), "")
