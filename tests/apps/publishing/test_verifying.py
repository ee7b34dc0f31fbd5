import json
import os
import resource
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from jiyue.domain.digests import digest_of
from jiyue.domain.manifests import File
from jiyue.domain.release_chain import ReleaseDamaged
from jiyue.foundation.home import Home
from jiyue.foundation.keys import KeyRing
from jiyue.publishing.deploying import Deployer
from jiyue.publishing.problem_wording import SENTENCES, sentence
from jiyue.publishing.verifying import verify

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOST = "www.chenghu.localhost"
PAGES = {"index.html": b"home", "zw/1.html": b"one", "zw/2.html": b"two"}


@pytest.fixture
def home(tmp_path):
    """Two releases of one host."""
    home = Home(tmp_path / "home").prepare()
    KeyRing(home).create(now=NOW)
    publish(home, {**PAGES, "old.html": b"old"})
    publish(home, {"old.html": None})
    return home


def publish(home: Home, pages: dict[str, bytes | None], host: str = HOST):
    deployer = Deployer(home, KeyRing(home))
    changes = {path: data and File(deployer.store.put(data), len(data)) for path, data in pages.items()}
    return deployer.switch(deployer.prepare(host, changes), now=NOW, ledger_head="v1:00")


def public(home: Home, path: str):
    """The file itself, with its folder open for changes."""
    file = (home.public_root(HOST) / path).resolve().parent / path.rpartition("/")[2]
    file.parent.chmod(0o755)
    return file


def found(home: Home, **options) -> set[tuple[str, str]]:
    return {(problem.code, problem.path) for problem in verify(home, **options).problems}


def folder_open(path: str) -> tuple[str, str]:
    return ("mode-wrong", f"deployed/{HOST}{path}")


def test_what_was_deployed_verifies(home):
    publish(home, {"index.html": b"jyj"}, host="jyj.chenghu.localhost")
    report = verify(home)
    assert report.is_clean
    assert (report.files, report.directories, report.bytes) == (4, 3, 13)
    assert [(host.host, host.releases, host.sequence) for host in report.hosts] == [
        ("jyj.chenghu.localhost", 1, 1),
        (HOST, 2, 2),
    ]
    assert [host.host for host in verify(home, HOST).hosts] == [HOST]


def test_an_empty_home_verifies_and_an_unknown_host_is_refused(tmp_path):
    home = Home(tmp_path / "empty").prepare()
    assert verify(home).is_clean
    with pytest.raises(LookupError):
        verify(home, HOST)


def test_a_page_exchanged_in_its_place_is_found(home):
    page = public(home, "zw/1.html")
    page.unlink()
    page.write_bytes(b"bad")
    page.chmod(0o444)
    assert found(home) == {("content-differs", f"deployed/{HOST}/zw/1.html"), folder_open("/zw")}
    problem = next(problem for problem in verify(home).problems if problem.code == "content-differs")
    assert problem.expected == f"{digest_of(b'one')} (3)"
    assert problem.found == f"{digest_of(b'bad')} (3)"


def test_a_page_written_over_is_found_together_with_its_original(home):
    page = public(home, "index.html")
    page.chmod(0o644)
    page.write_bytes(b"evil")
    path = f"deployed/{HOST}/index.html"
    assert found(home) == {
        ("content-differs", path),
        ("object-damaged", path),
        ("mode-wrong", path),
        folder_open(""),
    }


def test_a_foreign_file_a_missing_file_and_a_link_to_elsewhere_are_found(home, tmp_path):
    public(home, "zw/door.php").write_bytes(b"<?php")
    public(home, "zw/1.html").unlink()
    public(home, "zw/2.html").unlink()
    public(home, "zw/2.html").symlink_to("/etc/hostname")
    (tmp_path / "elsewhere").mkdir()
    folder = public(home, "index.html").with_name("zw")
    zw = os.readlink(folder)
    folder.unlink()
    folder.symlink_to(tmp_path / "elsewhere")
    assert found(home) == {
        ("entry-foreign", f"deployed/{HOST}/zw/door.php"),
        ("entry-missing", f"deployed/{HOST}/zw/1.html"),
        ("entry-replaced", f"deployed/{HOST}/zw/2.html"),
        ("entry-replaced", f"deployed/{HOST}/zw"),
        folder_open("/zw"),
        folder_open(""),
    }
    assert zw.startswith("../../")


def test_a_shallow_look_sees_sizes_and_entries_but_not_bytes(home):
    page = public(home, "zw/1.html")
    page.unlink()
    page.write_bytes(b"bad")
    page.chmod(0o444)
    page.parent.chmod(0o555)
    assert verify(home, deep=False).is_clean
    page.chmod(0o644)
    assert found(home, deep=False) == {("mode-wrong", f"deployed/{HOST}/zw/1.html")}


