"""Files of nft(8): the base chains of the families ip and inet, as far as they are plain."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
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
    surely_refused,
)

_DEEPEST = 16
_TOKEN = re.compile(r"\"[^\"\n]*\"|#[^\n]*|\\\n|[{};\n]|[^\s{};\"#]+")
_BLOCKS = ("table", "chain", "set", "map", "flowtable")
_ELSEWHERE = ("include", "add", "insert", "create", "delete", "destroy", "replace")
"""Commands that change what the blocks say, and other files."""
_UNDECIDED = frozenset(("goto", "vmap", "queue"))
_VERDICTS = {"accept": Does.ACCEPT, "drop": Does.REFUSE, "reject": Does.REFUSE, "return": Does.RETURN}
_OTHER_PROTOCOLS = ("udp", "icmp", "icmpv6", "ip6", "sctp", "dccp", "udplite", "esp", "ah", "arp", "ether")


@dataclass
class _Statement:
    """Words up to a line's end, or a named block. A set in braces is one word, its members with commas."""

    words: list[str] = field(default_factory=list)
    block: list[_Statement] | None = None


def refused(text: str, packet: Packet) -> bool:
    """Whether a base chain of the file surely refuses the packet."""
    hook = "input" if packet.incoming else "output"
    tokens = _TOKEN.findall(text)
    if _depth(tokens) > _DEEPEST:
        return False
    statements = _block(iter(tokens))
    if any(each.words[0] in _ELSEWHERE for each in statements):
        return False
    for table in statements:
        if table.block is None or table.words[:1] != ["table"] or table.words[1:2] in (["ip6"], ["bridge"], ["arp"]):
            continue
        chains = {
            each.words[-1]: each.block for each in table.block if each.block is not None and each.words[:1] == ["chain"]
        }
        rules = {name: _chain(block, packet) for name, block in chains.items()}
        if any(_is_base(block, hook) and surely_refused(rules, name) for name, block in chains.items()):
            return True
    return False


def _depth(tokens: Sequence[str]) -> int:
    """How deep braces lie in braces."""
    open_ones = deepest = 0
    for token in tokens:
        open_ones += (token == "{") - (token == "}")
        deepest = max(deepest, open_ones)
    return deepest


def _block(tokens: Iterator[str]) -> list[_Statement]:
    """The statements up to the brace that closes the block."""
    found = [_Statement()]
    for token in tokens:
        if token == "}":
            break
        if token == "{":
            if found[-1].words[:1] and found[-1].words[0] in _BLOCKS:
                found[-1].block = _block(tokens)
                found.append(_Statement())
            else:
                found[-1].words.append(_set(tokens))
        elif token in (";", "\n"):
            found.append(_Statement())
        elif not token.startswith(("#", "\\")):
            found[-1].words.append(token.strip('"'))
    return [each for each in found if each.words]


def _set(tokens: Iterator[str]) -> str:
    members = []
    for token in tokens:
        if token == "}":
            break
        if token == "{":
            members.append(_set(tokens))
        elif not token.startswith(("#", "\\", "\n")):
            members.append(token)
    return "{" + "".join(members)


def _is_base(block: list[_Statement], hook: str) -> bool:
    return any(each.words[:2] == ["type", "filter"] and f"hook {hook}" in " ".join(each.words) for each in block)


def _chain(block: list[_Statement], packet: Packet) -> Chain:
    rules = [_rule(each.words, packet) for each in block if each.words[0] not in ("type", "policy")]
    return Chain(rules, any(each.words == ["policy", "drop"] for each in block))


def _rule(words: list[str], packet: Packet) -> Rule:
    match = Match.YES
    rest = list(words)
    if not _UNDECIDED.isdisjoint(words):
        return Rule(Match.MAYBE, Does.UNKNOWN)
    while rest:
        word = rest.pop(0)
        if word in _VERDICTS:
            return Rule(match, _VERDICTS[word])
        if word == "jump" and rest:
            return Rule(match, Does.JUMP, rest[0])
        match &= _match(word, rest, packet)
    return Rule(match, Does.GO_ON)


def _match(word: str, rest: list[str], packet: Packet) -> Match:
    """Whether one expression fits; takes its words from ``rest``."""
    if word in _OTHER_PROTOCOLS:
        return Match.NO
    if word in ("counter", "log"):
        return _skipped(rest)
    for words, decide in _EXPRESSIONS.items():
        if (word, *rest)[: len(words)] == words:
            values = _values(rest, len(words) - 1)
            return Match.MAYBE if values == ["!="] else decide(values, packet)
    return Match.MAYBE


def _protocol(values: Sequence[str], _: Packet) -> Match:
    return Match.YES if {"tcp", "6"} & set(values) else Match.NO


def _interface(values: Sequence[str], _: Packet) -> Match:
    return Match.NO if values == ["lo"] else Match.MAYBE


def _family(values: Sequence[str], _: Packet) -> Match:
    return Match.YES if "ipv4" in values else Match.NO


def _state(values: Sequence[str], _: Packet) -> Match:
    return state_match(values)


_EXPRESSIONS: Mapping[tuple[str, ...], Callable[[Sequence[str], Packet], Match]] = {
    ("tcp", "dport"): port_match,
    ("th", "dport"): port_match,
    ("ct", "state"): _state,
    ("ip", "daddr"): address_match,
    ("meta", "l4proto"): _protocol,
    ("ip", "protocol"): _protocol,
    ("meta", "nfproto"): _family,
    **{(word,): _interface for word in ("iif", "iifname", "oif", "oifname")},
}


def _values(rest: list[str], skip: int) -> list[str]:
    """The value that follows ``skip`` words of ``rest``, taken from it: one, several with commas, or a set."""
    del rest[:skip]
    value = rest.pop(0) if rest else ""
    if value == "!=":
        del rest[:1]
        return [value]
    while rest and (value.endswith(",") or rest[0].startswith(",")):
        value += rest.pop(0)
    return value.lstrip("{").split(",")


def _skipped(rest: list[str]) -> Match:
    """Take what belongs to a counter or a log from ``rest``: it decides nothing."""
    while rest and rest[0] not in _VERDICTS and rest[0] not in ("jump", "goto", "queue", "comment"):
        rest.pop(0)
    return Match.YES
