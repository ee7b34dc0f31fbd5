"""`jiyue check`: the stable contract of design 10."""

import io
import json
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from jiyue.config.command import main

TEXT = "张湖的身份证号是110101199003077475。"


@pytest.fixture
def ask(capsysbinary, monkeypatch):
    """Exit status, standard output and standard error of one call; `stdin` are bytes."""

    def do(*arguments, stdin: bytes = b""):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        status = main(["check", *map(str, arguments)])
        printed = capsysbinary.readouterr()
        return status, printed.out.decode(), printed.err.decode()

    return do


def test_one_document_of_json_with_offsets_and_nothing_whole(ask, tmp_path):
    path = tmp_path / "通知.txt"
    path.write_text(TEXT, encoding="utf-8")
    status, out, _err = ask(path, "--json")
    document = json.loads(out)
    [finding] = document["findings"]
    assert (status, document["source"], document["summary"]) == (1, str(path), {"block": 1, "warn": 0, "note": 0})
    assert TEXT[finding["start"] : finding["end"]] == "110101199003077475"
    assert {name: finding[name] for name in ("detector", "severity", "excerpt", "message")} == {
        "detector": "personal-data.id-number", "severity": "block", "excerpt": "110***********7475",
        "message": "出现公民身份号码",
    }  # fmt: skip
    assert finding["suggestion"] and finding["basis"]
    assert "110101199003077475" not in out


def test_a_clean_text_gives_zero_and_sentences_give_one(ask):
    assert ask("-", "--only", "personal-data", stdin="各县（区）人民政府：".encode())[:2] == (
        0,
        "-：禁止 0，提醒 0，提示 0\n",
    )
    status, out, _err = ask("-", stdin=TEXT.encode())
    assert (status, out.count("[禁止]")) == (1, 1)


def test_the_kind_may_be_said(ask):
    page = f"<p>{TEXT}</p>".encode()
    for kind, before in (("html", 0), ("text", len("<p>"))):
        _status, out, _err = ask("-", "--json", "--only", "personal-data", "--kind", kind, stdin=page)
        assert json.loads(out)["findings"][0]["start"] == TEXT.index("1") + before


def test_lighter_findings_may_be_left_out(ask):
    mail = "他的邮箱huming@example.com".encode()
    assert ask("-", stdin=mail)[0] == 1
    assert ask("-", "--least", "block", stdin=mail)[0] == 0


def test_what_cannot_be_opened_is_one_line_and_two(ask, tmp_path):
    for arguments in ([tmp_path / "无.txt"], [tmp_path], ["-", "--only", "nothing"], ["http://127.0.0.1:9/"]):
        status, out, err = ask(*arguments)
        assert (status, out, err.count("\n")) == (2, "", 1)
        assert err.startswith("jiyue: ")


def test_an_unreadable_file_is_a_finding(ask, tmp_path):
    path = tmp_path / "名单.docx"
    path.write_bytes(b"PK\x03\x04 broken")
    status, out, _err = ask(path, "--json")
    assert (status, [one["detector"] for one in json.loads(out)["findings"]]) == (1, ["document.unreadable"])


def test_an_address_is_fetched(ask):
    class Page(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(f"<html><body><p>{TEXT}</p></body></html>".encode())

        def log_message(self, *_arguments):
            """Quiet."""

    server = HTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=server.handle_request, daemon=True).start()
    status, out, _err = ask(f"http://127.0.0.1:{server.server_port}/a.html", "--json", "--only", "personal-data")
    server.server_close()
    assert (status, len(json.loads(out)["findings"])) == (1, 1)


def test_it_starts_without_django():
    script = (
        "import sys\nfrom jiyue.config.command import main\n"
        "status = main(['check', '-', '--json'])\nassert 'django' not in sys.modules\nsys.exit(status)"
    )
    done = subprocess.run([sys.executable, "-c", script], input=TEXT.encode(), capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (1, b"")
