"""hosts(5): only what names the machine changes, down to spaces and line ends."""

from __future__ import annotations

import pytest

from guestseal.guest.network.hosts import is_local, names_of, with_line, without_names

GOLDEN = {"golden", "golden.example.com"}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", ""),
        ("10.0.0.5 db\n", "10.0.0.5 db\n"),
        ("127.0.1.1\tgolden.example.com\tgolden\n", ""),
        ("127.0.1.1 GOLDEN # the installer\nx", "x"),
        ("10.0.0.5\tdb  golden\tother # golden\n", "10.0.0.5\tdb\tother # golden\n"),
        ("10.0.0.5 golden", ""),
        ("# golden\n\n", "# golden\n\n"),
        ("127.0.0.1 localhost golden\r\n10.0.0.1 gw\r\n", "127.0.0.1 localhost\r\n10.0.0.1 gw\r\n"),
        ("10.0.0.5 golden.lan golden\n", ""),
        ("10.0.0.5 golden.lan\n", "10.0.0.5 golden.lan\n"),
        ("127.0.0.2 golden.lan\n::1 golden.lan localhost\n", "::1 localhost\n"),
        ("10.0.0.5 golden-db goldengate\n", "10.0.0.5 golden-db goldengate\n"),
        ("golden\n", "golden\n"),
        ("10.0.0.5 a\x0bb golden\n", "10.0.0.5 a\x0bb\n"),
        ("10.0.0.5 \udcff golden\n", "10.0.0.5 \udcff\n"),
    ],
)
def test_names_are_taken_out(before: str, after: str) -> None:
    assert without_names(before, GOLDEN) == after
    assert without_names(after, GOLDEN) == after


def test_localhost_is_nobodys_name() -> None:
    hosts = "127.0.0.1 localhost localhost.localdomain localhost4\n::1 localhost ip6-loopback\n"
    assert without_names(hosts, {"localhost", "localhost.example.com", "ip6-loopback"}) == hosts
    assert is_local("LOCALHOST.localdomain")
    assert not is_local("localhosts")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "127.0.1.1\tweb.lan web\n"),
        ("127.0.0.1 localhost\n::1 localhost\n", "127.0.0.1 localhost\n127.0.1.1\tweb.lan web\n::1 localhost\n"),
        ("127.0.0.1 localhost\r\n", "127.0.0.1 localhost\r\n127.0.1.1\tweb.lan web\r\n"),
        ("10.0.0.1 gw", "10.0.0.1 gw\n127.0.1.1\tweb.lan web\n"),
        ("127.0.1.1   old  # x\n", "127.0.1.1\tweb.lan web   old  # x\n"),
        ("127.0.1.1 web web.lan\n", "127.0.1.1\tweb.lan web\n"),
        ("127.0.1.1   web.lan web alias\n", "127.0.1.1   web.lan web alias\n"),
        ("# 127.0.1.1 x\n", "# 127.0.1.1 x\n127.0.1.1\tweb.lan web\n"),
    ],
)
def test_a_line_gets_its_names_first(before: str, after: str) -> None:
    assert with_line(before, "127.0.1.1", ["web.lan", "web"]) == after
    assert with_line(after, "127.0.1.1", ["web.lan", "web"]) == after


def test_names_of_an_address() -> None:
    assert names_of("127.0.0.1 a b # c\n127.0.0.1\td\n10.0.0.1 e\n#127.0.0.1 f\n", "127.0.0.1") == ["a", "b", "d"]
