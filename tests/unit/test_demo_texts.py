"""The demo city keeps its promises: everything invented, everything linked, nothing left over from writing."""

import hashlib
import io
import json
import re
import wave
from collections import Counter
from datetime import date, datetime, timedelta
from functools import cache

import pytest
from docx import Document as WordDocument
from PIL import Image

from jiyue.content.rendering import plain_text, shortcomings
from jiyue.demo.files import silence, word_bytes
from jiyue.demo.loading import CityLoader
from jiyue.demo.pictures import SCENES, SIZES, draw
from jiyue.demo.places import FOLDER, DemoTextError, read_places, read_yaml
from jiyue.demo.prose import BodyWriter, chinese_date, fill, table_value
from jiyue.demo.texts import City, Document, load_city
from jiyue.domain.disclosure_annual import CELLS, LINES, is_number
from jiyue.domain.disclosure_outcomes import Decision
from jiyue.domain.letters import DISCLOSURE, KINDS, problems
from jiyue.domain.moments import SHANGHAI
from jiyue.identity.roles import duty_of

TODAY = date(2026, 11, 21)
ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
LONGEST = {"daily": 1, "two_weeks": 14, "half_year": 183, "year": 366}


@cache
def city() -> City:
    return load_city(today=TODAY)


def documents() -> tuple[Document, ...]:
    return city().documents


def by_key() -> dict[str, Document]:
    return {document.key: document for document in documents()}


def everything(document: Document) -> str:
    blocks = json.dumps(document.blocks, ensure_ascii=False)
    return "\n".join([document.title, document.summary, blocks, *(file.text for file in document.files)])


def id_checksum_holds(number: str) -> bool:
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], ID_WEIGHTS, strict=True))
    return "10X98765432"[total % 11] == number[17].upper()


