"""The search: from identifiers and detectors to what is left of them, by kind."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import Callable

from guestseal.check.residue import boot_images, detectors, salted
from guestseal.check.residue.contents import Hit, search
from guestseal.check.residue.files import DIRECTORIES, LARGEST, Item, Tally, items
from guestseal.check.residue.identifiers import Identifiers
from guestseal.check.residue.needles import Needle
from guestseal.check.residue.places import may_name_filesystems
from guestseal.check.residue.sieve import Sieve
from guestseal.check.residue.spellings import SAYS
from guestseal.check.residue.spellings import needles as spelled
from guestseal.errors import GuestError
from guestseal.guest.facts import Guest
from guestseal.guest.patterns import fits
from guestseal.guest.seal_record import SealRecord
from guestseal.machine.commands import Commands
from guestseal.report import Entry, Finding, Outcome
from guestseal.seal.operation import Kind

SECTION = "residue"
SUMMARY = "residue-search"
ACCEPTED = "left out as the setting accept says"
NAMED = 1000
"""Findings of a kind that an entry names; more are counted only."""


_NAMES = 1000
_HEADINGS = {
    "private-key": "Private keys",
    "access-token": "Keys and tokens of services",
    "stored-password": "Passwords that programs keep",
    "password-hash": "Hashes of passwords",
}


@dataclass(frozen=True)
class Extent:
    """Where is searched, and how far."""

    directories: tuple[str, ...] = DIRECTORIES
    largest: int = LARGEST
    record: SealRecord | None = None
    """A seal record whose salted hashes are compared with what is found."""
    accepted: tuple[str, ...] = ()
    """Patterns of paths that are left out and counted: the setting ``accept``."""


def residue(
    guest: Guest,
    identifiers: Identifiers,
    covered: Callable[[str], bool],
    extent: Extent | None = None,
    commands: Commands | None = None,
) -> Iterator[Entry]:
    """What is left of ``identifiers``, and of secrets: an entry (LEFT) for each kind that was found.

    ``covered``: whether sealing would take a path away anyway; it is told of there and left
    out here. The last entry, ``residue-search``, says what was searched and what was not:
    PASSED, or WARNED with a finding for each file that was passed over.
    """
    started = time.monotonic()
    extent = extent or Extent()
    found = _Found(guest, identifiers, extent, commands or Commands())
    found.search(covered)
    seconds = time.monotonic() - started
    for name in sorted(found.findings):
        yield found.entry(name, seconds)
    yield found.summary(identifiers, seconds)


@dataclass
class _Kind:
    """What was found of one kind."""

    needle: Needle
    findings: list[Finding] = field(default_factory=list)
    count: int = 0


class _Found:
    """One search of one guest."""

    def __init__(self, guest: Guest, identifiers: Identifiers, extent: Extent, commands: Commands) -> None:
        self._tree, self._extent, self._commands = guest.tree, extent, commands
        self.tally = Tally()
        self.findings: dict[str, _Kind] = {}
        own: list[Needle] = []
        for each in identifiers.values:
            where = (may_name_filesystems,) if each.kind == "filesystem-uuid" else ()
            own += spelled(each.kind, each.value, *where)
        if extent.record is not None:
            own += salted.needles(extent.record)
        self._own = tuple(own)
        self._all: tuple[Needle, ...] = (*self._own, *detectors.NEEDLES)
        self._anchors = tuple(dict.fromkeys(anchor for needle in own for anchor in needle.anchors))
        self._free = any(not needle.anchors for needle in own)

    def search(self, covered: Callable[[str], bool]) -> None:
        """Look at everything but what is ``covered`` or accepted."""

        def left_out(path: str) -> bool:
            if covered(path):
                return True
            if not any(fits(pattern, path) for pattern in self._extent.accepted):
                return False
            self.tally.counts[ACCEPTED] += 1
            return True

        with closing(Sieve(self._all, self._commands)) as sieve:
            every = items(self._tree, self._extent.directories, left_out, self.tally, self._extent.largest)
            for item in sieve.left(self._named(every)):
                self._look_into(item)

    def _named(self, every: Iterator[Item]) -> Iterator[Item]:
        """The files among them, when the names of all were looked at."""
        names: list[Item] = []
        for item in every:
            names.append(item)
            if len(names) == _NAMES:
                self._look_at_names(names)
                names.clear()
            if item.fd is None:
                continue
            if boot_images.is_image(item.path) and self._look_into_image(item.path):
                item.close()
            else:
                yield item
        self._look_at_names(names)

    def _look_at_names(self, among: list[Item]) -> None:
        """Look at the names of several at once: hardly ever is there anything in any of them."""
        together = b"\0".join(text for item in among for text in (_name(item), _raw(item.target)))
        if not self._free and not any(anchor in together for anchor in self._anchors):
            return
        for item in among:
            needles = [needle for needle in self._own if needle.applies(item.path)]
            for text, what in ((_name(item), "is named after"), (_raw(item.target), "links to")):
                for hit in search((text,), needles):
                    self._take(item.path, hit, line=0, what=hit.needle.what.replace("holds", what, 1))

    def _look_into(self, item: Item) -> None:
        needles = [needle for needle in self._all if needle.applies(item.path)]
        try:
            found = search(item.pieces(), needles)
            begins = next(item.pieces(), b"")[:4] if found else b""
        except OSError as error:
            self.tally.skip(item.path, error.strerror or "not readable")
            return
        for hit in found:
            if not self._is_known(hit, item.path, begins):
                self._take(item.path, hit)

    def _look_into_image(self, path: str) -> bool:
        """Whether all of a boot image could be read; otherwise it is searched like any other file."""
        try:
            for member, begins, hit in boot_images.hits(self._tree, path, self._all, self._commands, self.tally):
                if not self._is_known(hit, f"/{member}", begins):
                    self._take(f"{path}: {member}", hit, remedy=boot_images.REMEDY)
        except GuestError as error:
            self.tally.skip(path, error.why)
            return False
        return True

    def _is_known(self, hit: Hit, path: str, begins: bytes) -> bool:
        """Whether a secret is one that everybody may know; then it is counted only."""
        why = detectors.known(path, begins) if hit.needle.kind is Kind.SECRET else ""
        if why:
            self.tally.counts[f"{hit.needle.name} {why}"] += 1
        return bool(why)

    def _take(self, path: str, hit: Hit, *, line: int | None = None, what: str = "", remedy: str = "") -> None:
        kind = self.findings.setdefault(hit.needle.name, _Kind(hit.needle))
        kind.count += 1
        if len(kind.findings) < NAMED:
            line = hit.line if line is None else line
            kind.findings.append(
                Finding(path, what or hit.needle.what, remedy or hit.needle.remedy, line, hit.fingerprint)
            )

    def entry(self, name: str, seconds: float) -> Entry:
        """What was found of one kind."""
        kind = self.findings[name]
        return Entry(
            name,
            Outcome.LEFT,
            _HEADINGS.get(name) or f"Left of the machine: {SAYS[name]}",
            kind.needle.kind.value,
            seconds=seconds,
            findings=tuple(sorted(kind.findings, key=lambda finding: (finding.path, finding.line))),
            found=kind.count,
            section=SECTION,
        )

    def summary(self, identifiers: Identifiers, seconds: float) -> Entry:
        """What was searched, for what, and what was not."""
        skipped = sorted(self.tally.skipped.items())
        findings = tuple(Finding(path, f"not searched: {why}", "look at it yourself") for path, why in skipped)
        return Entry(
            SUMMARY,
            Outcome.WARNED if findings else Outcome.PASSED,
            "Search for what is left of the machine's identity, and for secrets",
            Kind.IDENTITY.value,
            detail="; ".join(self._told(identifiers)),
            seconds=seconds,
            findings=findings,
            found=len(findings),
            section=SECTION,
        )

    def _told(self, identifiers: Identifiers) -> Iterator[str]:
        yield f"{self.tally.files} files, {self.tally.size >> 20} MiB"
        yield from _searched_for(identifiers, self._extent.record)
        for kind, why in sorted(identifiers.left_out.items()):
            yield f"not every {kind} was searched for: {why}"
        for why, count in sorted(self.tally.counts.items()):
            yield f"{why}: {count}"


def _name(item: Item) -> bytes:
    return _raw(item.path.rpartition("/")[2])


def _raw(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _searched_for(identifiers: Identifiers, record: SealRecord | None) -> Iterator[str]:
    kinds: Sequence[str] = list(dict.fromkeys(each.kind for each in identifiers.values))
    if kinds:
        yield f"searched for {', '.join(kinds)}"
    if record is not None:
        yield f"compared with the seal record: {', '.join(salted.compared(record)) or 'it holds nothing'}"
    if not kinds and record is None:
        yield "what identified the machine is not known: --remember before sealing, and --recall"
