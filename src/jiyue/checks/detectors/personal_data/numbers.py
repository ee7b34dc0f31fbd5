"""Rows of digits: identity numbers, mobile numbers, bank cards, accounts.

One regular expression finds rows of digits with single separators; everything else looks at a handful of rows.
"""

import re
from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from jiyue.checks.detectors.personal_data.hits import Hit
from jiyue.checks.detectors.personal_data.numbers_known import (
    is_card,
    is_identity,
    is_luhn,
    is_mobile,
    is_old_identity,
    is_union_card,
    looks_like_identity,
)
from jiyue.checks.findings import Severity

_SEPARATOR = "[ \u00a0\u3000\u2009\\-‐‑–—.·]"
# Signs that nobody sees divide nothing.
_UNSEEN = "[\u200b\u200c\u200d\u2060\ufeff\u00ad]"
_RUN = re.compile(
    rf"[0-9](?:{_UNSEEN}*+{_SEPARATOR}?{_UNSEEN}*+[0-9])*+(?:{_UNSEEN}*+{_SEPARATOR}?[Xx](?![0-9A-Za-z]))?"
)
_GROUP = re.compile(rf"[0-9](?:{_UNSEEN}*+[0-9])*+(?:{_UNSEEN}*+[Xx])?|[Xx]")
_WIDE = re.compile("[０-９Ｘｘ]")
_NARROWED = {0xFF10 + digit: 0x30 + digit for digit in range(10)} | {0xFF38: 0x58, 0xFF58: 0x78}
# Shorter rows than the shortest number, and rows of more groups than anybody writes one number in.
_SHORTEST, _MOST_GROUPS, _LONGEST = 11, 24, 19

# The nearest word before the number decides what it is said to be.
_SAID = re.compile(
    r"(?P<identity>身[份分]证(?:件|明)?(?:编号|号码|号)?|证件(?:编号|号码|号)?|身份(?:号码|号|代码)|公民身份|ID(?:号|码)?)"
    r"|(?P<card>银行卡(?:编号|号码|号)?|卡号|一卡通|存折|借记卡|信用卡|工资卡|社保卡|银行账[户号]|银行帐[户号]|开户行|"
    r"账号|帐号|账户|帐户|汇入)"
    r"|(?P<mobile>手\s?机(?:号码|号)?|电\s?话(?:号码|号)?|联系方式|移动电话|致电|拨打|微信号?|[Tt]el|TEL|[Mm]obile|[Pp]hone)"
    r"|(?P<other>订单|单号|流水|编号|序号|编码|代码|条码|条形码|IMEI|imei|串号|机身码|设备号|批号|案号|文号|许可证|登记号|注册号|"
    r"受理号|备案|项目号|合同|发票|税号|识别号|运单|快递|学号|工号|证书|ISBN|ISSN|信用代码|专利|档案|索引|卷号|电表|水表|户号|客户号|"
    r"不动产权?|产权证|机号|序列号|追溯码|标识码|宗地|地块|型号|凭证|回执|查询码|验证码|批文|标准号|版本|计数|QQ)"
)
_AMOUNT = re.compile(
    r"[ \u00a0]?(?:多|余)?(?:[千百]?万|亿|[美欧港日]?元|吨|公斤|千克|平方|立方|公顷|亩|人次|[人户册股件台辆套份次票]|千瓦|"
    r"[%％]|kWh|[KMGT]?B\b)"
)
_LABELS = frozenset({"tel", "mobile", "phone", "id", "no", "sfz", "sjh", "cell", "idcard", "mob", "hp"})
_NEXT_LABEL = re.compile(r"(?:QQ|ID|[Tt]el|TEL|[Ee]-?mail|[Ww]e[Cc]hat)(?![A-Za-z])")
# Somebody to ask about a public matter: not secret, but whether the person agreed is for a person to judge.
_CONTACT = re.compile(
    r"联\s?系\s?人|联系电话|联系方式|咨询|举报|监督|值班|报名|热线|客服|投诉|负责人|经办人|受理|招标|代理|采购|传真|服务电话|"
    r"公告期|反馈|报送|办公电话|窗口|资格审查"
)
_BODY = re.compile(r"(?:户\s*名|收款(?:人|单位)|账户名称|帐户名称|单位名称|开户名)\s*[:：]?\s*[^\s，。；;,]{2,40}?"
                   r"(?:局|委|厅|公司|中心|院|会|政府|所|社|部|处|学校|大学|银行|专户|站|办)")  # fmt: skip

_ITEM = re.compile(r"\s*\d{1,3}\.")
Group = tuple[int, int]


