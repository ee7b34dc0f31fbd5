import hashlib
import json
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiyue.domain import release_chain
from jiyue.domain.digests import digest_of
from jiyue.domain.release_chain import BadHost, PublicKey, Release, ReleaseDamaged, check_chain, check_keys, in_order

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOST = "www.chenghu.localhost"


def signature_of(key_id: str, payload: bytes) -> str:
    """A stand-in for real signatures: everybody in this file knows the secret."""
    return hashlib.sha256(key_id.encode() + payload).hexdigest()


def verify(key_id: str, payload: bytes, signature: str) -> bool:
    return signature == signature_of(key_id, payload)


def key(public: bytes, introduced_by: PublicKey | None = None) -> PublicKey:
    key_id = release_chain.key_id_of("test", public)
    introducer = introduced_by.key_id if introduced_by else key_id
    unsigned = PublicKey(key_id, public.hex(), release_chain.stamp(NOW), introducer)
    return replace(unsigned, signature=signature_of(introducer, unsigned.signed_bytes))


FIRST = key(b"first")
SECOND = key(b"second", FIRST)
THIRD = key(b"third", SECOND)


def signed(release: Release) -> Release:
    return replace(release, signature=signature_of(release.key_id, release.signed_bytes))


def chain(length: int, keys: tuple[PublicKey, ...] = (FIRST,)) -> list[Release]:
    """Each release a minute after the one before; the keys take turns in blocks, oldest first."""
    releases: list[Release] = []
    for number in range(length):
        draft = Release(
            host=HOST,
            sequence=number + 1,
            parent=releases[-1].digest if releases else "",
            root=digest_of(b"%d" % number),
            at=release_chain.stamp(NOW + timedelta(minutes=number)),
            ledger_head=f"v1:{number:02d}",
            kind="publish",
            reason="例行发布",
            restores=0,
            key_id=keys[number * len(keys) // length].key_id,
        )
        releases.append(signed(draft))
    return releases


def files(releases: list[Release]) -> dict[str, bytes]:
    return {f"{release.sequence:08d}.json": release.file for release in releases}


def codes(files: dict[str, bytes], line: tuple[PublicKey, ...] = (FIRST,)) -> list[tuple[str, str]]:
    problems = check_chain(HOST, files, line, verify)
    return [(problem.code, problem.path.removeprefix(f"releases/{HOST}/")) for problem in problems]


def test_a_release_reads_as_it_was_written():
    release = chain(1)[0]
    assert Release.read(release.file) == release
    assert release.moment == NOW


def test_an_honest_chain_has_no_problem():
    assert codes({}) == []
    assert codes(files(chain(5))) == []
    assert codes(files(chain(6, (FIRST, SECOND, THIRD))), (FIRST, SECOND, THIRD)) == []


@given(
    number=st.integers(0, 3), name=st.sampled_from(["at", "root", "reason", "ledger_head", "kind", "restores", "host"])
)
def test_any_field_changed_afterwards_breaks_the_signature(number, name):
    releases = chain(4)
    other = {
        "at": release_chain.stamp(NOW - timedelta(days=365)),
        "root": digest_of(b"other"),
        "kind": "rollback",
        "restores": 1,
        "host": "jyj.chenghu.localhost",
    }.get(name, "other")
    releases[number] = replace(releases[number], **{name: other})
    assert ("signature-false", f"{number + 1:08d}.json") in codes(files(releases))


def test_a_release_signed_anew_no_longer_fits_the_next():
    releases = chain(3)
    releases[1] = signed(replace(releases[1], at=release_chain.stamp(NOW)))
    assert codes(files(releases)) == [("parent-differs", "00000003.json")]


def test_a_missing_a_moved_and_a_foreign_file_are_found():
    releases = files(chain(4))
    moved = {**releases, "00000003.json": releases["00000002.json"], "notes.txt": b""}
    assert codes({name: data for name, data in releases.items() if name != "00000002.json"}) == [
        ("release-missing", "00000002.json")
    ]
    assert codes({"00000003.json": releases["00000003.json"]}) == [
        ("release-missing", "00000001.json"),
        ("release-missing", "00000002.json"),
    ]
    assert codes(moved) == [
        ("release-foreign", "notes.txt"),
        ("release-misplaced", "00000003.json"),
        ("parent-differs", "00000003.json"),
        ("parent-differs", "00000004.json"),
    ]


def test_the_first_release_has_no_parent():
    first = signed(replace(chain(1)[0], parent=digest_of(b"x")))
    assert codes(files([first])) == [("parent-differs", "00000001.json")]


def test_time_may_stand_still_but_not_go_back():
    one, two = chain(2)
    assert codes(files([one, signed(replace(two, at=one.at))])) == []
    earlier = signed(replace(two, at=release_chain.stamp(NOW - timedelta(seconds=1))))
    assert codes(files([one, earlier])) == [("time-goes-back", "00000002.json")]


def test_a_key_that_was_replaced_may_not_sign_again():
    releases = chain(4, (FIRST, SECOND))
    releases[3] = signed(replace(releases[3], key_id=FIRST.key_id))
    assert codes(files(releases), (FIRST, SECOND)) == [("key-retired", "00000004.json")]


def test_an_unknown_key_is_found():
    assert codes(files(chain(1, (SECOND,)))) == [("key-unknown", "00000001.json")]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"{}",
        b"\xff",
        json.dumps(asdict(chain(1)[0])).encode(),
        chain(1)[0].file + b"\n",
        replace(chain(1)[0], kind="delete").file,
        replace(chain(1)[0], root="../..").file,
        replace(chain(1)[0], sequence=True).file,
        replace(chain(1)[0], sequence="1").file,
        replace(chain(1)[0], restores=-1).file,
        replace(chain(1)[0], at="2026-03-02").file,
        replace(chain(1)[0], host="../etc").file,
        replace(chain(1)[0], reason=None).file,
        replace(chain(1)[0], at=5).file,
        replace(chain(1)[0], root=5).file,
        replace(chain(1)[0], host=5).file,
    ],
)
def test_what_is_not_a_release_in_its_one_form_is_refused(data):
    with pytest.raises(ReleaseDamaged):
        Release.read(data)
    assert codes({"00000001.json": data}) == [("release-damaged", "00000001.json")]


