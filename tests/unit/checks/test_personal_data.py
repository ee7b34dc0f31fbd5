"""Personal data: what is found, what is left alone, how it is masked. All numbers are made up."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiyue.checks.detectors.personal_data import find
from jiyue.checks.detectors.personal_data.numbers_known import check_digit, is_identity, is_luhn, is_mobile
from jiyue.checks.findings import Severity
from jiyue.checks.reading import matter_of_body, matter_of_html, matter_of_text
from jiyue.checks.running import check
from jiyue.checks.settings import Mask, Permit, Settings, Word, shipped

TODAY = date(2026, 11, 22)
PLAIN = shipped(TODAY)


def found(text: str, settings: Settings = PLAIN) -> list[tuple[str, str, str]]:
    """Kind, severity and the very characters that would be masked."""
    findings = check(matter_of_text(text), settings, only=["personal-data"])
    return [
        (one.detector.removeprefix("personal-data."), one.severity.value, text[one.start : one.end]) for one in findings
    ]


def masked(text: str, settings: Settings = PLAIN) -> str:
    """The text after every fix, as the button does it."""
    fixes = [fix for one in check(matter_of_text(text), settings, only=["personal-data"]) for fix in one.fixes]
    for fix in sorted({(fix.start, fix.end, fix.replacement) for fix in fixes}, reverse=True):
        text = text[: fix[0]] + fix[2] + text[fix[1] :]
    return text


@pytest.mark.req("PRIV-03")
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("公民身份号码110101199003077475。", ("id-number", "block", "110101199003077475")),
        ("身份证 1101 0119 9001 0112 37 的持有人", ("id-number", "block", "1101 0119 9001 0112 37")),
        ("身份证号：44011319901005001x", ("id-number", "warn", "44011319901005001x")),
        ("旧身份证号110101900307747", ("id-number", "block", "110101900307747")),
        ("他的手机是13812345678。", ("mobile", "block", "13812345678")),
        ("手机１３８１２３４５６７８", ("mobile", "block", "１３８１２３４５６７８")),
        ("拨打+86 138-1234-5678即可", ("mobile", "block", "138-1234-5678")),
        ("手机号：138\u200b1234\u200b5678", ("mobile", "block", "138\u200b1234\u200b5678")),
        ("联系人：湖某，电话：13812345678", ("mobile", "warn", "13812345678")),
        ("项目联系人\n湖某\n联系电话\n13812345678\n", ("mobile", "warn", "13812345678")),
        ("1.13812345678", ("mobile", "block", "13812345678")),
        ("银行卡号 6222 0212 3456 7890 128", ("bank-card", "block", "6222 0212 3456 7890 128")),
        ("打入6222021234567890128", ("bank-card", "block", "6222021234567890128")),
        ("一卡通账号：81012345678901", ("account", "warn", "81012345678901")),
        ("护照号：E12345678", ("passport", "block", "E12345678")),
        ("持往来港澳通行证C12345678", ("passport", "block", "C12345678")),
        ("他的邮箱huming@example.com", ("e-mail", "warn", "huming@example.com")),
        ("车牌为湘A·12345的小客车", ("plate", "warn", "湘A·12345")),
        ("新能源车京AD92035", ("plate", "warn", "京AD92035")),
        ("家庭住址：澄湖市湖滨区望湖路12号3栋2单元501室", ("address", "block", "澄湖市湖滨区望湖路12号3栋2单元501室")),
        ("家住湖滨区柳林镇湾村三组", ("address", "block", "湖滨区柳林镇湾村三组")),
        ("出生日期：1990年3月7日", ("birth-date", "warn", "1990年3月7日")),
        ("1990年3月7日出生，汉族", ("birth-date", "warn", "1990年3月7日")),
        ("家庭电话：0731-88886666", ("landline", "warn", "0731-88886666")),
        ("村民张湖，男，患有尿毒症，家庭困难。", ("sensitive", "warn", "张湖")),
        ("患者李湖明确诊为肺癌。", ("sensitive", "warn", "李湖明")),
        ("学生王湖，今年9岁，就读于湖滨小学", ("minor", "warn", "王湖")),
    ],
)  # fmt: skip
def test_each_kind_is_found_with_its_exact_bounds(text, expected):
    assert found(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "统一社会信用代码91310000552936878J",
        "统一社会信用代码：911101085923662400",
        "订单号ORDER12345678901234",
        "产品编号ABC4111111111111111XYZ",
        "数字12345678901不是手机号",
        "订单号13812345678",
        "订单编号\n13812345678\n",
        "完成投资13812345678元",
        "总产量 13812345678 吨",
        "北纬31.13812345678度",
        "IMEI：356938035643809",
        "流水号2405120012345678",
        "国办发〔2024〕12号 索引号 000014349/2024-00012",
        "2024-05-01至2024-06-30，2024.05.01-2024.06.30",
        "https://www.example.gov.cn/art/t20240118_13812345678.html",
        "咨询电话：0731-88886666，举报12345，传真（0731）88886667",
        "请将意见发送至 ghjyjs@example.com 或 xxgk@example.gov.cn",
        "办公地址：澄湖市湖滨区望湖路12号3栋2单元501室",
        "户名：澄湖市财政局  开户行：澄湖银行  账号：8011 2233 4455 6677 88",
        "1972年5月生，大学学历",
        "残疾人联合会组织残疾人参加培训，对患有精神病的人员应当送医",
        "《未成年人保护法》第十条规定，未满16周岁的未成年人不得务工",
        "公民身份号码是特征组合码，由十七位数字本体码和一位校验码组成",
        "身份证号110***********7475，手机138****5678",
        "单价1381.2345678元，2024年11月13日8时",
        "ISBN 978-7-80000-000-0",
        "中标金额：62220212345678901.28",
    ],
)
def test_what_only_looks_like_it_is_left_alone(text):
    assert found(text) == []


TABLE = "姓名\t身份证号\t手机\t金额\n" + "".join(
    f"张湖{sign}\t{number}\t1381234567{sign2}\t500\n"
    for sign, number, sign2 in (
        ("甲", "110101199003077475", 1), ("乙", "110101198512150031", 2), ("丙", "110101199001011237", 3)
    )
)  # fmt: skip


@pytest.mark.req("PRIV-03")
def test_a_column_is_one_finding_with_its_count_and_one_button_masks_it():
    findings = check(matter_of_text(TABLE), PLAIN, only=["personal-data"])
    assert [(one.detector, one.severity, one.values["count"]) for one in findings] == [
        ("personal-data.id-number", Severity.BLOCK, "3"),
        ("personal-data.mobile", Severity.BLOCK, "3"),
    ]
    assert findings[0].place == "表 1 “身份证号”列"
    assert len(findings[0].fixes) == 3
    assert "张湖甲\t110***********7475\t138****5671\t500\n" in masked(TABLE)
    assert found(masked(TABLE)) == []


def test_the_same_column_in_a_page_and_in_a_body():
    rows = [line.split("\t") for line in TABLE.strip().split("\n")]
    html = (
        "<table>" + "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows) + "</table>"
    )
    body = [{"type": "table", "value": {"data": rows, "table_header_choice": "row"}}]
    for matter in (matter_of_html(html), matter_of_body(body, {"title": "补贴发放名单"})):
        assert [one.values["count"] for one in check(matter, PLAIN, only=["personal-data"])] == ["3", "3"]


def test_the_name_of_a_column_tells_what_its_cells_are():
    text = "户主\t出生日期\t家庭住址\t存折账号\n" + "张湖\t1990-03-07\t柳林镇湾村3组12号\t8101234567890123\n" * 3
    assert [(kind, severity) for kind, severity, _words in found(text)] == [
        ("birth-date", "warn"), ("address", "block"), ("account", "block")
    ]  # fmt: skip


def test_amounts_in_a_column_are_no_telephones():
    assert found("地区\t产值（元）\n" + "".join(f"湖{n}区\t1381234567{n}\n" for n in range(5))) == []


def test_names_with_illness_or_need_are_a_finding_of_the_list():
    ill = "姓名,残疾等级\n张湖,一级\n李湖,二级\n"
    poor = "姓名,低保金额\n张湖,500\n李湖,600\n"
    assert [row[:2] for row in found(ill)] == [("sensitive", "block")]
    assert [row[:2] for row in found(poor)] == [("sensitive", "warn")]
    assert masked(ill) == "姓名,残疾等级\n张*,一级\n李*,二级\n"


@pytest.mark.req("PRIV-05")
def test_minors_take_a_stricter_way():
    child = "1101012016030774"
    number = next(child + str(n) + check_digit(f"{child}{n}") for n in range(10))
    assert [row[:2] for row in found(f"身份证号{number}")] == [("id-number", "block"), ("minor", "block")]
    assert [row[:2] for row in found("姓名,学校,班级\n张湖,湖滨小学,三年级\n李湖,湖滨小学,四年级\n")] == [
        ("minor", "warn")
    ]


@pytest.mark.req("PRIV-07")
def test_many_people_at_once_are_told_once():
    rows = "".join(f"张湖{chr(0x4E00 + n)}\t138123456{n:02}\n" for n in range(30))
    kinds = [row[0] for row in found(f"姓名\t手机\n{rows}")]
    assert sorted(kinds) == ["aggregation", "mobile"]
    own = Settings(now=TODAY, thresholds={"personal-data.aggregation": 50})
    assert [row[0] for row in found(f"姓名\t手机\n{rows}", own)] == ["mobile"]


@pytest.mark.req("PRIV-06")
def test_what_a_law_lets_stay_is_a_note_that_names_the_law():
    permit = Permit("personal-data.*", "", "《行政处罚法》第四十八条", within="行政处罚")
    settings = Settings(now=TODAY, permits=(permit,))
    body = [{"type": "paragraph", "value": "<p>当事人身份证号110101199003077475</p>"}]
    [kept] = check(matter_of_body(body, {"title": "行政处罚决定书"}), settings)
    assert (kept.severity, kept.basis) == (Severity.NOTE, "《行政处罚法》第四十八条")
    [stopped] = check(matter_of_body(body, {"title": "通知"}), settings)
    assert stopped.severity == Severity.BLOCK


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("手机13812345678", "手机138****5678"),
        ("身份证110101199003077475", "身份证110***********7475"),
        ("银行卡 6222 0212 3456 7890 128", "银行卡 **** **** **** ***0 128"),
        ("他的邮箱huming@example.com", "他的邮箱h*****@example.com"),
        ("出生日期：1990年3月7日", "出生日期：1990年*月*日"),
        ("家住澄湖市湖滨区望湖路12号501室", "家住澄湖市湖滨区****"),
    ],
)
def test_masks_as_shipped(text, expected):
    assert masked(text) == expected


def test_masks_as_the_unit_wants_them():
    own = Settings(now=TODAY, masks={"mobile": Mask(0, 2, "×")})
    assert masked("手机13812345678", own) == "手机×××××××××78"


@given(st.text(min_size=1, max_size=30), st.integers(0, 12), st.integers(0, 12))
def test_masking_covers_a_third_and_twice_is_once(value, first, last):
    mask = Mask(first, last)
    once = mask.over(value)
    signs = sum(sign.isalnum() for sign in value)
    assert len(once) == len(value)
    assert sum(sign.isalnum() for sign in once) <= signs - (signs + 2) // 3
    assert Mask(0, 0).over(once) == Mask(0, 0).over(value) or not signs


@given(st.integers(0, 999), st.sampled_from("0123456789X"))
def test_one_check_digit_of_eleven_is_right(order, last):
    body = f"11010119900307{order:03}"
    assert is_identity(body + last, today=TODAY) == (last == check_digit(body))


def test_known_numbers():
    assert is_luhn("6222021234567890128") and not is_luhn("6222021234567890129")
    assert is_mobile("19912345678") and not is_mobile("12012345678")


def test_nothing_is_shown_whole():
    text = "身份证号110101199003077475，手机13812345678，他的邮箱huming@example.com"
    for one in find(matter_of_text(text), PLAIN):
        assert one.excerpt and one.excerpt not in text


def test_numbers_on_lines_that_follow_each_other_are_one_finding():
    text = "".join(f"张湖{n}　1381234567{n} 已领\n" for n in range(8))
    [one] = check(matter_of_text(text), PLAIN, only=["personal-data"])
    assert (one.values["count"], one.place, len(one.fixes)) == ("8", "第 1 段至第 8 段", 8)


def test_a_units_own_sensitive_words_are_found():
    own = Settings(now=TODAY, words=(Word("personal-data", "湖心康复项目", severity=Severity.BLOCK),))
    assert found("参加湖心康复项目的人员", own) == [("sensitive", "block", "湖心康复项目")]
