"""The console's own policy: on every answer, and nothing inline that it would block (the browser walk proves the rest)."""

import re

import pytest

from jiyue.content.models import RECORD_TYPES

pytestmark = [pytest.mark.django_db, pytest.mark.req("SECU-10")]
INLINE = re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>.{0,200}|\son[a-z]+=\"|\sstyle=\"", re.S)


def test_every_answer_forbids_foreign_and_inline_scripts(client, cast, sign_in):
    for answer in (client.get("/login/"), client.get("/nothing/"), sign_in(cast.operator).get("/office/sites/")):
        policy = answer.headers["Content-Security-Policy"]
        assert "script-src 'self';" in policy and "style-src 'self'" in policy and "unsafe" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert "camera=()" in answer.headers["Permissions-Policy"]


def test_no_editor_carries_anything_inline(cast, sign_in):
    client, column = sign_in(cast.city.editor), cast.city.columns["zcwj"]
    found = {}
    for kind in RECORD_TYPES:
        page = client.get(f"/write/{kind}/add/?column={column.pk}").content.decode()
        found[kind] = [part.group()[:300] for part in INLINE.finditer(page)]
    assert {kind: parts for kind, parts in found.items() if parts} == {}