def test_a_damaged_release_does_not_hide_the_one_after_it():
    releases = files(chain(3))
    releases["00000002.json"] = b"{}"
    assert codes(releases) == [("release-damaged", "00000002.json"), ("parent-differs", "00000003.json")]


def test_keys_stand_in_the_order_of_their_introduction():
    assert in_order([THIRD, FIRST, SECOND], verify) == (FIRST, SECOND, THIRD)
    assert in_order([], verify) == ()


def test_a_key_without_a_genuine_introduction_is_left_out_and_reported():
    unsigned = replace(SECOND, signature="00")
    renamed = replace(key(b"other", FIRST), key_id="test-0000000000000000")
    assert in_order([FIRST, unsigned, renamed], verify) == (FIRST,)
    problems = check_keys([FIRST, unsigned], (FIRST,))
    assert [(problem.code, problem.path) for problem in problems] == [
        ("key-foreign", f"keys/public/{SECOND.key_id}.json")
    ]


def test_moments_are_stamped_in_utc_and_need_a_zone():
    beijing = timezone(timedelta(hours=8))
    assert release_chain.stamp(datetime(2026, 3, 2, 17, tzinfo=beijing)) == release_chain.stamp(NOW)
    with pytest.raises(ValueError, match="time zone"):
        release_chain.stamp(datetime(2026, 3, 2))  # noqa: DTZ001 naive on purpose


@pytest.mark.parametrize("host", ["www.chenghu.localhost", "a", "xn--fiq228c.cn", "1.2.3.4", "a-b.gov.cn"])
def test_a_host_name_is_taken(host):
    assert release_chain.check_host(host) == host


@pytest.mark.parametrize(
    "host", ["", ".", "..", "a/b", "A.cn", "-a.cn", "a-.cn", "a..b", ".a", "a.", "a:80", "a" * 254, "a\n"]
)
def test_a_host_name_that_could_name_another_folder_is_refused(host):
    with pytest.raises(BadHost):
        release_chain.check_host(host)
