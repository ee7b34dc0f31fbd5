import pytest

from jiyue.domain.addresses import leads_inside


@pytest.mark.parametrize("address", ["/", "/yw/2026/1122/7.html", "/yw/?a=b//c", "/要闻/", "/yw/#s1", "/a//b"])
def test_a_path_on_the_same_site(address):
    assert leads_inside(address)


@pytest.mark.parametrize(
    "address",
    ["", "yw/", "//other.example/", "/\\other.example/", "\\\\other.example", "/\t/other.example", "/\n/other.example",
     "/\r\nSet-Cookie: a=b", "https://other.example/", "javascript:alert(1)", " /yw/", "/yw/\x00", "/" + "a" * 2048],
)  # fmt: skip
def test_what_a_browser_may_take_for_another_host_is_none(address):
    assert not leads_inside(address)
