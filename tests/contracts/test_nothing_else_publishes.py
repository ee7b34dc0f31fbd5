"""Nothing but a sign-off changes a public byte: every other way is refused, or of no effect, or repaired and told (D2)."""

import os
import shutil
from datetime import timedelta
from pathlib import Path
from tempfile import mkdtemp

import pytest
from django.db import connection, transaction
from django.db.models import ProtectedError
from django.db.utils import DatabaseError
from django.test import Client, TestCase, override_settings
from wagtail import hooks

from jiyue.console.gate import OFFERED
from jiyue.foundation.home import Home
from jiyue.identity.models import User
from jiyue.publishing.baking import Baked
from jiyue.publishing.deploying import ClockBehind
from jiyue.publishing.models import PageRead, Publication, PublicItem
from jiyue.publishing.publisher import Plan, Publisher
from jiyue.publishing.verifying import verify
from jiyue.review.actions import approve
from jiyue.review.checklist import ALL_GATES
from jiyue.review.models import SignOff
from tests.clock import NOW
from tests.contracts.siege_city import MARK, City, build, copied, go_on, incidents, public_bytes, sql, without_guard
from tests.contracts.siege_doors import address_of, console_ways
from tests.contracts.siege_drafts import DRAFTS
from tests.contracts.siege_refused import REFUSALS, REFUSED
from tests.contracts.siege_told import TOLD
from tests.contracts.test_console_gate import routes

pytestmark = [pytest.mark.slow, pytest.mark.req("REV-01", "SECU-10", "PAGE-12")]
SHARED: dict[str, object] = {}  # what cannot be copied for each test: compiled templates


class Besieged(TestCase):
    """The city is built once; every attack meets it in a transaction and a home of its own."""

    master: Path
    city: City

    @classmethod
    def setUpTestData(cls) -> None:
        cls.master = Path(mkdtemp(prefix="jiyue-siege-")) / "home"
        with override_settings(JIYUE_HOME=cls.master, MEDIA_ROOT=cls.master / "uploads"):
            cls.city = build()
            SHARED["renderer"] = Publisher().renderer
            SHARED["public"] = public_bytes(Home(cls.master))

    @classmethod
    def tearDownClass(cls) -> None:
        super().tearDownClass()
        remove(cls.master.parent)

    @pytest.fixture(autouse=True)
    def own_home(self, settings):
        copied(self.master, Path(settings.JIYUE_HOME))
        self.publisher = Publisher()
        self.publisher.renderer = SHARED["renderer"]

    def assert_nothing_changed(self) -> None:
        found = public_bytes()
        before = SHARED["public"]
        assert [path for path in found.keys() | before.keys() if found.get(path) != before.get(path)] == []
        assert not any(MARK.encode() in data for data in found.values())

    def test_left_alone_the_city_stands_and_nothing_is_reported(self):
        go_on(self.city, self.publisher)
        self.assert_nothing_changed()
        assert incidents() == []
        assert verify(self.publisher.home).problems == ()

    def test_one_more_signature_does_change_what_is_public(self):
        """The siege would prove nothing if it could not tell the difference."""
        approve(review=self.city.open_review, by=self.city.cast.city.final, now=NOW, gates=ALL_GATES)
        go_on(self.city, self.publisher)
        assert any(MARK.encode() in data for data in public_bytes().values())

    def test_what_is_no_source_of_anything_public_may_change_without_effect(self):
        for attempt in DRAFTS.values():
            with transaction.atomic():
                attempt(self.city)
        go_on(self.city, self.publisher)
        self.assert_nothing_changed()

    def test_every_other_way_is_refused(self):
        for name, attempt in REFUSED.items():
            with self.subTest(name), pytest.raises((*REFUSALS, ProtectedError, DatabaseError)):
                refused_wholly(attempt, self.city)
        go_on(self.city, self.publisher)
        self.assert_nothing_changed()

    def test_what_pages_read_is_missed_and_learned_anew(self):
        assert PageRead.objects.all().delete()[0]
        go_on(self.city, self.publisher, baked_anew=False)
        self.assert_nothing_changed()
        assert incidents() != []
        assert PageRead.objects.exists()

    def test_an_older_database_put_back_publishes_nothing(self):
        """The dump knows nothing of the newest sign-offs; its site stands still, and the operator reads why."""
        without_guard("review_signoff")
        newest = SignOff.objects.filter(site=self.city.site).order_by("-sequence").first()
        PublicItem.objects.filter(sign_off=newest).delete()
        Publication.objects.filter(sign_off=newest).delete()
        sql("delete from review_signoff where id=%s", newest.pk)
        approve(review=self.city.open_review, by=self.city.cast.city.final, now=NOW, gates=ALL_GATES)
        go_on(self.city, self.publisher)
        self.assert_nothing_changed()
        assert f"ledger {self.city.site.host}" in incidents()

    def test_a_clock_set_back_publishes_nothing_and_is_told(self):
        with pytest.raises(ClockBehind):
            prepared = self.publisher.deployer.prepare(self.city.site.host, {"strange.html": None, "robots.txt": None})
            plan = Plan(self.city.site, [], prepared, Baked(), "")
            self.publisher.switch(plan, now=NOW - timedelta(days=1))
        self.assert_nothing_changed()
        assert f"deploy {self.city.site.host}" in incidents()

    def test_no_door_of_wagtail_opens_for_a_superuser(self):
        User.objects.update(is_superuser=True, is_staff=True)
        for person in (self.city.cast.city.editor, self.city.cast.city.manager, self.city.cast.operator):
            client = entered(person)
            for name, (route, arguments) in console_ways(self.city).items():
                address = address_of(route, arguments)
                with self.subTest(name):
                    assert address is None or route in OFFERED or client.post(address, {}).status_code == 404
        go_on(self.city, self.publisher)
        self.assert_nothing_changed()

    def test_the_programming_interface_is_not_there(self):
        client = entered(self.city.cast.operator)
        for path in (
            "/api/v2/pages/",
            "/api/v3/pages/",
            "/api/v3/pages/1/actions/publish/",
            "/admin/",
            "/django-admin/",
        ):
            assert client.post(path, {}).status_code == 404

    def test_a_forged_session_is_nobodys(self):
        from django.contrib.sessions.models import Session

        key = "a" * 32
        Session.objects.create(session_key=key, session_data="e30:1forged:seal", expire_date=NOW.replace(year=2099))
        client = Client()
        client.cookies["jiyue_console"] = key
        assert client.get("/").status_code == 302

    def test_screens_posted_blindly_by_who_may_not_sign_change_nothing_public(self):
        hooks.search_for_hooks()
        User.objects.update(is_superuser=True, is_staff=True)
        for person in (self.city.cast.city.editor, self.city.cast.city.manager):
            client = entered(person)
            for name in sorted(OFFERED):
                post_everywhere(client, name, self.city)
        go_on(self.city, self.publisher)
        self.assert_nothing_changed()


