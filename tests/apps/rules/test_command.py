"""`jiyue rules`: the stable contract of design 10, and an answer in a sentence to whatever cannot be answered."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from jiyue.config.command import main
from tests.unit.rules.packs import CITY, NATIONAL, PARAMETERS

REPLY = """\
message.reply:
  2022:
    limit: 5 working-days
    latest: 10 working-days
    latest_needs: reason
    latest_when: 需要调查核实的
    basis: platform 第二条
interpretation.publish:
  2022: {limit: with-event, basis: platform 第三条}
column.update.news:
  2022: {gap: 2 weeks, basis: platform 第四条}
site.report:
  2022: {by: 01-31, basis: platform 第五条}
review.levels:
  2022: {word: 分级审核, basis: platform 第六条}
"""
NATION = """\
review.levels:
  undated: {value: 3, basis: guideline 附件}
log.retention:
  2017-06-01: {at_least: 6 months, basis: guideline 第一条}
"""
OFF = "\n".join(f"  2025-10-{day:02}: 国庆节、中秋节" for day in range(1, 9))
CALENDAR = (
    f"year: 2025\nnotice: null\noff:\n{OFF}\nworked:\n  2025-09-28: 国庆节、中秋节\n  2025-10-11: 国庆节、中秋节\n"
)


@pytest.fixture(autouse=True)
def packs(tmp_path, monkeypatch):
    """Two packs, a catalogue and one calendar in a folder of their own."""
    root = tmp_path / "packs"
    files = {
        "parameters.yaml": PARAMETERS, "calendars/2025.yaml": CALENDAR, "national/pack.yaml": NATIONAL,
        "national/rules.yaml": NATION, "lake/pack.yaml": CITY, "lake/interaction.yaml": REPLY,
    }  # fmt: skip
    for name, content in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content, "utf-8")
    monkeypatch.setenv("JIYUE_RULEPACKS", str(root))
    return root


@pytest.fixture
def ask(capsys):
    """Run a command; gives status, standard output and standard error."""

    def run(*arguments):
        status = main(["rules", *map(str, arguments)])
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return run


@pytest.fixture
def ask_json(ask):
    def run(*arguments):
        status, out, err = ask(*arguments, "--json")
        assert err == ""
        return status, json.loads(out)

    return run


@pytest.mark.req("PLAT-07")
def test_due_gives_exactly_the_promised_document(ask_json):
    status, found = ask_json("due", "P-40", "--pack", "lake", "--from", "2025-09-29T10:00")
    days = found.pop("days")
    assert (status, found) == (0, {
        "parameter": "message.reply", "pack": "lake", "pack_version": "2026-11-22", "unit": "working-days", "limit": 5,
        "from": "2025-09-29T10:00:00+08:00", "due": "2025-10-13T23:59:59+08:00", "latest": "2025-10-20T23:59:59+08:00",
        "basis": [{"document": "澄湖市政府网站管理办法", "article": "第二条"}], "provisional": False,
    })  # fmt: skip
    assert (days[0], days[1], days[-1]) == (
        {"date": "2025-09-30", "working": True, "why": "工作日"},
        {"date": "2025-10-01", "working": False, "why": "国庆节、中秋节放假"},
        {"date": "2025-10-13", "working": True, "why": "工作日"},
    )
    assert {"date": "2025-10-11", "working": True, "why": "国庆节、中秋节调休上班"} in days
    assert sum(day["working"] for day in days) == 5


def test_the_days_run_to_the_latest_limit_when_asked(ask_json):
    _, found = ask_json("due", "message.reply", "--pack", "lake", "--from", "2025-09-29T10:00", "--latest")
    assert (found["days"][-1]["date"], sum(day["working"] for day in found["days"])) == ("2025-10-20", 10)


@pytest.mark.parametrize(
    ("start", "since"),
    [
        ("2025-09-29", "2025-09-29T00:00:00+08:00"),
        ("2025-09-29 10:00", "2025-09-29T10:00:00+08:00"),
        ("2025-09-29T02:00Z", "2025-09-29T10:00:00+08:00"),
        ("2025-09-28T20:00-06:00", "2025-09-29T10:00:00+08:00"),
    ],
)
def test_a_start_may_be_a_day_a_local_time_or_carry_its_offset(ask_json, start, since):
    _, found = ask_json("due", "P-40", "--pack", "lake", "--from", start)
    assert (found["from"], found["due"]) == (since, "2025-10-13T23:59:59+08:00")


def test_a_time_without_offset_is_said_to_be_taken_as_shanghai(ask):
    assert "--from 没有时区，按北京时间" in ask("due", "P-40", "--pack", "lake", "--from", "2025-09-29T10:00")[1]
    assert "没有时区" not in ask("due", "P-40", "--pack", "lake", "--from", "2025-09-29T10:00+08:00")[1]


def test_a_year_without_calendar_makes_the_answer_provisional(ask_json, ask):
    _, found = ask_json("due", "P-40", "--pack", "lake", "--from", "2025-12-30")
    assert found["provisional"] is True
    assert "暂定" in ask("due", "P-40", "--pack", "lake", "--from", "2025-12-30")[1]


def test_a_limit_at_the_same_time_follows_the_other_event(ask_json):
    question = ("due", "P-31", "--pack", "lake", "--from", "2025-09-29T10:00")
    _, found = ask_json(*question, "--event", "2025-09-30T08:00")
    assert (found["unit"], found["limit"], found["due"]) == ("with-event", 0, "2025-09-30T08:00:00+08:00")
    assert ask_json(*question)[1]["due"] == "2025-09-29T10:00:00+08:00"


def test_a_longest_gap_and_a_fixed_day_have_a_date_too(ask_json):
    _, gap = ask_json("due", "P-20", "--pack", "lake", "--from", "2025-09-29")
    _, fixed = ask_json("due", "P-54", "--pack", "lake", "--from", "2025-09-29")
    assert (gap["unit"], gap["limit"], gap["due"]) == ("weeks", 2, "2025-10-13T23:59:59+08:00")
    assert (fixed["unit"], fixed["limit"], fixed["due"]) == ("date", "01-31", "2026-01-31T23:59:59+08:00")


def test_what_no_pack_sets_is_answered_by_naming_all_who_were_asked(ask, ask_json):
    status, out, _ = ask("due", "P-40", "--pack", "national", "--from", "2025-09-29")
    assert (status, "没有规定：国家未规定" in out) == (1, True)
    status, found = ask_json("due", "P-40", "--pack", "national", "--from", "2025-09-29")
    assert (status, found["due"], found["pack"], found["days"]) == (1, None, None, [])
    status, out, _ = ask("explain", "P-40", "--pack", "lake", "--from", "2021-12-31")
    assert (status, "示范省澄湖市自 2022 起（文中未写到日）才有规定；国家未规定" in out) == (1, True)


def test_a_rule_that_is_no_limit_has_no_date(ask):
    status, out, _ = ask("due", "P-60", "--pack", "lake", "--from", "2025-09-29")
    assert (status, "没有可以算出的日期" in out) == (1, True)


def test_an_explanation_tells_rule_article_start_each_day_and_both_ends(ask):
    status, out, _ = ask("explain", "P-40", "--pack", "lake", "--from", "2025-09-29T10:00+08:00")
    assert status == 0
    assert out.splitlines()[:8] == [
        "参数：留言答复（message.reply，P-40、P-41）",
        "起止：从收到留言到答复",
        "规定：5 个工作日（需要调查核实的，最迟 10 个工作日，须说明理由）",
        "依据：《澄湖市政府网站管理办法》第二条，据资料摘记",
        "出自：示范省澄湖市（规则包 lake，2026-11-22 版），自 2022 起（文中未写到日）",
        "起算：2025-09-29 10:00:00",
        "期限：2025-10-13 23:59:59",
        "最迟：2025-10-20 23:59:59（需要调查核实的），须说明理由",
    ]
    assert "  2025-10-11 周六  国庆节、中秋节调休上班，第 4 个工作日" in out
    assert "  2025-10-13 周一  工作日，第 5 个工作日  ← 期限" in out
    assert "  2025-10-18 周六  周末，不计入" in out


def test_what_was_passed_on_the_way_up_is_told(ask):
    _, out, _ = ask("show", "P-35", "--pack", "lake", "--on", "2025-09-29")
    assert "规定：3" in out
    assert "出自：国家" in out
    assert "经过：示范省澄湖市只写“分级审核”，没有数值" in out


def test_show_without_a_pack_tells_the_history_of_all(ask, ask_json):
    _, out, _ = ask("show", "log.retention")
    assert "示范省澄湖市（lake）：未规定" in out
    assert "  自 2017-06-01 起：至少 6 个月" in out
    _, found = ask_json("show", "log.retention")
    assert [(row["pack"], len(row["values"])) for row in found["packs"]] == [("national", 1), ("lake", 0)]


def test_list_names_every_parameter_and_who_sets_it(ask, ask_json):
    _, found = ask_json("list")
    assert {row["parameter"]: row["packs"] for row in found}["review.levels"] == ["national", "lake"]
    _, out, _ = ask("list", "--pack", "lake", "--on", "2025-09-29")
    assert "message.reply  P-40、P-41  期限  留言答复  5 个工作日" in out
    assert "interpretation.coverage  P-32  比例  政策解读覆盖率  未规定" in out


def test_a_reader_that_has_seen_enough_is_no_error():
    """More than a pipe holds, of which one line is read."""
    asked = f"{sys.executable} -m jiyue.config.command rules compare hebi hubei --all --json | head -1"
    path = Path(__file__).resolve().parents[3] / "src"
    environment = {"PYTHONPATH": str(path), "PATH": os.environ["PATH"]}
    run = subprocess.run(["sh", "-c", asked], capture_output=True, text=True, env=environment, check=False)
    assert run.stderr == ""


def test_compare_shows_differences_and_all_on_demand(ask, ask_json):
    question = ("compare", "lake", "national", "--on", "2025-09-29")
    _, found = ask_json(*question)
    assert [row["parameter"] for row in found["parameters"]] == [
        "message.reply", "interpretation.publish", "column.update.news", "site.report", "review.levels",
    ]  # fmt: skip
    _, found = ask_json(*question, "--all")
    assert [row["parameter"] for row in found["parameters"] if not row["differs"]] == ["log.retention"]
    _, out, _ = ask(*question)
    assert "  示范省澄湖市：3（取自 国家）；示范省澄湖市只写“分级审核”，没有数值" in out
    assert out.endswith("2025-09-29：5 项不同\n")


REFUSED = {
    ("show", "P-99"): "没有参数 P-99",
    ("show", "mesage.reply"): "是不是 message.reply",
    ("list", "--pack", "sea"): "没有规则包 sea；现有：national、lake",
    ("list", "--pack", "lake", "--on", "2025-02-30"): "--on 2025-02-30 不是日期",
    ("due", "P-40", "--pack", "lake", "--from", "soon"): "--from soon 不是时间",
    ("due", "P-40", "--pack", "lake", "--from", "2025-09-31"): "--from 2025-09-31 不是时间",
    ("due", "P-40", "--pack", "lake", "--from", "9999-12-31T23:00"): "--from 9999-12-31T23:00 的年份",
    ("due", "P-40", "--pack", "lake", "--from", "2025-09-29", "--event", "x"): "--event x 不是时间",
    ("check", "/nowhere/at/all"): "读不了 /nowhere/at/all：没有这个文件",
}


@pytest.mark.parametrize("arguments", REFUSED)
def test_what_cannot_be_answered_is_refused_in_one_line(ask, arguments):
    status, out, err = ask(*arguments)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert REFUSED[arguments] in err


def test_a_pack_with_a_fault_answers_nothing(ask, packs):
    (packs / "lake" / "interaction.yaml").write_text(REPLY.replace("gap: 2 weeks", "gap: 2 moons"), "utf-8")
    status, out, err = ask("due", "P-40", "--pack", "lake", "--from", "2025-09-29")
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert "lake/interaction.yaml:11: “2 moons”的单位不认识" in err


# ---- check ---------------------------------------------------------------------------------------------------------


def test_a_sound_folder_of_packs_is_clean(ask, packs):
    assert ask("check", packs) == (0, "核对了 6 个文件，没有问题\n", "")
    assert ask("check", packs / "lake")[:2] == (0, "核对了 2 个文件，没有问题\n")
    assert ask("check", packs / "lake" / "interaction.yaml")[:2] == (0, "核对了 1 个文件，没有问题\n")
    assert ask("check", packs / "calendars")[:2] == (0, "核对了 1 个文件，没有问题\n")
    assert ask("check", packs / "parameters.yaml")[:2] == (0, "核对了 1 个文件，没有问题\n")


def test_check_tells_each_problem_with_its_line_and_how_to_mend_it(ask, packs):
    topic = packs / "lake" / "interaction.yaml"
    topic.write_text(REPLY.replace("2 weeks", "2 moons").replace("message.reply", "mesage.reply"), "utf-8")
    status, out, _ = ask("check", packs / "lake")
    assert (status, out.splitlines()) == (1, [
        f"{topic}:1: 没有名为“mesage.reply”的参数。用 jiyue rules list 查看全部参数；是不是“message.reply”？",
        f"{topic}:11: “2 moons”的单位不认识。请写成“数字 单位”，单位用 hours、days、working-days、weeks、months、years，"
        "例如 5 working-days。",
        "核对了 2 个文件，2 处问题",
    ])  # fmt: skip


def test_check_tells_the_same_to_a_program(ask_json, packs):
    (packs / "lake" / "new.yaml").write_text("message.reply:\n  2023: {limit: 5 days, basis: platform 一}\n", "utf-8")
    status, found = ask_json("check", packs / "lake" / "new.yaml")
    (problem,) = found["problems"]
    assert (status, found["files"], problem["line"], problem["code"]) == (1, 1, 2, "wrong-unit")


def test_check_finds_a_loop_and_a_pack_that_is_absent(ask, packs):
    (packs / "lake" / "pack.yaml").write_text(CITY.replace("extends: national", "extends: lake"), "utf-8")
    assert "pack.yaml:4: extends 绕了一圈：lake → lake" in ask("check", packs / "lake")[1]
    (packs / "lake" / "pack.yaml").write_text(CITY.replace("extends: national", "extends: nationel"), "utf-8")
    assert "没有名为“nationel”的规则包" in ask("check", packs)[1]


def test_check_of_a_lone_file_says_what_it_needs_beside_it(ask, tmp_path):
    (tmp_path / "alone.yaml").write_text(REPLY, "utf-8")
    status, out, _ = ask("check", tmp_path / "alone.yaml")
    assert (status, "没有 pack.yaml" in out) == (1, True)


def test_check_works_from_inside_the_folder(ask, packs, monkeypatch):
    monkeypatch.chdir(packs / "lake")
    assert ask("check", ".")[:2] == (0, "核对了 2 个文件，没有问题\n")
    assert ask("check", "interaction.yaml")[:2] == (0, "核对了 1 个文件，没有问题\n")


def test_a_broken_catalogue_is_told_before_the_packs(ask, packs):
    (packs / "parameters.yaml").write_text(PARAMETERS.replace("kind: ratio", "kind: share"), "utf-8")
    status, out, _ = ask("check", packs)
    assert (status, out.splitlines()[0].startswith(f"{packs / 'parameters.yaml'}:")) == (1, True)


def test_the_rules_answer_without_a_framework(packs):
    """A command that loads Django would not start in under a second on a small machine."""
    asked = ["rules", "due", "P-40", "--pack", "lake", "--from", "2025-09-29", "--json"]
    source = f"import sys; from jiyue.config.command import main; main({asked!r}); sys.exit('django' in sys.modules)"
    path = Path(__file__).resolve().parents[3] / "src"
    environment = {"PYTHONPATH": str(path), "JIYUE_RULEPACKS": str(packs)}
    run = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, env=environment, check=False)
    assert (run.returncode, run.stderr) == (0, "")
