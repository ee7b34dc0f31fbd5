"""The interface standards: one record on its way between installations, and a page of the change feed."""

from typing import Any, Final

from jiyue.content.standards import DIALECT, IDENTITY, SHA256, described

MOMENT: Final = {"type": "string", "format": "date-time"}
STATES: Final = {"shown": "公开", "repealed": "已废止"}
ACTS: Final = {
    "publish": "发布",
    "correct": "更正",
    "withdraw": "撤下",
    "place": "取用",
    "unplace": "停止取用",
    "structure": "栏目设置",
}
MOST: Final = 2_000_000_000  # whatever counts further is no number of a change
PAGE_LENGTH: Final = 100  # changes on one page of the feed; a full page never changes again


def schemas() -> dict[str, dict[str, Any]]:
    """The interface standards as this program writes and reads them."""
    return {"exchange_item": item(), "change_feed": feed()}


def item() -> dict[str, Any]:
    """A line of an export, and the file beside a public page."""
    parts = {
        "standard": {"title": "数据标准版本", "type": "string", "pattern": "^[a-z_]+@[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
        "origin": {"title": "来源网站", "type": "string", "format": "uri", "minLength": 1},
        "address": {"title": "页面网址", "type": "string", "format": "uri", "minLength": 1},
        "state": {"title": "状态", "type": "string", "enum": list(STATES), "x-names": STATES},
        "published_at": {"title": "发布时间", **MOMENT},
        "changed_at": {"title": "最近变更时间", **MOMENT},
        "version": {"title": "版本摘要", **SHA256},
        "sign_off": {"title": "签发记录摘要", **SHA256},
        "digest": {"title": "记录摘要", **SHA256},
        "record": {"title": "记录", "type": "object"},
    }
    return {"$schema": DIALECT, "$id": "urn:jiyue:standard:exchange_item", **described("交换记录", parts)}


def feed() -> dict[str, Any]:
    """One page of the change feed."""
    entry = {
        "number": {"title": "变更序号", "type": "integer", "minimum": 1, "maximum": MOST},
        "act": {"title": "变更类型", "type": "string", "enum": list(ACTS), "x-names": ACTS},
        "identity": {"title": "标识", **IDENTITY},
        "at": {"title": "生效时间", **MOMENT},
        "version": {"title": "版本摘要", **SHA256},
        "sign_off": {"title": "签发记录摘要", **SHA256},
        "record": {"title": "记录文件的网址", "type": ["string", "null"]},
        "withdrawal": {"title": "撤下类型", "type": "string", "enum": ["error", "merged", "repealed"],
                       "x-names": {"error": "误发", "merged": "合并", "repealed": "废止"}},
    }  # fmt: skip
    parts = {
        "standard": {"title": "数据标准版本", "type": "string", "pattern": "^change_feed@[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
        "origin": {"title": "来源网站", "type": "string", "format": "uri", "minLength": 1},
        "page": {"title": "第几页", "type": "integer", "minimum": 1, "maximum": MOST},
        "full": {"title": "本页已满", "type": "boolean"},
        "after": {"title": "上一页最后一条的签发摘要", "type": "string", "pattern": "^([0-9a-f]{64})?$"},
        "newest": {"title": "最新序号", "type": "integer", "minimum": 0, "maximum": MOST},
        "changes": {"title": "变更", "type": "array", "maxItems": PAGE_LENGTH,
                    "items": described("变更", entry, optional=("withdrawal",))},
    }  # fmt: skip
    return {
        "$schema": DIALECT,
        "$id": "urn:jiyue:standard:change_feed",
        **described("变更清单", parts, optional=("newest",)),
    }
