"""Every model says whose its rows are, links only downwards, and every event can be told in words."""

import ast
import inspect
import pkgutil
import re
from dataclasses import fields
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import Model

import jiyue
from jiyue.console.office.wording import WORDS, changes, label, sentence
from jiyue.domain.events import Event
from tests.contracts.tenancy import SHARED, leads_to_site, models_of_ours, scope_of

LAYERS = [
    "foundation",
    "identity",
    "rules",
    "checks",
    "estate",
    "obligations",
    "content",
    "concerns",
    "review",
    "interaction",
    "publishing",
    "disclosure",
    "search",
    "console",
]
PLACEHOLDER = re.compile(r"%\((\w+)\)s")
UNITS_OWN = {
    "identity.Organisation", "identity.User", "identity.Membership",
    "rules.PackAssignment", "rules.LocalPack", "rules.LocalStandard", "rules.Override", "rules.CalendarRevision",
    "content.ReprintTask",
    "content.Feed", "content.FeedEntry",
    "content.ServiceItem",
    "console.Subscription", "concerns.Contact", "obligations.RuleRead", "review.Inspection",
    "checks.UnitWord", "checks.CheckSetting",
}  # fmt: skip
# Links to a person's rights that Django brings and no policy of this house asks (identity.backends).
UNASKED = {"identity.User_groups", "identity.User_user_permissions"}
WRITING = re.compile(r"\.(save|delete|create|get_or_create|update_or_create|bulk_create|bulk_update|update)\(")
# Verbs of a query or a dictionary look like writes; these modules are where writes belong.
WRITERS = {
    "actions.py",
    "site_templates.py",
    "placing.py",
    "stewarding.py",
    "arranging.py",
    "cataloguing.py",
    "servicing.py",
    "binding.py",
    "synchronising.py",
    "service_sources.py",
    "reprinting.py",
    "takings.py",
    "stepping.py",
    "handling.py",
    "receiving.py",
}
ACTIONS = sorted(
    path for path in Path(jiyue.__file__).parent.rglob("*.py")
    if path.name in WRITERS and "migrations" not in path.parts
)  # fmt: skip


def events() -> list[type[Event]]:
    for module in pkgutil.walk_packages(jiyue.__path__, "jiyue."):
        if module.name.endswith((".events", "_events")):
            import_module(module.name)
    return sorted(Event.__subclasses__(), key=lambda event: event.code)


@pytest.mark.req("PLAT-01")
@pytest.mark.parametrize("model", models_of_ours(), ids=lambda model: model._meta.label)
def test_every_row_belongs_to_a_tenant_or_says_why_not(model: type[Model]):
    label_of = model._meta.label
    if label_of in SHARED:
        assert SHARED[label_of] and scope_of(model) is None
    elif label_of in UNITS_OWN | UNASKED:
        assert scope_of(model) is not None and not leads_to_site(model)
    else:
        assert leads_to_site(model), f"{label_of} has no way to a site: give it one, or list it in SHARED with a reason"


@pytest.mark.parametrize("model", models_of_ours(), ids=lambda model: model._meta.label)
def test_links_point_down_the_layers(model: type[Model]):
    here = LAYERS.index(model._meta.app_label)
    for link in model._meta.get_fields():
        if (
            link.is_relation
            and link.concrete
            and link.related_model
            and link.related_model.__module__.startswith("jiyue.")
        ):
            there = LAYERS.index(link.related_model._meta.app_label)
            assert there <= here, f"{model._meta.label}.{link.name} points up to {link.related_model._meta.label}"


def test_every_app_with_models_has_its_layer():
    ours = {config.label for config in apps.get_app_configs() if config.name.startswith("jiyue.") and config.models}
    assert sorted(ours) == sorted(LAYERS)


def functions() -> list[tuple[str, ast.FunctionDef]]:
    """Every public function of the modules where writes belong."""
    nodes = [(path, node) for path in ACTIONS for node in ast.parse(path.read_text()).body]
    return [
        (f"{path.parent.name}.{path.stem}.{node.name}", node)
        for path, node in nodes
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    ]


@pytest.mark.parametrize("node", [node for _name, node in functions()], ids=[name for name, _node in functions()])
def test_actions_that_write_take_keywords_only(node: ast.FunctionDef):
    if WRITING.search(ast.unparse(node)) or any(arg.arg == "by" for arg in [*node.args.args, *node.args.kwonlyargs]):
        assert [arg.arg for arg in [*node.args.posonlyargs, *node.args.args]] == []


@pytest.mark.parametrize("event", events(), ids=lambda event: event.code)
def test_every_event_has_its_words_on_the_trace_screen(event: type[Event]):
    known = {one.name for one in fields(event)}
    assert event.code in WORDS, f"{event.code}: add its name and sentence to console/office/wording.py"
    assert set(PLACEHOLDER.findall(str(WORDS[event.code].sentence))) <= known
    assert label(event.code) != event.code
    assert sentence(event.code, {})


def test_no_words_are_kept_for_events_that_do_not_exist():
    assert sorted(WORDS) == [event.code for event in events()]


def test_events_are_facts_in_the_past():
    assert all(inspect.isclass(event) and "." in event.code for event in events())
    assert len({event.code for event in events()}) == len(events())


def test_a_row_of_a_later_version_is_shown_by_its_code():
    assert (label("unknown.fact"), sentence("unknown.fact", {}), changes({})) == ("unknown.fact", "unknown.fact", [])


# Events whose name says that somebody saw or took something, and why it is nothing of a citizen.
NOTHING_PRIVATE = {
    "PagesSeen": "what pages of the platform itself were read",
    "ExchangeExported": "public records",
    "RectificationOpened": "a finding about public matter",
    "AccountOpened": "an account was made",
    "ConcernOpened": "a case about a publication was begun",
    "CaseOpened": "a case about a policy was begun",
    "LeakOpened": "a publisher's own mistake",
    "DifferencesTaken": "service guides",
    "MembershipTaken": "a role was taken back",
    "VotesExported": "numbers alone",
    "SecondStepTaken": "a duty that was late",
    "LetterFileTaken": "a file came in",
}
SEES = ("Seen", "Opened", "Exported", "Read", "Taken", "Shown", "Downloaded", "Printed")


@pytest.mark.req("SECU-22")
@pytest.mark.parametrize(
    "event", [each for each in events() if each.__name__.endswith(SEES)], ids=lambda event: event.code
)
def test_an_event_of_seeing_says_what_of_a_person_was_seen(event: type[Event]):
    assert (event.private is None) == (event.__name__ in NOTHING_PRIVATE), event.__name__
