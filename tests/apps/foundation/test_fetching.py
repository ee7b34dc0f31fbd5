"""What the platform asks of strangers' servers: real servers on this machine, real sockets, no double of anything."""

import gzip
import ipaddress
import socket
import threading
import time

import pytest
from tests.strangers import HERE, stranger

from jiyue.foundation.fetching import Limits, NotFetched, checked_address, fetch, is_outside, sentence_of

SMALL = Limits(seconds=60, connect=60, size=64 << 10)
SOON = Limits(
    seconds=0.6, connect=0.5, size=64 << 10
)  # for what never ends: anything else may take longer on a busy machine


@pytest.fixture(scope="module")
def host():
    with stranger() as found:
        yield found


def refused(address, **options):
    options.setdefault("networks", HERE)
    options.setdefault("limits", SMALL)
    with pytest.raises(NotFetched) as caught:
        fetch(address, **options)
    return caught.value


def test_it_brings_the_bytes_and_what_the_server_says_of_them(host):
    host.pages["/feed"] = (
        200,
        {
            "Content-Type": 'Text/XML; Charset="GB18030"',
            "ETag": '"7"',
            "Last-Modified": "Fri, 01 Jan 2027 00:00:00 GMT",
        },
        "通知".encode("gb18030"),
    )
    found = fetch(host.address("/feed"), networks=HERE)
    assert (found.status, found.body.decode("gb18030"), found.unchanged) == (200, "通知", False)
    assert (found.content_type, found.charset, found.etag) == ("text/xml", "gb18030", '"7"')
    assert found.last_modified == "Fri, 01 Jan 2027 00:00:00 GMT"


def test_it_asks_only_whether_something_changed_when_it_knows_the_last_answer(host):
    host.pages["/same"] = (304, {"Content-Length": "0"}, b"")
    found = fetch(host.address("/same"), etag='"7"', last_modified="yesterday", networks=HERE)
    assert found.unchanged and found.body == b""
    asked = host.asked[-1][1]
    assert (asked["if-none-match"], asked["if-modified-since"]) == ('"7"', "yesterday")


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1/", "http://127.1/", "http://2130706433/", "http://0x7f000001/", "http://[::1]/", "http://0.0.0.0/",
        "http://10.0.0.8/", "http://192.168.1.1/", "http://172.16.0.1/", "http://169.254.169.254/latest/", "http://100.64.0.1/",
        "http://[::ffff:127.0.0.1]/", "http://[fe80::1]/", "http://[fd00::1]/", "http://[fec0::1]/", "http://localhost/",
        "http://[64:ff9b::7f00:1]/", "http://[2002:7f00:1::]/",
    ],
)  # fmt: skip
def test_an_inner_address_is_not_asked_however_it_is_written(address):
    assert refused(address, networks=()).code == "inside"


def test_what_is_public_is_told_from_what_is_not():
    outside = ["93.184.216.34", "2606:2800:220:1::1", "::ffff:8.8.8.8", "64:ff9b::808:808"]
    inside = ["224.0.0.1", "255.255.255.255", "::", "ff02::1", "64:ff9b::a00:1", "192.0.2.1", "2001:db8::1"]
    assert [is_outside(ipaddress.ip_address(each)) for each in outside] == [True] * 4
    assert [is_outside(ipaddress.ip_address(each)) for each in inside] == [False] * 7


def test_one_inner_address_among_public_ones_refuses_the_name():
    assert refused("http://portal.example/", resolve=lambda *_: ["93.184.216.34", "10.0.0.1"]).code == "inside"


def test_the_name_is_resolved_once_and_the_judged_address_is_the_one_that_is_asked(host):
    answers = [["127.0.0.1"], ["10.9.9.9"], ["10.9.9.9"]]
    asked = []

    def rebinding(name, port):
        asked.append((name, port))
        return answers.pop(0)

    host.pages["/pinned"] = b"ok"
    found = fetch(f"http://portal.example:{host.port}/pinned", resolve=rebinding, networks=HERE)
    assert found.body == b"ok"
    assert asked == [("portal.example", host.port)]
    assert host.asked[-1][1]["host"] == f"portal.example:{host.port}"


def test_a_redirect_is_followed_and_each_one_judged_like_the_first(host):
    host.pages |= {
        "/first": (302, {"Location": "/旧/页 面".encode().decode("latin-1")}, b""),
        "/%E6%97%A7/%E9%A1%B5%20%E9%9D%A2": b"there",
        "/inward": (301, {"Location": "http://10.0.0.1/admin"}, b""),
        "/file": (302, {"Location": "file:///etc/passwd"}, b""),
        "/nowhere": (302, {}, b""),
        "/round": (307, {"Location": "/round"}, b""),
    }
    assert fetch(host.address("/first"), networks=HERE).body == b"there"
    assert refused(host.address("/inward")).code == "inside"
    assert refused(host.address("/file")).code == "address"
    assert refused(host.address("/nowhere")).code == "broken"
    assert refused(host.address("/round")).code == "redirects"


