"""`jiyue services`: compare, import and export, with exit statuses a script can rely on."""

import argparse
import json
from dataclasses import replace

import pytest

from jiyue.config.command import _parser
from jiyue.config.outcomes import WrongUse
from jiyue.config.services import run_services
from jiyue.content.actions import save_column
from jiyue.content.models import Column, ServiceGuide, ServiceItem
from jiyue.content.service_entries import entry_of_draft
from jiyue.domain.service_items import written
from tests.cast import TEST
from tests.services import guide_of, item_of

pytestmark = pytest.mark.django_db
HOST = "www.chenghu.localhost"


def run(*words: str) -> int:
    options: argparse.Namespace = _parser().parse_args(["services", *words])
    return run_services(options)


@pytest.fixture
def file(cast, now, tmp_path):
    entry = entry_of_draft(guide_of(cast.city, item_of(cast, now=now), now=now))
    path = tmp_path / "平台.jsonl"
    path.write_text(written(replace(entry, promised_days=7)) + "\n")
    return path


@pytest.mark.req("SERV-05")
def test_differences_are_one_document_and_status_one(file, capsys):
    assert run("compare", str(file), "--site", HOST, "--json") == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["items"], told["different"], told["problems"]) == (1, 1, [])
    [found] = told["differences"]
    assert (found["field"], found["ours"], found["theirs"]) == ("promised_days", 10, 7)


def test_the_same_says_so_with_status_nothing(cast, file, capsys):
    ServiceGuide.objects.update(promised_days=7)
    assert run("compare", str(file), "--site", HOST) == 0
    assert "一致 1" in capsys.readouterr().out


def test_an_import_makes_what_is_missing_and_again_nothing(cast, now, tmp_path, capsys):
    column = Column(site=cast.city.site, kind="services", channel="services", name="办事服务", slug="bsfw",
                    responsible=cast.city.organisation, description="指南", keywords="办事")  # fmt: skip
    save_column(column=column, by=TEST, now=now)
    new = {"code": "990100-SB-0007", "name": "社保卡申领", "item_class": "public_service", "audiences": ["person"],
           "item_basis": "社会保险法", "place": "市民中心"}  # fmt: skip
    path = tmp_path / "new.jsonl"
    path.write_text(json.dumps(new))
    run("import", str(path), "--site", HOST, "--by", "duban")
    assert run("import", str(path), "--site", HOST, "--by", "ch_editor") == 0
    assert run("import", str(path), "--site", HOST, "--by", "ch_editor") == 0
    assert (ServiceItem.objects.count(), ServiceGuide.objects.count()) == (1, 1)
    assert "登记事项 1 个" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("compare", "none.jsonl", "--site", HOST), "读不了"),
        (("compare", "none.jsonl", "--site", "nobody.cn"), "没有域名"),
        (("import", "none.jsonl", "--site", HOST, "--by", "nobody"), "读不了"),
        (("export", "--site", HOST, "-o", "/nowhere/x.jsonl"), "写不进"),
    ],
)  # fmt: skip
def test_wrong_use_is_told_in_one_line(cast, words, said):
    with pytest.raises(WrongUse, match=said):
        run(*words)


def test_who_may_not_bring_in_is_told(cast, file):
    with pytest.raises(WrongUse, match="督办人员"):
        run("import", str(file), "--site", HOST, "--by", "ch_manager")


@pytest.mark.req("SERV-13")
def test_an_export_holds_what_is_public_alone(cast, file, tmp_path, capsys):
    out = tmp_path / "ours.xlsx"
    assert run("export", "--site", HOST, "-o", str(out), "--json") == 0
    assert json.loads(capsys.readouterr().out)["items"] == 0 and out.read_bytes()[:2] == b"PK"
