"""Which page stands at an address, filled from signed-off content. One function a kind of page; nothing is rendered."""

from jiyue.publishing.composing.answers import ANSWERS, answer_addresses, compose_answers
from jiyue.publishing.composing.columns import (
    compose_column,
    compose_list_page,
    compose_year,
    has_years,
    list_address,
    year_address,
)
from jiyue.publishing.composing.documents import (
    compose_draft,
    compose_gone,
    compose_item,
    compose_moved,
    paper_for,
)
from jiyue.publishing.composing.figures import compose_figures, figure_addresses
from jiyue.publishing.composing.home import compose_home
from jiyue.publishing.composing.library import compose_library, libraries_of
from jiyue.publishing.composing.machines import (
    compose_counter,
    compose_feed,
    compose_general_gone,
    compose_not_found,
    compose_robots,
    compose_search,
    compose_site_map,
    compose_site_map_index,
    compose_site_map_part,
    compose_unavailable,
)
from jiyue.publishing.composing.services import compose_services, service_addresses
from jiyue.publishing.composing.voices import voices_due

__all__ = [
    "ANSWERS",
    "answer_addresses",
    "compose_answers",
    "compose_column",
    "compose_counter",
    "compose_draft",
    "compose_feed",
    "compose_figures",
    "compose_general_gone",
    "compose_gone",
    "compose_home",
    "compose_item",
    "compose_library",
    "compose_list_page",
    "compose_moved",
    "compose_not_found",
    "compose_robots",
    "compose_search",
    "compose_services",
    "compose_site_map",
    "compose_site_map_index",
    "compose_site_map_part",
    "compose_unavailable",
    "compose_year",
    "figure_addresses",
    "has_years",
    "libraries_of",
    "list_address",
    "paper_for",
    "service_addresses",
    "voices_due",
    "year_address",
]
