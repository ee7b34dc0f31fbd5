"""`jiyue export`: what another installation reads is what was signed, after a kill, a withdrawal and a broken file too."""

import json
import os
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from jiyue.config.command import _parser
from jiyue.config.exporting import FILES, MANIFEST, PART, RECORDS, Export, run_export
from jiyue.config.importing import run_import
from jiyue.config.outcomes import WrongUse
from jiyue.content.actions import store_attachment
from jiyue.content.models import Exchange, Record
from jiyue.foundation.home import Home
from jiyue.foundation.objects import ObjectStore
from jiyue.publishing.models import PublicItem
from jiyue.publishing.publisher import Publisher
from jiyue.review.actions import submit_withdrawal
from tests.cast import draft, reviewed, sign_all, structured

pytestmark = [pytest.mark.django_db, pytest.mark.req("LIB-02")]
TEXT = "湖岸清洁行动的安排，逐日列出。".encode()


@pytest.fixture
def records(cast, now):
    """Three public records, the first with an attachment; one draft that nobody signed."""
    city = cast.city
    structured(city, now=now)
    file = store_attachment(site=city.site, name="安排.txt", data=TEXT, title="安排", by=city.editor, now=now)
    body = [
        {"type": "paragraph", "value": "<p>行动从本月开始。</p>", "id": "p1"},
        {"type": "attachment", "value": {"document": file.pk, "title": "安排"}, "id": "a1"},
    ]
    made = [draft(city, now=now, title="第一篇", body=body)]
    made += [draft(city, now=now, title=title) for title in ("第二篇", "第三篇")]
    for record in made:
        reviewed(city, record, now=now)
    draft(city, now=now, title="没有签发的稿件")
    Publisher().publish(city.site, now=now)
    return made


def export(folder: Path, *more: str) -> int:
    return run_export(_parser().parse_args(["export", "--site", "www.chenghu.localhost", "-o", str(folder), *more]))


