"""Bounds of pictures and videos: not set by any text, kept where a unit sets one (PAGE-06)."""

import io
import struct

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from jiyue.checks.actions import decide
from jiyue.content.actions import store_attachment, store_picture
from jiyue.content.media_bounds import beyond, seconds_of
from tests.cast import draft
from tests.pictures import png


def box(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", len(content) + 8, name) + content


def mp4(*, seconds: int, wide: bool = False, last: bool = False) -> bytes:
    form = ">B3xQQIQ" if wide else ">B3xIIII"
    header = struct.pack(form, int(wide), 0, 0, 1000, seconds * 1000)
    moov, data = box(b"moov", box(b"free", b"..") + box(b"mvhd", header)), box(b"mdat", b"x" * 64)
    return box(b"ftyp", b"isom\0\0\0\0") + (data + moov if last else moov + data)


@pytest.mark.parametrize("more", [{}, {"wide": True}, {"last": True}])
def test_the_length_of_a_video_is_read_where_it_stands(more):
    assert seconds_of(io.BytesIO(mp4(seconds=95, **more))) == 95


@given(st.binary(max_size=200))
def test_what_is_no_video_has_no_length_and_harms_nothing(data):
    assert isinstance(seconds_of(io.BytesIO(b"\0\0\0\x08ftyp" + data)), float | None)
    assert seconds_of(io.BytesIO(mp4(seconds=1)[: len(data)])) in {None, 1.0}


def limit(cast, name, value, now):
    return decide(
        organisation=cast.city.organisation, kind="threshold", name=name, value={"value": value}, basis="本单位规定",
        by=cast.overseer, now=now,
    )  # fmt: skip


@pytest.mark.req("PAGE-06")
def test_nothing_is_asked_until_a_unit_sets_a_bound(cast, now):
    city, today = cast.city, timezone.localdate(now)
    picture = store_picture(site=city.site, name="hu.png", data=png(), title="湖", by=city.editor, now=now)
    video = store_attachment(
        site=city.site, name="hu.mp4", data=mp4(seconds=200), title="湖的视频", by=city.editor, now=now
    )  # fmt: skip
    body = [
        {"type": "image", "id": "a", "value": {"image": picture.pk, "alt": "湖", "decorative": False, "caption": ""}},
        {"type": "video", "id": "b", "value": {"media": video.pk, "poster": None, "title": "湖", "transcript": "湖水"}},
    ]
    record = draft(city, now=now, body=body)
    assert beyond(record, on=today) == []
    for name, value in (("picture.side", 300), ("video.seconds", 180)):
        limit(cast, name, value, now)
    assert sorted(beyond(record, on=today)) == [
        "图片“湖”短边只有 8 像素，低于本单位规定的 300 像素",
        "视频“湖的视频”长 200 秒，超过本单位规定的 180 秒",
    ]