def refused_wholly(attempt, city: City) -> None:
    """Try it in a transaction of its own, which is undone; what a commit would refuse is refused here."""
    with transaction.atomic():
        attempt(city)
        connection.check_constraints()


def entered(person: User) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(person, backend="jiyue.identity.backends.AccountBackend")
    return client


def post_everywhere(client: Client, name: str, city: City) -> None:
    record = city.records["article"]
    subjects = [(), (record.pk,), (city.site.pk,), (record.identity,)]
    for arguments in subjects:
        address = address_of(name, arguments)
        if address is not None and "logout" not in name:
            with transaction.atomic():
                answer = client.post(address, {"reason": MARK, "title": MARK, "action": "publish"})
                transaction.set_rollback(answer.status_code >= 500)


def remove(folder: Path) -> None:
    """Trees are sealed: their directories are opened before they go."""
    for path, _folders, _names in os.walk(folder):
        os.chmod(path, 0o700)
    shutil.rmtree(folder)


def assert_unmarked() -> None:
    """Not for a moment does anybody read what was never signed."""
    assert not any(MARK.encode() in data for data in public_bytes().values())


def _is_repaired_and_told(attempt):
    def test(self: Besieged) -> None:
        attempt(self.city)
        go_on(self.city, self.publisher, look=assert_unmarked)
        self.assert_nothing_changed()
        assert incidents() != []

    return test


for _number, (_name, _attempt) in enumerate(TOLD.items()):
    _test = _is_repaired_and_told(_attempt)
    _test.__doc__ = _name
    setattr(Besieged, f"test_told_{_number:02}_{''.join(c if c.isalnum() else '_' for c in _name)}", _test)


def test_there_are_as_many_ways_as_the_list_says():
    """A way that is lost from the tables would be lost in silence."""
    assert (len(REFUSED), len(DRAFTS), len(TOLD)) >= (35, 25, 45)


def test_no_way_past_the_sign_off_is_offered_on_a_screen():
    hooks.search_for_hooks()
    assert [
        name for name in OFFERED if name.startswith(("wagtailadmin_pages", "wagtailusers", "wagtail_bulk_action"))
    ] == []
    assert set(OFFERED) <= set(routes())
