"""Chains of rules, and whether one packet is surely refused by them.

A rule that cannot be decided from files (addresses of peers, rates, sets, marks) may let the
packet pass, and may as well not stop it: only what is refused whatever they do is refused.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

_DEEPEST = 32
_PORT = re.compile(r"\d{1,5}")
_STATES = frozenset(("established", "related", "invalid", "untracked"))
_SERVICES = {"ssh": 22, "http": 80, "www": 80}  # services(5)


@dataclass(frozen=True)
class Packet:
    """The first packet of a TCP connection over IPv4; ``address``: where an outgoing one goes."""

    port: int
    incoming: bool
    address: str = "0.0.0.0"  # noqa: S104 - for an incoming one it says nothing


class Match(Enum):
    """Whether a rule is for a packet."""

    YES = "yes"
    NO = "no"
    MAYBE = "maybe"

    def __and__(self, other: Match) -> Match:
        if Match.NO in (self, other):
            return Match.NO
        return Match.MAYBE if Match.MAYBE in (self, other) else Match.YES


class Does(Enum):
    """What becomes of a packet that a rule is for."""

    ACCEPT = "accept"
    REFUSE = "refuse"
    RETURN = "return"
    JUMP = "jump"
    GO_ON = "go on"
    """It is counted, logged or marked, and the next rule is asked."""
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Rule:
    """One rule, as far as one packet is concerned. ``chain``: where it jumps to."""

    match: Match
    does: Does
    chain: str = ""


@dataclass(frozen=True)
class Chain:
    """Rules in order, and for a chain that the kernel calls what becomes of packets at its end."""

    rules: Sequence[Rule]
    refuses: bool = False


def surely_refused(chains: Mapping[str, Chain], start: str) -> bool:
    """Whether the chain that the kernel calls refuses the packet, whatever cannot be decided."""
    refused = _refused(chains, start, 0)
    return chains[start].refuses if refused is None else refused


def _refused(chains: Mapping[str, Chain], name: str, depth: int) -> bool | None:
    """True: surely; False: perhaps not; None: the chain comes to its end."""
    if depth > _DEEPEST:
        return False
    if name not in chains:  # a target of an extension
        return False
    for rule in chains[name].rules:
        if rule.match is Match.NO or rule.does is Does.GO_ON:
            continue
        certain = rule.match is Match.YES
        if rule.does is Does.REFUSE:
            if certain:
                return True
        elif rule.does is Does.JUMP:
            inner = _refused(chains, rule.chain, depth + 1)
            if inner is False or (inner and certain):
                return inner
        else:
            return None if rule.does is Does.RETURN and certain else False
    return None


def port_match(ports: Sequence[str], packet: Packet) -> Match:
    """Whether the packet's port is one of ``ports``: numbers, names and ranges as 20:25 or 20-25."""
    found = Match.NO
    for word in ports:
        first, last = (_number(end) for end in (re.split("[:-]", word, maxsplit=1) * 2)[:2])
        if first is None or last is None:
            found = Match.MAYBE
        elif first <= packet.port <= last:
            return Match.YES
    return found


def address_match(networks: Sequence[str], packet: Packet) -> Match:
    """Whether an outgoing packet goes to one of ``networks``; of an incoming one it is not known."""
    if packet.incoming:
        return Match.MAYBE
    try:
        within = (ipaddress.ip_address(packet.address) in ipaddress.ip_network(word, strict=False) for word in networks)
        return Match.YES if any(within) else Match.NO
    except ValueError:
        return Match.MAYBE


def state_match(states: Sequence[str]) -> Match:
    """Whether a rule for these states of a connection is for a new one."""
    given = {state.strip().lower() for state in states}
    return Match.YES if "new" in given else Match.NO if given <= _STATES else Match.MAYBE


def _number(word: str) -> int | None:
    word = word.strip().lower()
    return int(word) if _PORT.fullmatch(word) else _SERVICES.get(word)
