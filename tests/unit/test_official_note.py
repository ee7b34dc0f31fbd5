"""What the note under the title of a law or regulation says of its issue."""

from datetime import date

import pytest

from jiyue.domain.official_text import read_official_text

BODY = "第一条 为了保护湖泊，制定本条例。\n第二条 本条例适用于全市。"


def read(note: str, title: str = "澄湖保护条例"):
    return read_official_text(f"{title}\n（{note}）\n{BODY}")


@pytest.mark.parametrize(
    ("note", "bodies", "day"),
    [
        ("1964年6月8日国务院公布　公布之日施行", ("国务院",), date(1964, 6, 8)),
        ("2016年10月8日国务院第149次常务会议通过　2016年11月30日国务院令第673号公布", ("国务院",), date(2016, 11, 30)),
        ("1989年5月5日国务院第40次常务会议通过", ("国务院",), date(1989, 5, 5)),
        (
            "2019年10月31日澄湖市第十八届人民代表大会常务委员会第二十三次会议通过　"
            "2019年11月29日示范省第十三届人民代表大会常务委员会第十五次会议批准",
            ("澄湖市人民代表大会常务委员会",),
            date(2019, 10, 31),
        ),
        (
            "2003年8月6日最高人民法院审判委员会第1283次会议、2003年8月12日最高人民检察院第十届检察委员会第7次会议通过　"
            "2003年8月15日最高人民法院、最高人民检察院公告公布",
            ("最高人民法院", "最高人民检察院"),
            date(2003, 8, 15),
        ),
        ("2004年3月1日公安部、外交部、交通部发布", ("公安部", "外交部", "交通部"), date(2004, 3, 1)),
    ],
)
def test_the_note_tells_who_issued_it_and_when(note, bodies, day):
    reading = read(note)
    assert (reading.value("issuers"), reading.value("written_on")) == (bodies, day)
    assert reading.written_on.confidence == "doubtful"


def test_a_note_of_meetings_that_nobody_can_name_leaves_the_issuer_out():
    assert read("2015年3月26日八届四次会议通过").issuers is None


def test_the_signature_and_the_title_count_more_than_the_note():
    reading = read("2004年3月1日公安部发布", title="澄湖市水利局关于印发澄湖保护条例的通知")
    assert reading.value("issuers") == ("澄湖市水利局",)
