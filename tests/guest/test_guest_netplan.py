"""netplan by line: what changes means what it should to a YAML parser, and nothing else changes."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from guestseal.guest.network.netplan import Netplan

FILE = """\
# by the installer
network:
  version: 2
  renderer: networkd
  "ethernets":
    'lan':
      dhcp4: true          # from the router
      match:
        macaddress: "52:54:00:12:34:56"   # the card
      set-name: lan
      macaddress: 52:54:00:aa:bb:cc
      nameservers:
          search: [a, "b # c"]
          addresses:
          - 192.0.2.53
      routes:
      -   to: default
          via: 192.0.2.1
      dhcp4-overrides:
        hostname: |
          macaddress: 52:54:00:12:34:56
          set-name: x
"""


def unbound(text: str) -> str:
    file = Netplan(text)
    return file.unbound(cards_of_all=file.cards)


def told(text: str) -> list[str]:
    file = Netplan(text)
    return [finding.what for finding in file.findings("/x", cards_of_all=file.cards)]


def test_a_parser_reads_what_was_meant() -> None:
    before: dict[str, Any] = yaml.safe_load(FILE)
    lan = before["network"]["ethernets"]["lan"]
    lan["match"] = {"name": "e*"}
    del lan["set-name"], lan["macaddress"]
    assert yaml.safe_load(unbound(FILE)) == before
    assert unbound(unbound(FILE)) == unbound(FILE)
    assert told(FILE) == []


def test_all_other_lines_keep_their_bytes() -> None:
    kept = [line for line in FILE.split("\n")[:-6] if "set-name" not in line and "macaddress" not in line]
    assert [line for line in unbound(FILE).split("\n")[:-6] if "e*" not in line] == kept
    assert unbound(FILE.replace("\n", "\r\n")) == unbound(FILE).replace("\n", "\r\n")


@pytest.mark.parametrize(
    "address",
    [
        "addresses: [192.0.2.1/24]",
        "addresses:\n      - 192.0.2.1/24",
        "addresses: [\n        192.0.2.1/24]",
        "addresses:\n        - 192.0.2.1/24:\n            label: x",
    ],
)
def test_a_fixed_address_is_told_and_nothing_is_wider(address: str) -> None:
    text = FILE.replace("set-name: lan", address)
    assert 'macaddress: "52:54:00:12:34:56"' in unbound(text)
    assert ["fixed address" in what for what in told(text)] == [True]


@pytest.mark.parametrize("empty", ["addresses: []", "addresses:", "addresses: [ ]", "addresses: null"])
def test_no_address_is_none(empty: str) -> None:
    assert told(FILE.replace("set-name: lan", empty)) == []


def test_without_dhcp_a_card_stays_itself() -> None:
    text = FILE.replace("dhcp4: true ", "dhcp4: false")
    assert "52:54:00:12:34:56" in unbound(text)
    assert "MAC address" in told(text)[0]


def test_a_name_made_of_an_address_is_told() -> None:
    assert told("network:\n  ethernets:\n    enx525400123456:\n      dhcp4: true\n") != []
    assert told('network:\n  ethernets:\n    enx525400123456:\n      match: {name: "e*"}\n') == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "network",
        "- a\n- b: c\n",
        "a: &x\n  b: c\nd: *x\n",
        "\tnetwork:\n",
        "network: {ethernets: {a: {}}}\n",
        "x: |\n",
        ":\n",
        "\udcff: \x00\n",
    ],
)
def test_what_is_not_understood_stays(text: str) -> None:
    assert unbound(text) == text
    assert told(text) == []