def contrast_on_white(code: str) -> float:
    parts = [int(code[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    luminance = sum(share * part for share, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
    return 1.05 / (luminance + 0.05)


# Places


def test_every_code_is_invented_and_of_a_length_index_numbers_allow():
    for organisation in city().places.organisations.values():
        assert re.fullmatch(r"99[0-9A-Z]{7}(?:[0-9A-Z]{9})?", organisation.code), organisation
    codes = Counter(organisation.code for organisation in city().places.organisations.values())
    assert max(codes.values()) == 1


def test_each_site_is_marked_as_invented_and_unlike_the_others():
    sites = city().places.sites.values()
    for site in sites:
        assert re.fullmatch(r"99\d{8}", site.identification_code)
        assert site.host.endswith(".localhost")
        assert site.phone.startswith("000-")
        assert site.icp.startswith("示ICP备99")
        assert site.police.startswith("示公网安备99")
    for name in ("identification_code", "host", "icp", "police", "phone", "colour", "name"):
        assert len({getattr(site, name) for site in sites}) == len(sites), name


def test_each_colour_can_carry_white_text_at_seven_to_one():
    for site in city().places.sites.values():
        assert contrast_on_white(site.colour) >= 7, (site.key, contrast_on_white(site.colour))


def test_slugs_are_unique_among_neighbours_and_fit_for_an_address():
    for site in city().places.sites.values():
        paths = [column.path for top in site.columns for column in top.walk()]
        assert len(paths) == len(set(paths))
        assert all(re.fullmatch(r"[a-z0-9]+(/[a-z0-9]+)*", path) for path in paths)


def test_the_standard_disclosure_columns_stand_on_every_site():
    words = (
        "概况 机构职能 领导信息 政策文件 政务要闻 政策解读 "
        "数据发布 信息公开指南 信息公开年报 人事信息 通知公告 规划计划"
    )
    for site in city().places.sites.values():
        titles = [column.title for column in site.all_columns().values()]
        assert [word for word in words.split(" ") if not any(word in title for title in titles)] == []
        assert len(site.columns) == 5


def test_every_site_has_a_full_team_of_four_people():
    places = city().places
    for site in places.sites:
        roles = ("editor", "first_reviewer", "second_reviewer", "final_reviewer")
        assert len({places.team(site, role).username for role in roles}) == 4


def test_no_account_joins_two_duties_and_every_name_is_visibly_invented():
    places = city().places
    assert {role for account in places.accounts for role in account.roles} >= {"operator", "supervisor", "auditor"}
    for account in places.accounts:
        assert len({*map(duty_of, account.roles), *filter(None, [account.duty])}) == 1
        assert account.name[0] in "样例示拟"
    assert len({account.username for account in places.accounts}) == len(places.accounts)
    assert len({account.name for account in places.accounts}) == len(places.accounts)


def test_a_column_stands_in_the_channel_of_its_top():
    for site in city().places.sites.values():
        assert {top.channel for top in site.columns} == {"news", "openness", "services", "interaction", "topics"}
        assert all(column.channel == top.channel for top in site.columns for column in top.walk())


# Documents


def test_every_document_is_full_of_something():
    for document in documents():
        assert (3 if document.kind == "leader" else 4) <= len(document.title) <= 60, document.key
        assert 10 <= len(document.summary) <= 200, document.key
        assert len(document.text) >= 80, (document.key, len(document.text))
        assert document.text.count("\n") >= 2, document.key


def test_every_document_stands_in_a_column_that_takes_documents():
    for document in documents():
        column = city().places.sites[document.site].all_columns()[document.column]
        assert column.kind != "channel", document.key


def test_every_editor_belongs_to_the_site():
    editors = {account.username: account for account in city().places.accounts}
    for document in documents():
        assert document.site in editors[document.editor].sites
        assert editors[document.editor].roles == ("editor",)


def test_every_reference_from_block_to_file_resolves():
    for document in documents():
        named = [int(number) for number in re.findall(r'"@(\d+)"', json.dumps(document.blocks))]
        assert named == list(range(len(document.files))), document.key
        assert all(file.text in SCENES for file in document.files if file.kind == "picture")


def test_index_numbers_have_twenty_or_twenty_nine_characters_and_are_unique():
    numbers = [document.policy.index_number for document in documents() if document.policy]
    assert {len(number) for number in numbers} == {20, 29}
    assert len(numbers) == len(set(numbers))


def test_document_numbers_are_unique_and_carry_the_year_of_signing():
    policies = [document.policy for document in documents() if document.policy]
    assert len({policy.number for policy in policies}) == len(policies)
    for policy in policies:
        assert f"〔{policy.written_on.year}〕" in policy.number


def test_within_a_series_a_later_document_has_a_higher_number():
    series: dict[str, list[tuple[date, int]]] = {}
    for document in documents():
        if document.policy:
            head, _, tail = document.policy.number.partition("〕")
            series.setdefault(head, []).append((document.policy.written_on, int(tail.removesuffix("号"))))
    for head, entries in series.items():
        assert [number for _, number in sorted(entries)] == sorted(number for _, number in entries), (head, entries)


def test_the_date_under_an_official_document_is_its_date_of_signing():
    for document in documents():
        for block in document.blocks:
            if block["type"] == "official" and document.policy:
                assert block["value"]["date"] == document.policy.written_on.isoformat()
                assert block["value"]["document_number"] == document.policy.number


def test_telephone_numbers_begin_with_three_zeros():
    for document in documents():
        text = everything(document)
        for number in re.findall(r"(?<![\d-])0?\d{2,3}-\d{4}-?\d{4}(?!\d)|(?<!\d)1[3-9]\d{9}(?!\d)", text):
            assert number.startswith("000"), (document.key, number)


def test_identity_numbers_fail_their_checksum_and_stand_only_where_they_were_stopped():
    found = {}
    for document in documents():
        for number in re.findall(r"(?<!\d)\d{17}[\dX](?!\d)", everything(document)):
            assert not id_checksum_holds(number), number
            found[document.key] = document.stage
    assert set(found.values()) == {"returned"}


def test_nothing_of_the_writing_is_left_in_the_texts():
    for document in documents():
        text = everything(document)
        assert not re.search(r"TODO|lorem|xxx|待补|此处|占位|！|\{[a-z]+[:}]|undefined|None", text), document.key
        assert "**" not in text, document.key


def test_no_two_documents_tell_the_same():
    seen: dict[str, str] = {}
    for document in documents():
        for line in document.text.splitlines():
            sentence = line.strip()
            if len(sentence) >= 25:
                assert sentence not in seen, (document.key, seen.get(sentence), sentence)
                seen[sentence] = document.key
    assert len({document.title for document in documents()}) > 0.9 * len(documents())


def test_interpretations_name_a_policy_and_their_form():
    explained = [document for document in documents() if document.kind == "interpretation"]
    assert {document.form for document in explained} >= {"text", "graphic"}
    assert any(document.title.startswith("问答解读") for document in explained)
    for document in explained:
        assert document.interprets is not None
        assert by_key()[document.interprets].policy is not None


def test_the_city_is_as_large_as_promised():
    counts = Counter(document.site for document in documents())
    assert counts["portal"] >= 45
    for site in city().places.sites:
        assert counts[site] >= 12, (site, counts[site])
    portal_policies = [one for one in city().of_site("portal") if one.kind == "policy_document" and one.policy]
    assert len(portal_policies) >= 12
    assert {one.policy.validity for one in portal_policies if one.policy} >= {"in_force", "repealed", "amended"}


def test_the_city_is_imperfect_on_purpose():
    stages = Counter(document.stage for document in documents())
    for stage in ("secrecy", "first", "second", "final", "scheduled", "draft"):
        assert stages[stage] >= 1, stage
    assert stages["returned"] >= 2
    assert sum(document.emergency for document in documents()) == 1
    assert sum(document.withdrawal is not None for document in documents()) == 1
    assert sum(document.correction is not None for document in documents()) == 1
    interpreted = {document.interprets for document in documents()}
    assert [one.key for one in documents() if one.kind == "policy_document" and one.key not in interpreted]
    assert city().places.offline[0].notice in by_key()


def test_leaders_have_a_post_and_duties_and_institutions_an_office():
    for document in documents():
        assert bool(document.post and document.duties) == (document.kind == "leader"), document.key
        assert (document.office is not None) == (document.kind == "institution"), document.key
        if document.kind == "leader":
            assert document.title[0] in "样例示拟"


def test_a_policy_document_ends_after_it_begins():
    limited = [one.policy for one in documents() if one.policy and one.policy.expires_on]
    assert limited
    for policy in limited:
        assert policy.effective_on and policy.expires_on
        assert policy.written_on <= policy.effective_on < policy.expires_on


def test_the_text_names_the_day_it_takes_effect():
    for document in documents():
        if document.policy and document.policy.effective_on:
            said = chinese_date(document.policy.effective_on) in document.text or "三十日后施行" in document.text
            assert said, document.key


def test_every_body_can_be_rendered_and_lacks_nothing():
    for document in documents():
        assert shortcomings(document.blocks) == [], document.key
        assert len(plain_text(document.blocks)) >= 60, document.key


def test_a_corrected_text_holds_the_new_words_only():
    for document in documents():
        if document.correction:
            assert document.correction.new in document.text
            assert document.correction.old not in document.text


def test_what_is_published_lies_in_the_past_and_what_is_scheduled_in_the_future():
    for document in documents():
        day = document.published_at.date()
        assert (day > TODAY) == (document.stage == "scheduled"), document.key


def days_since_last(site: str, path: str) -> int | None:
    days = [
        (TODAY - one.published_at.date()).days
        for one in city().of_site(site)
        if one.column == path and one.stage == "published"
    ]
    return min(days, default=None)


def test_only_one_column_of_the_whole_city_is_stale():
    stale = []
    for site in city().places.sites.values():
        for path, column in site.all_columns().items():
            limit, age = LONGEST.get(column.update), days_since_last(site.key, path)
            if column.kind != "channel" and limit is not None and (age is None or age > limit):
                stale.append(f"{site.key}:{path}")
    assert stale == ["portal:zwfw/bmxx"]
    assert (days_since_last("portal", "zwfw/bmxx") or 0) >= 200


def test_no_column_is_empty():
    for site in city().places.sites.values():
        for path, column in site.all_columns().items():
            # Guides stand in services.yaml, public answers in the letters, interviews in a file of their own.
            elsewhere = (
                column.kind in {"channel", "services", "answers"}
                or path == read_yaml(FOLDER / "interviews.yaml")["column"]
            )
            assert elsewhere or days_since_last(site.key, path) is not None, (
                site.key,
                path,
            )


@pytest.mark.parametrize("shift", [1, 41, 101, 150, 365])
def test_the_city_can_be_read_on_any_day(shift):
    moved = load_city(today=TODAY + timedelta(days=shift))
    assert len(moved.documents) == len(documents())
    numbers = [document.policy.number for document in moved.documents if document.policy]
    assert len(numbers) == len(set(numbers))


def test_reading_twice_gives_the_same():
    assert load_city(today=TODAY) == city()


# Markup


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{date:-3}", "2026年11月18日"),
        ("{md:10}", "12月1日"),
        ("{month:-1}", "2026年10月"),
        ("{month:2}", "2027年1月"),
        ("{quarter:-1}", "2026年三季度"),
        ("{year}", "2026"),
        ("{year:-1}", "2025"),
        ("{weekday:1}", "星期日"),
    ],
)
def test_placeholders_become_chinese(text, expected):
    assert fill(text, TODAY) == expected


def test_an_unknown_placeholder_is_refused():
    with pytest.raises(DemoTextError, match="nonsense"):
        fill("{nonsense:1}", TODAY)


def test_markup_becomes_raw_blocks_with_numbered_files():
    writer = BodyWriter(attachments={"a.docx": "正文"}, transcript="")
    writer.write("## 一级\n甲<乙\n- 一\n- 二\n|= 表\n| 列 |\n| 值 |\n![湖](lake/1) 图注\n@[附件](a.docx)\n> 话 —— 人")
    kinds = [block["type"] for block in writer.blocks]
    assert kinds == ["heading", "paragraph", "list", "table", "image", "attachment", "quotation"]
    assert writer.blocks[1]["value"] == "<p>甲&lt;乙</p>"
    assert writer.blocks[4]["value"]["image"] == "@0"
    assert writer.blocks[5]["value"]["document"] == "@1"
    assert writer.blocks[6]["value"] == {"text": "话", "attribution": "人"}


def test_a_ragged_table_is_refused():
    with pytest.raises(DemoTextError, match="different length"):
        table_value("表", [["甲", "乙"], ["丙"]])


def test_an_attachment_without_text_is_refused():
    with pytest.raises(DemoTextError, match="no text"):
        BodyWriter(attachments={}, transcript="").write("@[附件](a.docx)")


# Files


@pytest.mark.parametrize("scene", sorted(SCENES))
def test_each_scene_is_drawn_the_same_every_time(scene):
    first = draw(scene, seed=3)
    assert hashlib.sha256(first).digest() == hashlib.sha256(draw(scene, seed=3)).digest()
    assert Image.open(io.BytesIO(first)).size == SIZES["16:9"]


def test_a_picture_can_be_three_to_two():
    assert Image.open(io.BytesIO(draw("lake", seed=1, ratio="3:2"))).size == SIZES["3:2"]


def test_word_files_open_and_keep_their_digest():
    content = word_bytes("附件", "## 一\n正文\n| 甲 | 乙 |\n| 丙 | 丁 |\n")
    assert content == word_bytes("附件", "## 一\n正文\n| 甲 | 乙 |\n| 丙 | 丁 |\n")
    paper = WordDocument(io.BytesIO(content))
    assert [cell.text for cell in paper.tables[0].rows[1].cells] == ["丙", "丁"]


def test_a_recording_is_silent_and_as_long_as_said():
    with wave.open(io.BytesIO(silence(2))) as recording:
        assert recording.getnframes() / recording.getframerate() == 2
        assert set(recording.readframes(100)) == {128}


def test_places_can_be_read_alone():
    assert read_places().division_code == "990100"


def test_loaded_early_in_the_morning_nobody_has_done_yet_what_is_dated_later():
    early = datetime(2026, 11, 23, 6, 5, tzinfo=SHANGHAI)
    city = load_city(today=early.date())
    loader = CityLoader(city, now=early, say=lambda _line: None)
    assert max(document.published_at for document in city.documents) > early
    assert max(loader._done_by(document) for document in city.documents) == early


def test_every_request_of_the_demo_would_have_passed_the_form_and_its_report_is_complete():
    given = read_yaml(FOLDER / "disclosure.yaml")
    for row in given["requests"]:
        fields = {field.name: str(row[field.name]) for field in KINDS[DISCLOSURE].fields if row.get(field.name)}
        assert problems(DISCLOSURE, fields) == [], row["title"]
        assert row.get("decision", "disclosed") in set(Decision)
    report = given["annual"]
    assert set(report["figures"]) == {f"{row}-{column}" for row, column in CELLS}
    assert all(is_number(name.partition("-")[2], str(figure)) for name, figure in report["figures"].items())
    assert set(report["sources"]) == {line.name for line in LINES}
    assert all(report[part] for part in ("overview", "problems", "others"))


def test_what_lies_on_the_desks_names_letters_that_are_there_and_nobody_real():
    desk, letters = read_yaml(FOLDER / "desk.yaml"), read_yaml(FOLDER / "letters.yaml")["letters"]
    titles = Counter(row["title"] for row in letters if row["site"] == desk["site"])
    named = [desk["several"]["titles"], *(row["titles"] for row in desk["looks"])]
    assert all(titles[title] == 1 for row in named for title in row)
    lines = [line for file in desk["files"] for line in file["lines"]]
    assert all(line["sent"] >= file["hours"] for file in desk["files"] for line in file["lines"])
    assert all(line["name"][0] in "样例示拟" and line["phone"].startswith("000-") for line in lines if "name" in line)
