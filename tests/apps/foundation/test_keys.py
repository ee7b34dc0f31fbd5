import stat
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed448 import Ed448PrivateKey, Ed448PublicKey

from jiyue.domain.canonical import canonical
from jiyue.foundation.home import Home
from jiyue.foundation.keys import ALGORITHMS, KeyDamaged, KeyExists, KeyExposed, KeyMissing, KeyRing

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


class Ed448:
    """A second algorithm, as SM2 would come in."""

    name = "ed448"

    def generate(self):
        return Ed448PrivateKey.generate().private_bytes_raw()

    def public(self, private):
        return Ed448PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()

    def sign(self, private, payload):
        return Ed448PrivateKey.from_private_bytes(private).sign(payload)

    def verify(self, public, payload, signature):
        try:
            Ed448PublicKey.from_public_bytes(public).verify(signature, payload)
        except (InvalidSignature, ValueError):
            return False
        return True


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path / "home").prepare()


@pytest.fixture
def ring(home):
    return KeyRing(home)


def test_what_is_signed_verifies_and_nothing_else_does(ring):
    ring.create(now=NOW)
    key_id, signature = ring.sign(b"payload")
    trusted = ring.trusted()
    assert trusted.verify(key_id, b"payload", signature)
    assert not trusted.verify(key_id, b"Payload", signature)
    assert not trusted.verify(key_id, b"payload", signature[:-2])
    assert not trusted.verify(key_id, b"payload", "not hexadecimal")
    assert not trusted.verify("ed25519-0000000000000000", b"payload", signature)


def test_a_second_first_key_is_refused(ring):
    ring.create(now=NOW)
    with pytest.raises(KeyExists):
        ring.create(now=NOW)


def test_without_a_key_nothing_is_signed(ring):
    for act in (lambda: ring.sign(b"x"), ring.active, lambda: ring.rotate(now=NOW)):
        with pytest.raises(KeyMissing):
            act()


def test_ensure_makes_one_key_only(ring):
    assert ring.ensure(now=NOW) == ring.ensure(now=NOW) == ring.active()
    assert len(ring.public_keys()) == 1


def test_after_rotation_the_new_key_signs_and_the_old_signatures_hold(ring):
    first = ring.create(now=NOW)
    old = ring.sign(b"before")
    second = ring.rotate(now=NOW)
    third = ring.rotate(now=NOW)
    assert ring.public_keys() == (first, second, third)
    assert second.introduced_by == first.key_id
    assert ring.sign(b"after").key_id == third.key_id
    assert ring.trusted().verify(old.key_id, b"before", old.value)
    assert ring.problems() == []


def test_a_key_that_nobody_introduced_is_not_trusted_and_is_reported(ring, home, tmp_path):
    ring.create(now=NOW)
    foreign = KeyRing(Home(tmp_path / "foreign").prepare()).create(now=NOW)
    forged = replace(foreign, introduced_by=ring.active().key_id)
    file = home.keys / "public" / f"{forged.key_id}.json"
    file.write_text(canonical(vars(forged)))
    assert ring.active().key_id != forged.key_id
    assert [(problem.code, problem.path) for problem in ring.problems()] == [
        ("key-foreign", f"keys/public/{forged.key_id}.json")
    ]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_private_key_that_others_can_reach_is_refused_with_the_cure(ring, home, mode):
    key = ring.create(now=NOW)
    file = home.keys / "private" / f"{key.key_id}.key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    file.chmod(mode)
    with pytest.raises(KeyExposed, match=f"chmod 600 {file}"):
        ring.sign(b"x")


def test_damaged_files_are_told_by_name(ring, home):
    key = ring.create(now=NOW)
    private = home.keys / "private" / f"{key.key_id}.key"
    private.write_text("no key")
    with pytest.raises(KeyDamaged, match=key.key_id):
        ring.sign(b"x")
    (home.keys / "public" / f"{key.key_id}.json").write_text("{}")
    with pytest.raises(KeyDamaged, match=key.key_id):
        ring.public_keys()


def test_another_algorithm_can_take_over(home):
    algorithms = {**ALGORITHMS, "ed448": Ed448()}
    first = KeyRing(home).create(now=NOW)
    ring = KeyRing(home, algorithm="ed448", algorithms=algorithms)
    second = ring.rotate(now=NOW)
    assert second.key_id.startswith("ed448-")
    assert ring.public_keys() == (first, second)
    key_id, signature = ring.sign(b"x")
    assert ring.trusted().verify(key_id, b"x", signature)