def numbers(text: str, *, today: date) -> Iterator[Hit]:
    """Every identity number, mobile number, card and account in the text, in its order."""
    plain = text.translate(_NARROWED) if _WIDE.search(text) else text
    for run in _RUN.finditer(plain):
        if run.end() - run.start() >= _SHORTEST and run.end() - run.start() < 4_000:
            yield from _of_run(plain, run.start(), run.end(), today)


def _of_run(text: str, start: int, end: int, today: date) -> Iterator[Hit]:
    groups = [(found.start(), found.end()) for found in _GROUP.finditer(text, start, end)]
    at = 0
    while at < len(groups):
        found = _best(text, groups[at : at + (_LONGEST if len(groups) <= _MOST_GROUPS else 1)], today)
        if found:
            yield found[0]
        at += found[1] if found else 1


def _best(text: str, groups: list[Group], today: date) -> tuple[Hit, int] | None:
    """The surest number that begins with the first group, then the longest; and how many groups it takes."""
    found: list[tuple[Hit, int]] = []
    for count in range(1, len(groups) + 1):
        members = groups[:count]
        digits = "".join(_shown(text, member) for member in members)
        if len(digits) > _LONGEST + 11:
            break
        if len(digits) < _SHORTEST or (count > 1 and not _may_join(text, members)):
            continue
        hit = _judged(text, members, digits, today)
        if hit:
            found.append((hit, count))
    return max(found, key=_sureness, default=None)


def _sureness(found: tuple[Hit, int]) -> tuple[bool, int, bool, bool, int]:
    hit, count = found
    sure = not hit.doubt
    return hit.kind == "id-number" and sure, hit.severity.weight, sure, hit.kind != "account", count


def _shown(text: str, group: Group) -> str:
    """The digits of a group."""
    return "".join(sign for sign in text[group[0] : group[1]] if sign.isalnum())


def _may_join(text: str, members: list[Group]) -> bool:
    """Groups belong together when one kind of separator divides them."""
    signs = {re.sub(_UNSEEN, "", text[one[1] : two[0]]) for one, two in pairwise(members)}
    return len(signs) == 1 or (len(members) == 3 and text[members[0][0] - 1 : members[0][0]] == "+")


def _judged(text: str, members: list[Group], digits: str, today: date) -> Hit | None:
    start, end = members[0][0], members[-1][1]
    if _is_inside_word(text, start, end):
        return None
    said = _said(text, start)
    for judge in (_identity, _mobile, _card):
        hit = judge(text, members, digits, said, today)
        if hit:
            return hit
    return None


def _is_inside_word(text: str, start: int, end: int) -> bool:
    """Part of a code, a decimal, an address of the web or of mail."""
    after = text[end : end + 2]
    if after[:1] in ("@", "_") or (after[:1].isascii() and after[:1].isalpha() and not _NEXT_LABEL.match(text, end)):
        return True
    if after[:1] in (".", "/", "=") and after[1:2].isascii() and after[1:2].isalnum():
        return not (after[:1] == "/" and after[1:2].isdigit())
    before = text[max(0, start - 12) : start]
    if not before or not before[-1].isascii():
        return False
    last = before[-1]
    if last.isalpha():
        return re.split(r"[^A-Za-z]", before)[-1].lower() not in _LABELS
    if last in "_=&?#%\\*":
        return True
    if last == ".":
        return before[-2:-1].isalpha() or (before[-2:-1].isdigit() and not _begins_line(text, start))
    return last == "/" and before[-2:-1].isascii() and before[-2:-1].isalpha()


def _begins_line(text: str, start: int) -> bool:
    """The item of a list (1.138…), not the rest of a decimal."""
    return bool(_ITEM.fullmatch(text[max(text.rfind("\n", 0, start) + 1, start - 8) : start]))


def _said(text: str, start: int) -> str:
    """What the words before the number call it: identity, card, mobile, other, or nothing."""
    before = _before(text, start, 34)
    said = ""
    for found in _SAID.finditer(before):
        said = found.lastgroup or ""
    return said


def _before(text: str, start: int, size: int) -> str:
    """The words before, in the same sentence and line; of a number that begins its line those of the line above.

    Forms and tables have the label in a cell of its own.
    """
    before = text[max(0, start - size) : start]
    cut = max(before.rfind(sign) for sign in "。；\n")
    if before[cut + 1 :].strip() or cut < 0:
        return before[cut + 1 :]
    above = before[:cut].rstrip()
    return above[max(above.rfind(sign) for sign in "。；\n") + 1 :]


