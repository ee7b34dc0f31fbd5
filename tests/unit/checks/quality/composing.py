"""Sentences of official prose with numbers set into them, from a seed. All numbers are made up.

Valid values are made with python-stdnum, not with the detector's own arithmetic. Names of places in the text are those
of a town that does not exist.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from stdnum import luhn
from stdnum.cn import ric, uscc

from tests.unit.checks.quality.frame import Span

COUNTIES = ("110101", "310104", "330106", "410602", "420111", "430121", "433123", "440106", "510107", "640104")
MOBILES = (
    "130",
    "135",
    "138",
    "139",
    "147",
    "150",
    "158",
    "166",
    "173",
    "177",
    "182",
    "186",
    "189",
    "191",
    "198",
    "199",
)
CARDS = (("622202", 19), ("621700", 19), ("622848", 19), ("623058", 19), ("622588", 16), ("625912", 16), ("621226", 19),
         ("620522", 19), ("436742", 16), ("519999", 16), ("622908", 18), ("621462", 17))  # fmt: skip
NAMES = ("湖大明", "柳青青", "江小波", "望湖", "向荣", "石磊磊")


@dataclass(frozen=True)
class Sentence:
    """A text, and where in it personal data of one kind stands (nowhere in a negative)."""

    kind: str
    text: str
    gold: tuple[Span, ...]


def identity(rng: random.Random) -> str:
    body = f"{rng.choice(COUNTIES)}{rng.randint(1938, 2007)}{_day(rng)}{rng.randint(1, 999):03}"
    number = body + ric.calc_check_digit(body + "0")
    return number.lower() if rng.random() < 0.2 else number


def _day(rng: random.Random) -> str:
    return f"{rng.randint(1, 12):02}{rng.randint(1, 28):02}"


def mobile(rng: random.Random) -> str:
    return rng.choice(MOBILES) + _digits(rng, 8)


def card(rng: random.Random) -> str:
    start, length = rng.choice(CARDS)
    body = start + _digits(rng, length - len(start) - 1)
    return body + luhn.calc_check_digit(body)


def _digits(rng: random.Random, count: int) -> str:
    return "".join(rng.choice("0123456789") for _ in range(count))


Shape = Callable[[random.Random, str], str]


def _as_is(_rng: random.Random, value: str) -> str:
    return value


def _wide(_rng: random.Random, value: str) -> str:
    return "".join(chr(ord(sign) + 0xFEE0) if sign.isdigit() else sign for sign in value)


def _fours(rng: random.Random, value: str) -> str:
    return rng.choice((" ", "-", "\u00a0")).join(value[at : at + 4] for at in range(0, len(value), 4))


def _phone(rng: random.Random, value: str) -> str:
    return rng.choice((" ", "-", "\u00a0", "\u3000")).join((value[:3], value[3:7], value[7:]))


def _by_birth(rng: random.Random, value: str) -> str:
    return " ".join((value[:6], value[6:14], value[14:]))


def _invisible(rng: random.Random, value: str) -> str:
    at = rng.randint(3, len(value) - 3)
    return value[:at] + "\u200b" + value[at:]


SAID = {
    "id-number": ("公民身份号码{}", "身份证号：{}", "身份证号码为{}", "（身份证{}）", "证件号码：{}", "，{}，",
                  "居民身份证（{}）",
                  "ID:{}", "身份证明编号{}"),
    "mobile": ("手机：{}", "手机号码{}", "电话：{}", "（{}）", "联系电话为{}", "联系方式：{}", "，{}，", "Tel:{}", "可拨打{}",
               "微信号{}（同手机）"),
    "bank-card": ("银行卡号{}", "卡号：{}", "一卡通账号：{}", "账号{}", "（开户行：湖湾信用社，账号{}）", "银行账户{}",
                  "社保卡银行账户{}"),
}  # fmt: skip
UNSAID = {"id-number": ("{}", "{}　"), "mobile": ("{}", "：{}"), "bank-card": ("{}",)}
BEFORE = (
    "经审核，{name}同志符合补贴条件，", "柳林镇湾村村民{name}", "根据《澄湖市临时救助办法》，对{name}",
    "申请人{name}，男，汉族，",
    "1.{name}　", "现将{name}", "2024年3月1日，{name}", "澄政办发〔2024〕12号公布的{name}", "第3组{name}等2人，",
)  # fmt: skip
AFTER = (
    "发放补贴1200元。", "，金额3500.00元", "予以公示。", "，住所在湖滨区。", "　2024年11月3日", "；共计12户。",
    "，特此公告", "\n", "。",
)  # fmt: skip
MAKERS: dict[str, tuple[tuple[Callable[[random.Random], str], tuple[Shape, ...]], ...]] = {
    "id-number": ((identity, (_as_is, _as_is, _as_is, _wide, _fours, _by_birth, _invisible)),),
    "mobile": ((mobile, (_as_is, _as_is, _as_is, _wide, _phone, _invisible)),),
    "bank-card": ((card, (_as_is, _as_is, _as_is, _wide, _fours, _invisible)),),
}


def positives(kind: str, count: int, seed: int) -> Iterator[Sentence]:
    """Sentences with one to three numbers of this kind."""
    rng = random.Random(f"{seed} {kind}")  # noqa: S311 - a seed, not a secret
    for _ in range(count):
        gold: list[Span] = []
        text = rng.choice(BEFORE).format(name=rng.choice(NAMES))
        for place in range(rng.choice((1, 1, 1, 2, 3))):
            maker, shapes = rng.choice(MAKERS[kind])
            value = rng.choice(shapes)(rng, maker(rng))
            said = rng.choice(SAID[kind]) if place == 0 or rng.random() < 0.5 else "、{}"
            if place == 0 and rng.random() < 0.15 and (kind != "bank-card" or value.startswith("62")):
                said = rng.choice(UNSAID[kind])
            lead = said.index("{")
            text += said[:lead]
            gold.append((len(text), len(text) + len(value)))
            text += value + said[lead + 2 :]
        yield Sentence(kind, text + rng.choice(AFTER), tuple(gold))


def _order(rng: random.Random) -> str:
    return rng.choice(("订单号", "流水号：", "受理编号", "运单号", "业务流水号为", "凭证号")) + (
        f"20{rng.randint(18, 26)}{rng.randint(1, 12):02}{rng.randint(1, 28):02}" + _digits(rng, rng.randint(4, 12))
    )


def _serial(rng: random.Random) -> str:
    label = rng.choice(
        ("设备序列号", "编号", "条形码", "合同编号：", "项目编号", "档案编号", "许可证编号：", "资产编号")
    )
    return label + _digits(rng, rng.choice((11, 12, 13, 14, 15, 16, 17, 18, 19, 20)))


def _imei(rng: random.Random) -> str:
    body = rng.choice(("35", "86", "01")) + _digits(rng, 12)
    return f"IMEI：{body}{luhn.calc_check_digit(body)}"


def _credit_code(rng: random.Random) -> str:
    body = f"{rng.choice(('91', '12', '11', '92', '93'))}{rng.choice(COUNTIES)}" + "".join(
        rng.choice("0123456789ABCDEFGHJKLMNPQRTUWXY" if rng.random() < 0.3 else "0123456789") for _ in range(9)
    )
    return (
        rng.choice(("统一社会信用代码", "统一社会信用代码：", "（", "纳税人识别号"))
        + body
        + uscc.calc_check_digit(body)
    )


def _amount(rng: random.Random) -> str:
    number = _digits(rng, rng.randint(9, 12)).lstrip("0") or "1"
    return rng.choice(
        (f"投资{number}元", f"金额：{number}.{rng.randint(10, 99)}元", f"总额1{number[:10]}万元", f"产量{number}吨")
    )


def _document_number(rng: random.Random) -> str:
    return rng.choice((
        f"澄政办发〔{rng.randint(2000, 2026)}〕{rng.randint(1, 199)}号", f"索引号：000014349/2024-{_digits(rng, 5)}",
        f"2401-430121-04-01-{_digits(rng, 6)}", f"HBZC-2024-{_digits(rng, 9)}", f"(2024)湘01民终{_digits(rng, 5)}号",
        f"湘（2024）澄湖市不动产权第{_digits(rng, 7)}号", f"ISBN 978-7-{_digits(rng, 4)}-{_digits(rng, 4)}-{_digits(rng, 1)}",
    ))  # fmt: skip


def _moment(rng: random.Random) -> str:
    return rng.choice((
        f"2024年{rng.randint(1, 12)}月{rng.randint(1, 28)}日", f"2024-0{rng.randint(1, 9)}-1{rng.randint(0, 9)} 09:30:00",
        f"202401{rng.randint(10, 28)}1230{rng.randint(10, 59)}", f"2023.0{rng.randint(1, 9)}-2024.1{rng.randint(0, 2)}",
    ))  # fmt: skip


def _telephone(rng: random.Random) -> str:
    number = f"{rng.randint(2, 8)}{_digits(rng, 7)}"
    area = rng.choice(("010", "0731", "0392", "0743", "021"))
    return rng.choice(("咨询电话：", "举报电话", "联系电话：", "传真：", "值班电话")) + rng.choice((
        f"{area}-{number}", f"（{area}）{number}", "12345", "12388",
        f"400-{_digits(rng, 3)}-{_digits(rng, 4)}", f"{area} {number}",
    ))  # fmt: skip


def _code(rng: random.Random) -> str:
    letters = "".join(rng.choice("ABCDEFGHJKLMNPQRSTUVWXYZ") for _ in range(rng.randint(1, 4)))
    return rng.choice(("规格型号", "文件名", "批号", "")) + letters + _digits(rng, rng.choice((11, 15, 16, 18)))


def _address(rng: random.Random) -> str:
    return f"https://www.chenghu.example/art/2024/t2024{_digits(rng, 4)}_{_digits(rng, 11)}.html"


def _coordinates(rng: random.Random) -> str:
    return f"东经{rng.randint(73, 135)}.{_digits(rng, 11)}度，北纬{rng.randint(18, 53)}.1{_digits(rng, 10)}度"


def _masked(rng: random.Random) -> str:
    value = mobile(rng)
    number = identity(rng)
    return rng.choice((f"手机{value[:3]}****{value[7:]}", f"身份证号{number[:6]}********{number[14:]}"))


NEGATIVES = (_order, _serial, _imei, _credit_code, _amount, _document_number, _moment, _telephone, _code, _address,
             _coordinates, _masked)  # fmt: skip


def negatives(count: int, seed: int) -> Iterator[Sentence]:
    """Sentences with numbers that are nobody's."""
    rng = random.Random(f"{seed} negatives")  # noqa: S311 - a seed, not a secret
    for _ in range(count):
        make = rng.choice(NEGATIVES)
        text = rng.choice(BEFORE).format(name="有关单位") + make(rng) + rng.choice(AFTER)
        yield Sentence(make.__name__.strip("_"), text, ())
