"""Comments and votes under a page that another site shows: those of the page at home, read and written from both (ADR 0037)."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from jiyue.config.letters import attend
from jiyue.content.placing import ask_for
from jiyue.foundation.home import Home
from jiyue.interaction.comments import deciding, showing
from jiyue.interaction.comments.orders import end_order
from jiyue.interaction.models import Comment, PageVote
from jiyue.publishing.composing import voices_due
from jiyue.publishing.models import PublicItem, SitePublication
from jiyue.publishing.publisher import Publisher
from jiyue.review.placing import submit_placement
from tests.apps.portal.counter_home import counting
from tests.cast import sign_all, structured
from tests.comments import ordered, page
from tests.letters import office

pytestmark = [pytest.mark.django_db, pytest.mark.req("INT-17", "INT-18", "LIB-03")]
TEXT = "希望多写几个办理地点。"


@pytest.fixture
def desk(cast, home):
    return office(cast.city, now=timezone.now())


@pytest.fixture
def record(cast, desk):
    """On the machine's clock, which is the counter's; signed a while ago, because a vote tells its minute alone."""
    now = timezone.now()
    ordered(cast.city, desk, now=now - timedelta(minutes=5))
    return page(cast.city, now=now)


def shown_outside(cast, record) -> str:
    """Placed and baked; gives the address there."""
    now = timezone.now()
    Publisher().publish(cast.city.site, now=now)
    placement = ask_for(record=record, column=cast.outside.columns["yw"], by=cast.outside.editor, now=now)
    sign_all(cast.outside, submit_placement(placement=placement, by=cast.outside.editor, now=now), now=now)
    Publisher().publish(cast.outside.site, now=timezone.now())
    return PublicItem.objects.get(site=cast.outside.site).address


def baked(cast, address: str) -> str:
    return (Home(settings.JIYUE_HOME).public_root(cast.outside.site.host) / address.lstrip("/")).read_text()


def switched_on(cast, *, votes: bool = True) -> None:
    """The showing site's own order: with a keeper of its own, who decides nothing about this page."""
    ordered(cast.outside, office(cast.outside, now=timezone.now()), now=timezone.now(), takes_votes=votes)


def test_one_list_one_count_and_one_queue(cast, desk, record):
    switched_on(cast)
    address = shown_outside(cast, record)
    assert "评论由原发布网站" in baked(cast, address) and "样管理" not in baked(cast, address)
    way = f"/hudong/comment?of={address}"
    with counting(Home(settings.JIYUE_HOME).prepare(), cast.outside.site.host) as city:
        check = city.form(way).posted(way, text=TEXT)
        assert "已经收到您的评论" in check.posted(way, go="send", human=check.answer()).text
        vote = f"/hudong/vote?of={address}"
        form = city.form(f"{vote}&useful=yes")
        assert form.posted(vote, useful="yes", go="send", human=form.answer()).reply.status == 200
        attend(datetime.now(UTC))
        [comment] = Comment.objects.all()
        assert (comment.site, comment.record) == (cast.city.site, record)
        assert [vote.record for vote in PageVote.objects.all()] == [record]
        deciding.show(comment=comment, words=TEXT, by=desk.handler, now=timezone.now())
        listed = city.get(f"/hudong/comments?of={address}").body.decode()
        assert TEXT in listed and "样管理" in listed
        assert address in listed
    assert json.loads(showing.file_of(record).read_bytes())["useful"] == 1


def test_what_ends_at_home_ends_everywhere_at_once(cast, desk, record):
    switched_on(cast, votes=False)
    address = shown_outside(cast, record)
    assert "这一页有用吗" not in baked(cast, address)
    later = timezone.now()
    order = ordered(cast.city, desk, now=later, signed=False)
    with counting(Home(settings.JIYUE_HOME).prepare(), cast.outside.site.host) as city:
        assert city.get(f"/hudong/comment?of={address}").status == 200
        assert city.get(f"/hudong/vote?of={address}").status == 404  # this site takes none
        end_order(order=order, by=cast.city.manager, now=later)
        structured(cast.city, now=timezone.now())
        Publisher().publish(cast.city.site, now=timezone.now() + timedelta(seconds=1))
        city.portal.trees.sites.clear()
        assert city.get(f"/hudong/comment?of={address}").status == 404
        gone = city.post(f"/hudong/comment?of={address}", {"text": "写了半天的话", "go": "send"})
        assert gone.status == 410 and "写了半天的话" in gone.body.decode()
    # The showing site was called, and its page says so no more, without anything signed there.
    assert "page-voices" in baked(cast, address)
    assert SitePublication.objects.get(site=cast.outside.site).group_changed_at is not None
    Publisher().publish(cast.outside.site, now=timezone.now())
    assert "page-voices" not in baked(cast, address)
    assert voices_due(cast.outside.site) == set()


def test_a_structure_at_home_that_says_the_same_of_comments_bakes_no_placed_page(cast, desk, record):
    switched_on(cast)
    address = shown_outside(cast, record)
    file = Home(settings.JIYUE_HOME).public_root(cast.outside.site.host) / address.lstrip("/")
    before = file.stat().st_ino
    structured(cast.city, now=timezone.now())
    Publisher().publish(cast.city.site, now=timezone.now())
    assert voices_due(cast.outside.site) == set()
    Publisher().publish(cast.outside.site, now=timezone.now())
    assert file.stat().st_ino == before and "page-voices" in baked(cast, address)


def test_a_site_that_has_not_signed_comments_shows_none(cast, desk, record):
    structured(cast.outside, now=timezone.now())
    assert "page-voices" not in baked(cast, shown_outside(cast, record))


def test_where_nothing_is_taken_at_home_nothing_is_taken_elsewhere(cast, desk):
    now = timezone.now()
    structured(cast.city, now=now)
    switched_on(cast)
    assert "page-voices" not in baked(cast, shown_outside(cast, page(cast.city, now=now)))
