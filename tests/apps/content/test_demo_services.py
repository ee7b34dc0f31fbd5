"""The services of the demo city pass the same reviews as everything else; the unfinished one stays a draft."""

from collections import Counter
from datetime import datetime

import pytest

from jiyue.content.models import ItemDifference, ServiceGuide, ServiceItem, Synchronisation
from jiyue.content.readiness import problems
from jiyue.demo.loading import CityLoader
from jiyue.demo.texts import load_city
from jiyue.domain.moments import SHANGHAI

pytestmark = pytest.mark.django_db


def test_every_guide_of_the_city_is_signed_but_the_one_left_unfinished(home):
    now = datetime.now(SHANGHAI)
    city = CityLoader(load_city(today=now.date()), now=now, say=lambda _line: None)
    city._found()
    city._services().tell()
    assert Counter(ServiceGuide.objects.values_list("state", flat=True)) == {"signed_off": 8, "draft": 1}
    assert ServiceItem.objects.filter(charged=True).count() == 1
    unfinished = ServiceGuide.objects.get(state="draft")
    assert {problem.field for problem in problems(unfinished, on=now.date())} == {"telephone", "materials"}
    city._services().compare()
    found = Counter(ItemDifference.objects.values_list("site__host", "kind"))
    assert found[city.sites["rsj"].host, "changed"] == 3 and found[city.sites["slj"].host, "only_there"] == 1
    assert not Synchronisation.objects.exclude(refused=0).exists()
