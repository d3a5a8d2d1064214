"""Files for iptables-restore(8): the table filter of IPv4. Sources: iptables(8), iptables-extensions(8)."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from typing import Callable

from guestseal.guest.network.firewall.rules import (
    Chain,
    Does,
    Match,
    Packet,
    Rule,
    address_match,
    port_match,
    state_match,
)

_TARGETS = {"ACCEPT": Does.ACCEPT, "DROP": Does.REFUSE, "REJECT": Does.REFUSE, "RETURN": Does.RETURN}
_GO_ON = ("LOG", "NFLOG", "ULOG", "MARK", "CONNMARK", "TCPMSS", "SET", "CT", "AUDIT", "CHECKSUM")
_FLAGS = ("--syn", "-4")
"""Options without a value that hold for the packet."""
_NO_MATTER = ("-m", "--match", "--comment", "--reject-with", "--log-prefix", "--log-level", "--name", "-c")
"""Options with a value that decide nothing."""


def chains(text: str, packet: Packet) -> dict[str, Chain]:
    """The chains of the table filter; empty when the text has none."""
    found: dict[str, list[Rule]] = {}
    refusing: set[str] = set()
    table = ""
    for line in map(str.strip, text.split("\n")):
        if line.startswith("*"):
            table = line[1:]
        elif table == "filter" and line.startswith(":"):
            name, _, policy = line[1:].partition(" ")
            found.setdefault(name, [])
            if policy.startswith("DROP"):
                refusing.add(name)
        elif table == "filter" and line.startswith(("-A ", "[")):
            for name, rule in _rule(line, packet):
                found.setdefault(name, []).append(rule)
    return {name: Chain(rules, name in refusing) for name, rules in found.items()}


def _rule(line: str, packet: Packet) -> Iterator[tuple[str, Rule]]:
    if line.startswith("["):  # iptables-save -c: counters
        line = line.partition("]")[2].strip()
    try:
        words = shlex.split(line)
    except ValueError:
        words = line.split()
    if len(words) > 1 and words[0] == "-A":
        yield words[1], _decided(words[2:], packet)


def _decided(words: list[str], packet: Packet) -> Rule:
    match, does, chain = Match.YES, Does.GO_ON, ""
    words = list(words)
    while words:
        option = words.pop(0)
        if option in _FLAGS:
            continue
        if option == "!":  # what it is not, is not looked at
            match &= Match.MAYBE
            del words[:2]
            continue
        value = words.pop(0) if words and not words[0].startswith("-") else ""
        if option in ("-j", "--jump"):
            does = Does.GO_ON if value in _GO_ON else _TARGETS.get(value, Does.JUMP)
            chain = value
        elif option in ("-g", "--goto"):
            does = Does.UNKNOWN
        elif option not in _NO_MATTER:
            match &= _match(option, value, packet)
    return Rule(match, does, chain)


def _match(option: str, value: str, packet: Packet) -> Match:
    decide = _DECIDED.get(option)
    return Match.MAYBE if decide is None else decide(value.split(","), packet)


def _protocol(values: Sequence[str], _: Packet) -> Match:
    return Match.YES if {"tcp", "6", "all", "0"} & set(values) else Match.NO


def _interface(values: Sequence[str], _: Packet) -> Match:
    return Match.NO if values == ["lo"] else Match.MAYBE


def _kind_of_address(values: Sequence[str], packet: Packet) -> Match:
    if not packet.incoming:
        return Match.MAYBE
    return Match.YES if "LOCAL" in values else Match.NO


def _state(values: Sequence[str], _: Packet) -> Match:
    return state_match(values)


_DECIDED: Mapping[str, Callable[[Sequence[str], Packet], Match]] = {
    **dict.fromkeys(("-p", "--protocol"), _protocol),
    **dict.fromkeys(("--dport", "--dports", "--destination-port", "--destination-ports"), port_match),
    **dict.fromkeys(("--state", "--ctstate"), _state),
    **dict.fromkeys(("-d", "--destination"), address_match),
    **dict.fromkeys(("-i", "--in-interface", "-o", "--out-interface"), _interface),
    "--dst-type": _kind_of_address,
}
