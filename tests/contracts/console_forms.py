"""The forms of the console as a browser shows them: read out of an answer, filled in, and altered field by field."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from urllib.parse import urljoin, urlsplit

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from selectolax.lexbor import LexborHTMLParser, LexborNode

from tests.cast import PASSWORD
from tests.pictures import png

# What a person would type where the page leaves a required field empty, by the end of its name.
TYPED = {
    "slug": "xin", "host": "xin.chenghu.localhost", "code": "990100777", "username": "xin_ren", "url": "https://x.invalid/",
    "email_address": "a@example.invalid", "phone_number": "000-12345", "colour": "#1a4f8b", "order": "first,second,secrecy,final",
    "old_password": PASSWORD, "new_password1": "hu-an-qing-jie-26", "new_password2": "hu-an-qing-jie-26",
    "password": "hu-an-qing-jie-26", "again": "hu-an-qing-jie-26", "division_code": "990100", "anchor": "a1",
    "account": "ch_spare", "manager": "ch_manager", "limit": "20个工作日", "renewal": "每年", "cycle": "每年",
    "call_centre": "000-12345", "words": "样例，例子", "system_host": "zwfw.chenghu.localhost", "grounds": "依法公示的样例文字",
    **dict.fromkeys(("measures", "answer", "reason", "conclusion"), "已经处理的样例文字"),
}  # fmt: skip
BY_ENDING = {"_on": "date", "_until": "date", "_at": "datetime-local", "_time": "time"}
# What is better not ticked or typed; `amends` and `repeals` take nothing but the name of another document that is there.
LEFT_OFF = frozenset(
    {
        "replace",
        "next",
        "q",
        "index_number",
        "amends",
        "repeals",
        "bring",
        "happened_at",
        "paths",
        "ends_on",
        "record",
        "takes_comments",
    }
)
NEVER_SENT = frozenset({"csrfmiddlewaretoken"})


@dataclass(frozen=True)
class Form:
    """One form with one of its buttons: where it goes, and what it would send."""

    method: str
    address: str
    fields: dict[str, list[str]]
    files: frozenset[str] = frozenset()
    choices: dict[str, list[str]] = field(default_factory=dict)

    def with_value(self, name: str, *values: str) -> "Form":
        return replace(self, fields={**self.fields, name: list(values)})

    def payload(self) -> dict:
        """As Django's test client sends it; a fresh file each time."""
        sent = {name: values for name, values in self.fields.items() if values}
        return sent | {name: _file(name) for name in self.files}


def forms_in(content: bytes, *, at: str) -> list[Form]:
    """All forms of an answer, dialogues that come as JSON included; one for each button that sends a value."""
    text = content.decode("utf-8", "replace")
    if text.lstrip().startswith("{"):
        text = json.loads(text).get("html", "")
    page = LexborHTMLParser(text)
    found = (form for node in page.css("form") for form in _with_buttons(page, node, at))
    return [form for form in found if "logout" not in form.address]


def _controls(page: LexborHTMLParser, node: LexborNode, kinds: str) -> list[LexborNode]:
    """The controls of a form, also those that stand elsewhere on the page and name it."""
    name = node.attributes.get("id")
    elsewhere = [control for control in page.css(kinds) if name and control.attributes.get("form") == name]
    return [*(control for control in node.css(kinds) if "form" not in control.attributes), *elsewhere]


def _with_buttons(page: LexborHTMLParser, node: LexborNode, at: str) -> Iterator[Form]:
    method = (node.attributes.get("method") or "get").lower()
    address = urljoin(at, node.attributes.get("action") or "")
    fields: dict[str, list[str]] = {}
    choices: dict[str, list[str]] = {}
    files = set()
    for control in _controls(page, node, "input, select, textarea"):
        name = control.attributes.get("name") or ""
        if not name or name in NEVER_SENT or "disabled" in control.attributes:
            continue
        if control.attributes.get("type") == "file":
            files.add(name)
            continue
        choices.setdefault(name, []).extend(_choices(control))
        _fill(fields, name, control)
    form = Form(method, _local(address), fields, frozenset(files), choices)
    buttons = [button for button in _controls(page, node, "button[name]") if button.attributes.get("type") != "button"]
    yield from (_button(form, button) for button in buttons) if buttons else (form,)


def _button(form: Form, button: LexborNode) -> Form:
    return form.with_value(button.attributes["name"], button.attributes.get("value") or "")


def _local(address: str) -> str:
    parts = urlsplit(address)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def _choices(control: LexborNode) -> list[str]:
    if control.tag == "select":
        return [option.attributes.get("value") or "" for option in control.css("option")]
    if control.attributes.get("type") in {"radio", "checkbox"}:
        return [control.attributes.get("value") or "on"]
    return []


def _fill(fields: dict[str, list[str]], name: str, control: LexborNode) -> None:
    kind = "select" if control.tag == "select" else control.attributes.get("type") or control.tag
    if kind == "select":
        fields[name] = _selected(control)
    elif kind == "checkbox":
        if name not in LEFT_OFF:
            fields.setdefault(name, []).append(control.attributes.get("value") or "on")
    elif kind == "radio":
        if "checked" in control.attributes or name not in fields:
            fields[name] = [control.attributes.get("value") or "on"]
    elif kind not in {"submit", "button", "image"}:
        fields[name] = [_given(control) or _typed(name, kind)]


def _selected(control: LexborNode) -> list[str]:
    options = control.css("option")
    chosen = [option for option in options if "selected" in option.attributes and option.attributes.get("value")]
    chosen = chosen or [option for option in options if option.attributes.get("value")][:1]
    return [option.attributes.get("value") or "" for option in chosen]


def _given(control: LexborNode) -> str:
    return control.text() if control.tag == "textarea" else control.attributes.get("value") or ""


def _typed(name: str, kind: str) -> str:
    last = name.rpartition("-")[2]
    if last in LEFT_OFF or kind == "hidden":
        return ""
    later = timezone.localtime() + timedelta(days=2 if last in {"until", "mourning_until", "closes_at"} else 1)
    by_kind = {
        "number": "1", "time": "08:30", "month": f"{later:%Y-%m}", "date": f"{later:%Y-%m-%d}",
        "datetime-local": f"{later:%Y-%m-%dT%H:%M}", "url": "https://x.invalid/", "email": "a@example.invalid",
        "tel": "000-12345",
    }  # fmt: skip
    if kind == "text":  # Wagtail draws its calendars beside plain text fields
        kind = next((named for ending, named in BY_ENDING.items() if last.endswith(ending)), kind)
    if (last, kind) == ("address", "text"):  # of a page; where it is one to write to, the field's kind says so
        return "https://x.invalid/"
    return TYPED.get(last) or by_kind.get(kind, "样例文字")


def _file(name: str) -> SimpleUploadedFile:
    if "image" in name or "picture" in name:
        return SimpleUploadedFile("hu.png", png(side=64), content_type="image/png")
    return SimpleUploadedFile("biao.txt", "甲乙丙\n\n丁".encode(), content_type="text/plain")