def read(folder: Path) -> list[dict]:
    """What a reader does that knows nothing of this program: every digest, by itself."""
    data = (folder / RECORDS).read_bytes()
    manifest = json.loads((folder / MANIFEST).read_text())
    assert (manifest["sha256"], manifest["records"]) == (sha256(data).hexdigest(), len(data.splitlines()))
    lines = [json.loads(line) for line in data.decode().splitlines()]
    for line in lines:
        plain = json.dumps(line["record"], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        assert sha256(plain.encode()).hexdigest() == line["digest"]
        for facts in line["record"]["files"]:
            content = (folder / FILES / facts["digest"][:2] / facts["digest"]).read_bytes()
            assert (sha256(content).hexdigest(), len(content)) == (facts["digest"], facts["size"])
    return lines


def titles(folder: Path) -> list[str]:
    return [line["record"]["title"] for line in read(folder)]


def test_another_reader_finds_every_digest_and_nothing_that_was_not_signed(records, tmp_path, capsys):
    assert export(tmp_path / "out", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert titles(tmp_path / "out") == ["第一篇", "第二篇", "第三篇"]
    assert (told["records"], told["files"], told["refused"]) == (3, 1, [])
    [row] = Exchange.objects.filter(direction=Exchange.Direction.OUT)
    assert (row.state, row.counts["records"]) == (Exchange.State.DONE, 3)


def test_it_is_taken_in_as_drafts_elsewhere(cast, records, tmp_path, capsys):
    export(tmp_path / "out")
    words = ["import", str(tmp_path / "out" / RECORDS), "--site", "www.linjiang.localhost", "--column", "zwdt/yw"]
    run_import(_parser().parse_args([*words, "--by", "lj_editor"]))
    taken = Record.objects.filter(site=cast.outside.site)
    assert sorted(taken.values_list("title", flat=True)) == ["第一篇", "第三篇", "第二篇"]
    assert set(taken.values_list("state", flat=True)) == {"draft"}
    first = taken.get(title="第一篇").typed
    [block] = [block for block in first.body if block.block_type == "attachment"]
    attachment = block.value["document"]
    with attachment.file.open("rb") as file:
        assert (file.read(), attachment.site) == (TEXT, cast.outside.site)


@pytest.mark.parametrize(
    "left", [b'{"record": {"identity": "half', b"\xff\xfe\x00 no json\n", b"[]\n", b'{"record": 7}\n']
)
def test_a_killed_run_goes_on_and_half_a_line_is_written_anew(records, tmp_path, monkeypatch, left):
    out = tmp_path / "out"
    _killed_after_first(monkeypatch, out)
    with (out / PART).open("ab") as part:
        part.write(left)
    assert not (out / RECORDS).exists() and not (out / MANIFEST).exists()  # nobody takes half of it for all
    assert export(out) == 0
    assert sorted(titles(out)) == ["第一篇", "第三篇", "第二篇"] and not (out / PART).exists()


def _killed_after_first(monkeypatch, out: Path) -> None:
    whole, calls = Export._one, []

    def dying(self, item, lines):
        if calls:
            lines.flush()
            raise KeyboardInterrupt
        calls.append(item)
        whole(self, item, lines)

    with monkeypatch.context() as patch:
        patch.setattr(Export, "_one", dying)
        with pytest.raises(KeyboardInterrupt):
            export(out)
    assert len((out / PART).read_bytes().splitlines()) == 1


def test_what_was_withdrawn_between_a_kill_and_the_next_run_does_not_leave(cast, now, records, tmp_path, monkeypatch):
    out = tmp_path / "out"
    _killed_after_first(monkeypatch, out)
    later = now + timedelta(minutes=5)
    review = submit_withdrawal(record=records[0], kind="error", reason="内容有误", by=cast.city.editor, now=later)
    sign_all(cast.city, review, now=later)
    Publisher().publish(cast.city.site, now=later)
    assert export(out) == 0
    assert titles(out) == ["第二篇", "第三篇"]


def test_a_copy_that_was_altered_in_the_folder_is_written_again(records, tmp_path):
    out = tmp_path / "out"
    export(out)
    [copy] = [path for path in (out / FILES).rglob("*") if path.is_file()]
    copy.write_bytes(b"altered")
    assert export(out) == 0
    assert copy.read_bytes() == TEXT and len(read(out)) == 3


def test_a_record_whose_file_is_broken_is_left_out_and_named(records, tmp_path, settings, capsys):
    store = ObjectStore(Home(settings.JIYUE_HOME))
    path = store.path(sha256(TEXT).hexdigest())
    os.chmod(path, 0o600)
    path.write_bytes(b"rotten")
    assert export(tmp_path / "out", "--json") == 1
    told = json.loads(capsys.readouterr().out)
    [refused] = told["refused"]
    assert refused["address"] == PublicItem.objects.get(identity=records[0].identity).address and refused["why"]
    assert titles(tmp_path / "out") == ["第二篇", "第三篇"]
    assert Exchange.objects.get(direction=Exchange.Direction.OUT).state == Exchange.State.PARTLY


def test_a_forged_version_is_left_out(records, tmp_path):
    PublicItem.objects.filter(identity=records[1].identity).update(version_digest="0" * 64)
    assert export(tmp_path / "out") == 1
    assert titles(tmp_path / "out") == ["第一篇", "第三篇"]


def test_a_folder_that_takes_no_files_and_a_site_that_is_none_are_said(records, tmp_path, capsys):
    (tmp_path / "file").write_text("")
    assert export(tmp_path / "file", "--json") == 1
    assert "写不进" in json.loads(capsys.readouterr().out)["problem"]
    with pytest.raises(WrongUse, match="没有域名为"):
        run_export(_parser().parse_args(["export", "--site", "nobody.localhost", "-o", str(tmp_path)]))