def test_missing_directories_manifests_and_originals_are_found(home):
    zw = (home.public_root(HOST) / "zw").resolve()
    subprocess.run(["rm", "-r", str(zw)], check=True)
    assert found(home) == {("directory-missing", f"deployed/{HOST}/zw")}
    home.object_file(zw.name).unlink()
    home.object_file(digest_of(b"home")).unlink()
    assert found(home) == {
        ("manifest-missing", f"deployed/{HOST}/zw"),
        ("manifest-missing", f"releases/{HOST}/00000001.json"),
        ("object-missing", f"deployed/{HOST}/index.html"),
    }


def test_the_original_of_an_earlier_release_is_missed(home):
    home.object_file(digest_of(b"old")).unlink()
    assert found(home) == {("object-missing", f"releases/{HOST}/00000001.json")}
    assert verify(home, deep=False).is_clean


def test_a_public_root_that_was_turned_elsewhere_is_found(home, tmp_path):
    root = home.public_root(HOST)
    root.unlink()
    assert found(home) == {("root-missing", f"deployed/{HOST}")}
    root.symlink_to(tmp_path)
    assert found(home) == {("root-differs", f"deployed/{HOST}")}
    home.public_root("evil.localhost").mkdir()
    assert ("root-foreign", "deployed/evil.localhost") in found(home)


def test_a_false_chain_head_is_found(home):
    home.heads_file(HOST).write_bytes(b"{}")
    assert found(home) == {("heads-differ", f"heads/{HOST}/jiyue-release.json")}
    home.heads_file(HOST).unlink()
    assert found(home) == {("heads-missing", f"heads/{HOST}/jiyue-release.json")}


def test_a_removed_release_and_a_changed_date_are_found(home):
    first, second = home.release_file(HOST, 1), home.release_file(HOST, 2)
    data = second.read_bytes()
    second.chmod(0o644)
    second.write_bytes(data.replace(b"2026-03-02", b"2025-03-02"))
    assert {code for code, _ in found(home)} == {"signature-false", "time-goes-back", "heads-differ"}
    second.write_bytes(data)
    first.unlink()
    assert found(home) == {("release-missing", f"releases/{HOST}/00000001.json")}


def test_a_chain_rewritten_with_other_keys_is_found_by_the_first_key(home, tmp_path):
    first_key = KeyRing(home).active().key_id
    other = Home(tmp_path / "other").prepare()
    KeyRing(other).create(now=NOW)
    publish(other, {"index.html": b"forged"})
    assert verify(other).is_clean
    assert found(other, first_key=first_key) == {("anchor-differs", "keys/public")}
    KeyRing(home).rotate(now=NOW)
    publish(home, {"index.html": b"new"})
    assert verify(home, first_key=first_key).is_clean


def test_a_chain_rewritten_or_cut_by_the_owner_of_the_keys_is_found_by_a_kept_head(home):
    witness = home.heads_file(HOST).read_bytes()
    newest = home.release_file(HOST, 2)
    path = f"releases/{HOST}/00000002.json"
    assert verify(home, witness=witness).is_clean
    newest.unlink()
    Deployer(home, KeyRing(home)).recover(HOST)
    assert verify(home).is_clean
    assert found(home, witness=witness) == {("witness-differs", path)}
    publish(home, {"index.html": b"another second release"})
    assert verify(home).is_clean
    assert found(home, witness=witness) == {("witness-differs", path)}
    publish(home, {"index.html": b"third"})
    assert found(home, witness=witness) == {("witness-differs", path)}


@pytest.mark.parametrize("witness", [b"[]", b"{}", b"rubbish", b'{"release": {}}'])
def test_a_witness_that_is_no_chain_head_is_refused(home, witness):
    with pytest.raises(ReleaseDamaged):
        verify(home, witness=witness)


def test_many_directories_are_checked_by_several_processes(home):
    publish(home, {f"{number}/{number % 7}.html": b"%d" % number for number in range(600)})
    page = public(home, "599/4.html")
    page.unlink()
    report = verify(home)
    assert report.files == 602
    assert {problem.path for problem in report.problems} == {f"deployed/{HOST}/599/4.html", f"deployed/{HOST}/599"}


def test_every_code_has_a_sentence_in_both_languages(home):
    assert SENTENCES["zh"].keys() == SENTENCES["en"].keys()
    public(home, "zw/1.html").unlink()
    report = verify(home)
    for problem in report.problems:
        for language in SENTENCES:
            assert problem.path in sentence(problem, language)
    messages = {problem["code"]: problem["message"] for problem in report.as_json()["problems"]}
    assert messages["entry-missing"] == f"deployed/{HOST}/zw/1.html 在清单中，但文件不存在"


def test_it_starts_in_under_a_second_without_a_database_and_prints_one_document(home):
    script = (
        "import pathlib, sys\n"
        "from jiyue.foundation.home import Home\n"
        "from jiyue.publishing.verifying import print_json, verify\n"
        "print_json(verify(Home(pathlib.Path(sys.argv[1]))))\n"
        "assert 'django' not in sys.modules\n"
    )
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-c", script, str(home.path)]
    out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    # Seconds of computing, so that a busy machine does not fail the test.
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 1
    assert json.loads(out)["clean"] is True
