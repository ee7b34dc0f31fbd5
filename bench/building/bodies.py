"""The body of every document, ours and the peer's. Needs no Django."""

from typing import Any


def blocks(mark: str) -> list[dict[str, Any]]:
    """The body of every document: 15 blocks, 4 headings, 8 paragraphs, table, list and quotation."""
    sentence = "为落实政府网站集约化建设的部署要求，现就有关事项通知如下，请各区、各部门结合实际认真贯彻执行。"
    found: list[tuple[str, Any]] = []
    for part in range(4):
        found.append(("heading", {"text": f"第{part + 1}部分 工作要求", "level": "2"}))
        found += [("paragraph", f"<p>{mark}第{part * 2 + i}项。{sentence * 4}</p>") for i in range(2)]
    rows = [["任务", "单位", "期限", "状态"], *([f"任务{n}", "市教育局", "2026年12月", "进行中"] for n in range(6))]
    found.append(("table", {"data": rows, "cell": [], "first_row_is_table_header": True, "first_col_is_header": False,
                            "table_header_choice": "row", "table_caption": "任务分工", "mergeCells": []}))  # fmt: skip
    found.append(("list", {"ordered": True, "items": [f"{sentence[:20]}（{n}）" for n in range(6)]}))
    found.append(("quotation", {"text": "便民利企。" * 8, "attribution": "市政府办公室"}))
    return [{"type": kind, "value": value, "id": f"b{n}"} for n, (kind, value) in enumerate(found)]
