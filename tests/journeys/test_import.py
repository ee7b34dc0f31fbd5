"""Historic files come in by the command, stay once through every interruption, are signed for and served.

Each run is a process of its own on a home of its own, as an operator would start it.
"""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.apps.content.intake_samples import NOTICE, pdf, repacked, word
from tests.apps.content.test_importing import article, lines_of

ROOT = Path(__file__).parents[2]
SITE = "www.chenghu.localhost"
CITY = "from tests.cast import build_cast; from tests.clock import NOW; build_cast(now=NOW)"
SIGNED = """
from django.utils import timezone
from jiyue.identity.models import User
from jiyue.publishing.publisher import Publisher
from jiyue.review.actions import approve, submit_structure
from jiyue.review.checklist import ALL_GATES
from jiyue.review.models import Review
from jiyue.estate.models import Site
site, now, who = Site.objects.get(host="www.chenghu.localhost"), timezone.now(), User.objects.get
structure = submit_structure(site=site, by=who(username="ch_manager"), now=now)
approve(review=structure, by=who(username="ch_final"), now=now, gates=ALL_GATES)
review = Review.objects.get(act="batch")
drawn = review.site.batches.get().sample
for name in ("ch_first", "ch_secrecy", "ch_final"):
    review = approve(
        review=review, by=who(username=name), now=now, gates=ALL_GATES, reason="不涉及国家秘密", looked_at=drawn
    )
print(Publisher().publish(site, now=timezone.now()).deployed)
"""
COUNT = """
select (select count(*) from content_record),
       (select count(*) from foundation_auditevent where code = 'content.record_created')
"""


LAST = 1.5  # seconds


def start(home: Path, *words: str) -> subprocess.Popen:
    environment = {
        **os.environ, "JIYUE_HOME": str(home), "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
        "DJANGO_SETTINGS_MODULE": "jiyue.config.settings.base",
    }  # fmt: skip
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen([sys.executable, *words], env=environment, cwd=ROOT, **pipes)


def run(home: Path, *words: str) -> subprocess.CompletedProcess:
    with start(home, *words) as process:
        out, err = process.communicate(timeout=600)
    return subprocess.CompletedProcess(words, process.returncode, out, err)


def script(home: Path, text: str) -> str:
    done = run(home, "-c", f"import django; django.setup()\n{text}")
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def importing(*files: Path, column="zwgk/zcwj", by="ch_editor", site=SITE, more=()) -> list[str]:
    where = ["--site", site, "--column", column, "--by", by, "--source", "历史资料"]
    return ["-m", "jiyue.config.command", "import", *map(str, files), *where, *more]


@pytest.fixture(scope="module")
def city_home(tmp_path_factory, found) -> Path:
    """A home with a database and the city of the tests, made once and copied for each test."""
    home = tmp_path_factory.mktemp("city") / "home"
    found(home)
    script(home, CITY)
    return home


@pytest.fixture
def own_home(city_home, tmp_path) -> Path:
    return Path(shutil.copytree(city_home, tmp_path / "own", symlinks=True))


@pytest.fixture(scope="module")
def policy_docs() -> Path:
    """Real documents; they lie beside the checkout and are not part of it."""
    folder = Path(os.environ.get("JIYUE_TEST_DATA", ROOT.parent / "shared" / "data")) / "policy_docs"
    if not folder.is_dir():
        if os.environ.get("CI") == "true":
            pytest.fail("test data is missing: set JIYUE_TEST_DATA")
        pytest.skip("no test data beside the checkout")
    return folder


@pytest.mark.slow
def test_real_documents_are_imported_signed_for_and_served(own_home, policy_docs):
    files = [policy_docs / "state_council_docs.jsonl", policy_docs / "guangzhou_local_docs.jsonl"]
    first = run(own_home, *importing(*files, more=["--json"]))
    report = json.loads(first.stdout)
    assert (first.returncode, report["new"], report["there"]) == (1, 56, 0)
    assert report["fields"]["document_number"]["found"] + report["fields"]["document_number"]["absent"] == 45
    again = json.loads(run(own_home, *importing(*files, more=["--json", "--submit"])).stdout)
    assert (again["new"], again["there"], again["batch"]) == (0, 56, report["batch"])
    ready = report["batch"]["records"]
    assert script(own_home, SIGNED) == str(ready + 1)  # and the structure
    public = own_home / "deployed" / SITE / "zwgk" / "zcwj"
    pages = list(public.glob("*/*/*.html"))
    assert len(pages) == ready
    assert any("国发〔2019〕3号" in page.read_text() for page in pages)


