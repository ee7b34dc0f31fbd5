"""Decisions as two overseers take them; built through the actions."""

from datetime import date, datetime

from jiyue.identity.models import Organisation, User
from jiyue.identity.roles import Role
from jiyue.rules.actions import approve, assign_pack, install_pack, propose_override, revise_calendar
from tests.cast import member

Pair = tuple[User, User]
PACK = """
pack: {name}
name: 澄湖市
level: city
extends: {extends}
version: 2026-11-21
texts:
  rules:
    title: 澄湖市政府网站管理办法
    number: null
    issued: 2026
    in_force: 2026
    source: issued
"""


def overseers(unit: Organisation | None, *, now: datetime, prefix: str = "duban") -> Pair:
    """Two overseers of a unit, or of the whole platform."""
    one, two = (member(f"{prefix}{n}", Role.OVERSEER, "administering", unit, now=now) for n in ("jia", "yi"))
    return one, two


def approved_override(unit, parameter: str, value: str, day: date, pair: Pair, *, now: datetime, pack: str = ""):
    override = propose_override(
        organisation=unit, pack=pack, parameter=parameter, value=value, from_on=day, document="澄湖市留言办理规定",
        article="第三条", grounds="本地要求更高", by=pair[0], now=now,
    )  # fmt: skip
    return approve(proposal=override, by=pair[1], now=now)


def assigned(unit: Organisation, pack: str, day: date, pair: Pair, *, now: datetime):
    proposal = assign_pack(organisation=unit, pack=pack, from_on=day, grounds="按属地适用", by=pair[0], now=now)
    return approve(proposal=proposal, by=pair[1], now=now)


def approved_calendar(year: int, off: dict, worked: dict, pair: Pair, *, now: datetime):
    proposal = revise_calendar(
        year=year, off=off, worked=worked, notice="放假安排通知", grounds="通知已发布", by=pair[0], now=now
    )
    return approve(proposal=proposal, by=pair[1], now=now)


def pack_files(name: str, values: dict[str, dict[str, str]], *, extends: str = "national") -> dict[str, str]:
    """The files of a small pack of deadlines."""
    topic = "".join(
        f"{parameter}:\n"
        + "".join(f"  {day}:\n    limit: {limit}\n    basis: rules 第一条\n" for day, limit in dated.items())
        for parameter, dated in values.items()
    )
    return {"pack.yaml": PACK.format(name=name, extends=extends).lstrip(), "interaction.yaml": topic}


def approved_pack(name: str, values: dict[str, dict[str, str]], day: date, pair: Pair, *, now: datetime):
    proposal = install_pack(
        name=name, files=pack_files(name, values), in_force_on=day, grounds="本市自行规定", by=pair[0], now=now
    )
    return approve(proposal=proposal, by=pair[1], now=now)
