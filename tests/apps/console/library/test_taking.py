"""取用: choose a column, and the own final reviewer is asked; nothing else can be reached that way."""

import pytest

from jiyue.content.models import Placement
from jiyue.publishing.models import PublicItem
from jiyue.review.actions import approve, send_back
from jiyue.review.checklist import ALL_GATES
from jiyue.review.models import Review, Version
from tests.cast import account, draft

pytestmark = [pytest.mark.django_db, pytest.mark.req("LIB-03")]


@pytest.fixture
def item(cast, publish):
    """A public record of the other city."""
    publish(cast.outside, title="邻江通航")
    return PublicItem.objects.get()


@pytest.fixture
def taken(cast, item, sign_in):
    """The review of a taking by the city's editor."""
    column = cast.city.columns["yw"]
    answer = sign_in(cast.city.editor).post(f"/library/{item.pk}/take/", {"column": column.pk})
    assert answer.status_code == 302
    return Review.objects.get(version__subject="placement")


def test_the_form_suggests_the_column_of_the_same_kind(cast, item, sign_in):
    page = sign_in(cast.city.editor).get(f"/library/{item.pk}/take/")
    suggested = [column["name"] for column in page.context["columns"] if column["suggested"]]
    assert suggested == ["政务动态 / 政务要闻"]
    assert f"http://www.linjiang.localhost:8080{item.address}" in page.content.decode()


def test_taking_asks_the_own_final_reviewer(cast, item, taken, sign_in):
    placement = Placement.objects.get()
    assert (placement.state, placement.column.slug, taken.level) == ("submitted", "yw", "final")
    home = sign_in(cast.city.final).get("/").content.decode()
    assert "取用：邻江通航" in home
    page = sign_in(cast.city.final).get(f"/reviews/{taken.pk}/").content.decode()
    for words in (
        "邻江通航",
        "邻江市人民政府",
        "澄湖市人民政府 / 政务动态 / 政务要闻",
        f"localhost:8080{item.address}",
    ):
        assert words in page


def test_the_shelf_shows_what_was_already_taken(cast, taken, sign_in):
    page = sign_in(cast.city.editor).get("/library/")
    (book,) = page.context["books"]
    assert ([row.state for row in book.placements], book.takeable) == (["submitted"], False)
    (own,) = sign_in(cast.outside.editor).get("/library/").context["books"]
    assert (own.own, own.takeable, own.placements) == (True, False, [])


def test_a_second_taking_is_refused_in_words(cast, item, taken, sign_in):
    client = sign_in(cast.city.editor)
    answer = client.post(f"/library/{item.pk}/take/", {"column": cast.city.columns["tzgg"].pk})
    assert answer.status_code == 409
    assert "已经推送给这个网站，或已被它取用" in answer.content.decode()
    assert Placement.objects.count() == 1


def test_a_column_must_be_chosen(cast, item, sign_in):
    answer = sign_in(cast.city.editor).post(f"/library/{item.pk}/take/", {"column": ""})
    assert (answer.status_code, "请选择放入哪个栏目" in answer.content.decode()) == (409, True)
    assert not Placement.objects.exists()


def test_nobody_takes_into_a_column_of_another_site(cast, item, publish, sign_in):
    publish(cast.city, title="湖岸清洁")
    own = PublicItem.objects.get(site=cast.city.site)
    answer = sign_in(cast.city.editor).post(f"/library/{own.pk}/take/", {"column": cast.outside.columns["yw"].pk})
    assert answer.status_code == 404
    assert not Placement.objects.exists()


def test_a_draft_cannot_be_taken_whatever_number_is_tried(cast, now, publish, sign_in):
    draft(cast.outside, now=now)
    client = sign_in(cast.city.editor)
    tried = [client.post(f"/library/{pk}/take/", {"column": cast.city.columns["yw"].pk}) for pk in range(1, 4)]
    assert [answer.status_code for answer in tried] == [404, 404, 404]
    assert not Placement.objects.exists()


def test_the_taker_freezes_the_public_title_and_no_draft(cast, now, publish, sign_in):
    record = publish(cast.outside, title="邻江通航")
    type(record).objects.filter(pk=record.pk).update(title="邻江停航内部稿")
    client = sign_in(cast.city.editor)
    client.post(f"/library/{PublicItem.objects.get().pk}/take/", {"column": cast.city.columns["yw"].pk})
    version = Version.objects.get(subject="placement")
    assert "邻江通航" in version.content and "停航" not in version.content


def test_what_the_final_reviewer_returns_comes_back_with_the_reason(cast, now, taken, sign_in):
    send_back(review=taken, by=cast.city.final, now=now, reason="与本市无关")
    page = sign_in(cast.city.editor).get("/").content.decode()
    assert "与本市无关" in page and "邻江通航" in page


def test_the_back_address_never_leaves_the_console(cast, item, sign_in):
    given = {"column": cast.city.columns["yw"].pk, "back": "https://elsewhere.invalid/"}
    assert sign_in(cast.city.editor).post(f"/library/{item.pk}/take/", given).url == "/library/"


def test_after_the_signature_it_is_taken(cast, now, taken, sign_in):
    approve(review=taken, by=cast.city.final, now=now, gates=ALL_GATES)
    page = sign_in(cast.city.editor).get("/placements/?state=taken")
    assert [line.title for line in page.context["lines"]] == ["邻江通航"]


def test_who_writes_only_for_the_origin_has_nowhere_to_take_to(cast, item, sign_in):
    page = sign_in(cast.outside.editor).get(f"/library/{item.pk}/take/")
    assert "没有别的网站可以取用" in page.content.decode()


def test_an_account_without_a_role_has_no_part_in_it(cast, now, item, sign_in):
    stranger = account("stranger", "editing", cast.city.organisation, now=now)
    assert sign_in(stranger).get(f"/library/{item.pk}/take/").status_code == 404
