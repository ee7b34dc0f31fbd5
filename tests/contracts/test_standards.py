"""One truth: the newest edition of each data standard says exactly what the models say."""

import json

import pytest

from jiyue.content import exchange_forms, standards
from jiyue.content.models import RECORD_TYPES
from jiyue.rules.standards import shipped

WRITE = "run `PYTHONPATH=src python docs/standards/generated.py` (after a release: with the day of the next edition)"


@pytest.mark.req("PLAT-08")
def test_models_and_standards_agree():
    made = {**standards.schemas(), **exchange_forms.schemas()}
    newest = {name: editions[-1].schema for name, editions in shipped().editions.items()}
    assert made.keys() == newest.keys(), WRITE
    for name, schema in made.items():
        assert json.loads(json.dumps(schema)) == newest[name], f"{name}: {WRITE}"


def test_every_kind_of_record_has_a_standard():
    assert RECORD_TYPES.keys() <= shipped().editions.keys(), WRITE