def _identity(text: str, members: list[Group], digits: str, said: str, today: date) -> Hit | None:
    start, end = members[0][0], members[-1][1]
    if is_identity(digits, today=today):
        return Hit("id-number", start, end, text[start:end], Severity.BLOCK)
    if looks_like_identity(digits, today=today) and said not in ("other", "card"):
        sure = said == "identity" or _is_known(digits)
        return Hit("id-number", start, end, text[start:end], Severity.WARN, "check-digit") if sure else None
    if said == "identity" and len(digits) == 15 and is_old_identity(digits):
        return Hit("id-number", start, end, text[start:end], Severity.BLOCK)
    if said == "identity" and len(digits) in (15, 18) and len(members) == 1:
        return Hit("id-number", start, end, text[start:end], Severity.WARN, "form")
    if not said and len(members) == 1 and is_old_identity(digits) and not is_luhn(digits):
        return Hit("id-number", start, end, text[start:end], Severity.WARN, "old")
    return None


def _is_known(digits: str) -> bool:
    return is_old_identity(digits[:6] + digits[8:17])


def _mobile(text: str, members: list[Group], digits: str, said: str, _today: date) -> Hit | None:
    start, end = members[0][0], members[-1][1]
    number, start = _without_country(text, members, digits, start)
    if not is_mobile(number) or not _is_grouped_as_phone(text, members, number) or said in ("identity", "card"):
        return None
    if said == "other" or (said != "mobile" and _AMOUNT.match(text, end)) or _is_decimal(text, end):
        return None
    public = _CONTACT.search(_before(text, start, 60))
    return Hit(
        "mobile", start, end, text[start:end], Severity.WARN if public else Severity.BLOCK, "contact" if public else ""
    )


def _without_country(text: str, members: list[Group], digits: str, start: int) -> tuple[str, int]:
    """The number without +86, 0086 or 86, and where it begins."""
    for code in ("0086", "86"):
        if not digits.startswith(code) or len(digits) != 11 + len(code):
            continue
        first = _shown(text, members[0])
        told = code == "0086" or text[start - 1 : start] == "+" or first == code or _said(text, start) == "mobile"
        if told:
            return digits[len(code) :], members[1][0] if first == code else start + len(code)
    return digits, start


def _is_grouped_as_phone(text: str, members: list[Group], number: str) -> bool:
    """In one piece, or as 3-4-4, 3-8, 4-3-4 and the like; never digit by digit with points (a version, a date)."""
    sizes = [len(_shown(text, member)) for member in members]
    if sizes[0] in (2, 4) and sum(sizes) > 11:
        sizes = sizes[1:]
    if len(sizes) == 1:
        return True
    if "." in text[members[0][1] : members[1][0]]:
        return sizes == [3, 4, 4]
    return sizes in ([3, 4, 4], [3, 8], [7, 4], [4, 3, 4], [4, 4, 3], [3, 3, 5], [5, 3, 3]) or set(sizes) == {1}


def _is_decimal(text: str, end: int) -> bool:
    return text[end : end + 1] == "." and text[end + 1 : end + 2].isdigit()


def _card(text: str, members: list[Group], digits: str, said: str, _today: date) -> Hit | None:
    start, end = members[0][0], members[-1][1]
    value = text[start:end]
    if not digits.isdigit() or not _is_grouped_as_card(text, members) or said == "identity":
        return None
    if said == "card":
        return _said_to_be_card(text, start, end, digits)
    if said or not is_card(digits) or (len(members) > 1 and not _in_fours(text, members)):
        return None
    if is_union_card(digits) or len(members) > 1:
        return Hit("bank-card", start, end, value, Severity.BLOCK)
    # Serial numbers that begin with a day (240512…) pass one time in ten.
    if digits[0] == "2" and "01" <= digits[2:4] <= "12":
        return None
    return Hit("bank-card", start, end, value, Severity.WARN, "no-word")


def _said_to_be_card(text: str, start: int, end: int, digits: str) -> Hit | None:
    value = text[start:end]
    if _BODY.search(_before(text, start, 120)) or _BODY.search(text, end, end + 60):
        return None
    if 13 <= len(digits) <= 19 and is_luhn(digits):
        return Hit("bank-card", start, end, value, Severity.BLOCK)
    return Hit("account", start, end, value, Severity.WARN)


def _is_grouped_as_card(text: str, members: list[Group]) -> bool:
    return len(members) == 1 or _in_fours(text, members) or {len(_shown(text, member)) for member in members} == {1}


def _in_fours(text: str, members: list[Group]) -> bool:
    sizes = [len(_shown(text, member)) for member in members]
    return set(sizes[:-1]) == {4} and sizes[-1] <= 7