@pytest.mark.slow
def test_a_run_that_is_killed_is_finished_by_the_next(own_home, tmp_path):
    file = tmp_path / "千条.jsonl"
    file.write_bytes(lines_of([article(n) for n in range(1000)]))
    before = counts(own_home)
    kept = [0]
    for seconds in (0.5, 1.0, LAST):
        with start(own_home, *importing(file)) as process:
            assert "/" in process.stderr.readline()  # it has begun
            time.sleep(seconds)
            while seconds == LAST and counts(own_home) == before and process.poll() is None:
                time.sleep(0.05)  # on a busy machine nothing may have been taken in by now
            process.send_signal(signal.SIGKILL)
        kept.append(counts(own_home)[0] - before[0])
    assert kept == sorted(kept)
    assert 0 < kept[-1] < 1000
    assert json.loads(run(own_home, *importing(file, more=["--json"])).stdout)["there"] == kept[-1]
    assert counts(own_home) == [before[0] + 1000, before[1] + 1000]


def counts(home: Path) -> list[int]:
    """Imported records, and their traces."""
    with closing(sqlite3.connect(home / "db.sqlite3")) as database:
        return list(database.execute(COUNT).fetchone())


def refused_files(folder: Path) -> dict[str, bytes]:
    docx = word()
    return {
        "宏.docx": repacked(docx, add={"word/vbaProject.bin": b"x"}),
        "炸弹.docx": repacked(docx, add={"word/media/x.bin": bytes(60 << 20)}),
        "半截.pdf": pdf([["澄湖市渔业管理办法"]])[:300],
        "空.txt": b"",
        "乱码.txt": bytes(range(128, 256)) * 20,
        "程序.txt": b"MZ\x00\x00\x01\x02" * 100,
    }


def test_each_bad_file_has_its_own_sentence_and_the_rest_goes_on(own_home, tmp_path):
    for name, content in refused_files(tmp_path).items():
        (tmp_path / name).write_bytes(content)
    with (tmp_path / "巨大.txt").open("wb") as huge:
        huge.truncate(200 << 20)
    (tmp_path / "脚本.html").write_text(
        "<html><head><title>关于防汛的通知</title></head><body onload='x()'><h1>关于防汛的通知</h1>"
        "<p>各县人民政府：</p><p>为做好防汛工作，请各地立即检查堤防，落实责任，做好人员和物资的准备，有情况及时报告。</p><script>alert(1)</script></body></html>"
    )
    (tmp_path / "好.txt").write_text(NOTICE)
    (tmp_path / "副本.txt").write_text(NOTICE)
    names = [*refused_files(tmp_path), "巨大.txt", "没有.txt", "脚本.html", "好.txt", "副本.txt"]
    done = run(own_home, *importing(*[tmp_path / name for name in names], more=["--json"]))
    report = json.loads(done.stdout)
    codes = {row["source"]: row["code"] for row in report["refused"]}
    assert done.returncode == 1
    assert codes == {
        "宏.docx": "docx_macros", "炸弹.docx": "zip_bomb", "半截.pdf": "pdf_truncated", "空.txt": "empty",
        "乱码.txt": "encoding_unknown", "程序.txt": "binary", "巨大.txt": "too_large", "没有.txt": "not_found",
        "副本.txt": "duplicate",
    }  # fmt: skip
    assert len({row["why"] for row in report["refused"]}) == len(codes)
    assert {row["source"]: row["status"] for row in report["documents"]} == {"脚本.html": "doubtful", "好.txt": "read"}
    assert any("脚本" in doubt for row in report["documents"] for doubt in row["doubts"])


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"site": "www.none.localhost"}, "没有域名为 www.none.localhost 的网站"),
        ({"column": "zwgk/none"}, "没有栏目 zwgk/none"),
        ({"by": "nobody"}, "没有可用的账号 nobody"),
        ({"by": "ch_first"}, "ch_first 不能在“政策文件”栏目录入"),
        ({"by": "lj_editor"}, "lj_editor 不能在“政策文件”栏目录入"),
        ({"column": "zwgk"}, "ch_editor 不能在“政务公开”栏目录入"),
    ],
)
def test_wrong_use_is_told_in_one_line(city_home, tmp_path, wrong, told):
    file = tmp_path / "好.txt"
    file.write_text(NOTICE)
    done = run(city_home, *importing(file, **wrong))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"jiyue: {told}") or told in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_file_that_is_not_there_is_wrong_use(city_home, tmp_path):
    done = run(city_home, *importing(tmp_path / "没有.txt"))
    assert (done.returncode, done.stdout) == (2, "")
    assert "找不到文件" in done.stderr