def test_who_we_are_is_not_told_to_the_next_host(host):
    host.pages["/away"] = (302, {"Location": f"http://elsewhere.example:{host.port}/there"}, b"")
    host.pages["/there"] = b"ok"
    fetch(
        host.address("/away"), headers={"Authorization": "Bearer 1", "Accept": "text/xml"}, networks=HERE,
        resolve=lambda *_: ["127.0.0.1"],
    )  # fmt: skip
    first, second = host.asked[-2][1], host.asked[-1][1]
    assert first["authorization"] == "Bearer 1"
    assert "authorization" not in second and second["accept"] == "text/xml"


def test_more_than_the_limit_is_not_read_whether_it_was_told_or_not(host):
    def endless(handler):
        handler.send_response(200)
        handler.end_headers()
        while True:
            handler.wfile.write(b"x" * 9000)

    host.pages |= {"/told": b"x" * 70_000, "/endless": endless}
    bomb = gzip.compress(bytes(20 << 20))
    host.pages["/bomb"] = (200, {"Content-Encoding": "gzip"}, bomb)
    assert len(bomb) < SOON.size
    assert {refused(host.address(path)).code for path in ("/told", "/endless", "/bomb")} == {"too_large"}


def test_packed_answers_are_unpacked_and_cut_off_ones_are_noticed(host):
    packed = gzip.compress("正文".encode() * 40)
    host.pages["/packed"] = (200, {"Content-Encoding": "gzip"}, packed)
    host.pages["/half"] = (200, {"Content-Encoding": "gzip"}, packed[: len(packed) // 2])
    host.pages["/short"] = (200, {"Content-Length": "90"}, b"only this")
    host.pages["/strange"] = (200, {"Content-Encoding": "br"}, b"?")
    assert fetch(host.address("/packed"), networks=HERE).body.decode() == "正文" * 40
    assert {refused(host.address(path)).code for path in ("/half", "/strange")} == {"broken"}
    assert refused(host.address("/short"), limits=SOON).code in ("broken", "slow")


def test_drop_by_drop_does_not_outlast_the_time_given(host):
    def drip(handler):
        handler.send_response(200)
        handler.end_headers()
        for _count in range(2000):  # a hundred seconds
            handler.wfile.write(b"x")
            time.sleep(0.05)

    host.pages["/drip"] = drip
    began = time.monotonic()
    assert refused(host.address("/drip"), limits=SOON).code == "slow"
    assert time.monotonic() - began < 60


@pytest.mark.parametrize(
    "said", [b"", b"SSH-2.0-x\r\n", b"HTTP/1.1 abc\r\n\r\n", b"HTTP/1.1 200 OK\r\nA: " + b"x" * 70_000]
)
def test_what_is_no_answer_of_a_web_server_is_refused(said):
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def speak():
            connected, _who = listener.accept()
            with connected:
                connected.recv(4096)
                connected.sendall(said)

        thread = threading.Thread(target=speak, daemon=True)
        thread.start()
        assert refused(f"http://127.0.0.1:{listener.getsockname()[1]}/").code == "broken"
        thread.join(2)


def test_https_is_verified_and_not_left_again(host):
    assert refused(f"https://127.0.0.1:{host.port}/").code == "broken"  # it speaks no TLS


def test_errors_of_the_other_side_are_told_with_how_long_to_wait(host):
    host.pages["/busy"] = (503, {"Retry-After": "120"}, b"")
    host.pages["/dated"] = (
        429, {"Retry-After": "Fri, 01 Jan 2027 00:05:00 GMT", "Date": "x"}, b"",
    )  # fmt: skip
    busy = refused(host.address("/busy"))
    assert (busy.code, busy.detail, busy.retry_after) == ("status", "HTTP 503", 120)
    assert refused(host.address("/missing")).detail == "HTTP 404"
    assert refused(host.address("/dated")).code == "status"


def test_nobody_listens_and_nobody_is_known():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert refused(f"http://127.0.0.1:{port}/").code == "unreachable"
    assert refused("http://nobody.example/", resolve=lambda *_: []).code == "unknown_host"


def test_a_slow_name_server_does_not_hold_the_work_up():
    waiting = threading.Event()
    began = time.monotonic()
    assert (
        refused("http://slow.example/", limits=SOON, resolve=lambda *_: [str(waiting.wait(120))]).code == "unknown_host"
    )
    assert time.monotonic() - began < 60
    waiting.set()


@pytest.mark.parametrize(
    "address",
    [
        "", "portal.example", "ftp://portal.example/", "http:///x", "http://user:pw@portal.example/", "http://a b/",
        "http://x/\r\nHost: y", "http://portal.example:99999/", "http://portal.example:abc/", "javascript:alert(1)",
        "http://" + "a" * 64 + ".example/", "http://x/" + "y" * 2000, "http://[::1", "http://fe80%251/",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused_before_anything_is_asked(address):
    assert refused(address).code == "address"


def test_ports_of_system_services_are_not_asked():
    assert refused("http://portal.example:22/").code == "port"
    assert checked_address("http://portal.example:8080/a").netloc == "portal.example:8080"


def test_an_address_is_asked_in_the_form_that_servers_understand():
    assert checked_address("http://政府.example/通知?页=1#top").geturl() == (
        "http://xn--mxtq1m.example/%E9%80%9A%E7%9F%A5?%E9%A1%B5=1"
    )


def test_a_failure_is_told_in_words_also_long_after():
    assert sentence_of("status", "HTTP 503") == "对方回答了错误状态（HTTP 503）"
    assert sentence_of("inside") == "网址指向内部网络，平台不访问"
