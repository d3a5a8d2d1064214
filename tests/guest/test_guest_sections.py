"""Sections of key=value lines: what is taken out goes with its continuation, the rest keeps every byte."""

from __future__ import annotations

import pytest

from guestseal.guest.sections import Sections

UNIT = """\
; a comment \\
# another
Stray=1
[Match]
Name=a \\
# within
  b
 MACAddress = x

[Address]
Address=1\r
[Address]
Address=2
no equals sign
[Route]Gateway=3"""


def test_everything_comes_back_byte_for_byte() -> None:
    for text in (UNIT, "", "\n", "[", "=\n", "a=\\\n", "a=\\", "\udcff=\x00\n", "[x]\r\n\r\na=1"):
        assert Sections(text).text == text
        assert Sections(text, continued=False).text == text


def test_sections_and_keys_know_no_case() -> None:
    unit = Sections(UNIT)
    assert unit.values("address", "address") == ["1", "2"]
    assert unit.last("address", "address") == "2"
    assert unit.keys("match") == {"name", "macaddress"}
    assert unit.last("match", "name", "macaddress") == "x"
    assert unit.last("nothing", "name") == ""


def test_a_setting_goes_with_the_lines_that_continue_it() -> None:
    text = "[Match]\nName=a \\\n  b\nType=c\n"
    assert Sections(text).without(lambda line: line.key == "name").text == "[Match]\nType=c\n"


def test_in_a_keyfile_a_backslash_continues_nothing() -> None:
    text = "[wifi]\nssid=a\\\npsk=b\n"
    assert Sections(text, continued=False).without(lambda line: line.key == "ssid").text == "[wifi]\npsk=b\n"


@pytest.mark.parametrize("end", ["\n", "\r\n", ""])
def test_a_line_takes_the_place_of_a_setting_and_its_line_end(end: str) -> None:
    text = f"[Match]{end or chr(10)}MACAddress=x{end}"
    changed = Sections(text).with_first("match", ("macaddress",), "Name=e*")
    assert changed.text == f"[Match]{end or chr(10)}Name=e*{end}"
    assert changed.values("match", "macaddress") == []
