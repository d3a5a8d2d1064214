"""The whole scrub: canaries first, the seal between, then everything that frees, and the look at the disk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from enum import Enum
from pathlib import Path
from typing import Any

from guestseal.errors import GuestError
from guestseal.guest.root import Root
from guestseal.machine.clock import Deadline
from guestseal.machine.host import Machine
from guestseal.scrub import canaries, overwriting, swap
from guestseal.scrub.canaries import Canary, Fate, Planted
from guestseal.scrub.devices import SYS, BlockDevice, Filesystem, filesystems
from guestseal.scrub.fill import Fill, Filled
from guestseal.scrub.progress import Progress, silent
from guestseal.scrub.search import Searched, search
from guestseal.scrub.snapshots import copies
from guestseal.scrub.swap import SwapWipe, Wiped
from guestseal.scrub.trim import Trim, trim

NAMED_DOUBTS = 20
"""Secrets that overwriting does not reach and that are named; more are counted: the seal record is kept small."""


class Level(Enum):
    """How much is scrubbed; each level does what the one before it does."""

    NONE = "none"
    SECRETS = "secrets"
    """Secrets are overwritten before they are unlinked, and swap is wiped."""
    TRIM = "trim"
    """The disk is told what is free, too."""
    FILL = "fill"
    """What is free is filled with zeros before that."""


class Verdict(Enum):
    """What the look at the disk showed."""

    PROVEN = "proven"
    NOT_PROVEN = "not proven"
    NOT_LOOKED_FOR = "not looked for"


@dataclass(frozen=True)
class ScrubReport:
    """What a scrub did and what was found afterwards."""

    verdict: Verdict
    details: tuple[str, ...] = ()
    """Sentences: first what kept the verdict from "proven", then what else there is to know."""
    trims: tuple[Trim, ...] = ()
    swaps: tuple[Wiped, ...] = ()
    fills: tuple[Filled, ...] = ()
    searches: tuple[Searched, ...] = ()
    canaries_found: int = 0
    canaries_planted: int = 0
    seconds: float = 0.0

    @property
    def filled_bytes(self) -> int:
        """Bytes of zeros written to what was free."""
        return sum(filled.written for filled in self.fills)

    @property
    def summary(self) -> str:
        """The verdict for people: "proven", "not proven (3 of 64)", "not looked for: why"."""
        if self.verdict is Verdict.NOT_PROVEN:
            return f"not proven ({self.canaries_found} of {self.canaries_planted} canaries found)"
        if self.verdict is Verdict.NOT_LOOKED_FOR:
            return f"not looked for: {self.details[0]}"
        return str(self.verdict.value)

    def to_json(self) -> dict[str, Any]:
        """The report as JSON values; markers are not among them."""
        searches = [{**asdict(each), "found": len(each.found)} for each in self.searches]
        return {
            "verdict": self.verdict.value,
            "summary": self.summary,
            "details": list(self.details),
            "trims": [asdict(each) for each in self.trims],
            "swaps": [asdict(each) for each in self.swaps],
            "fills": [asdict(each) for each in self.fills],
            "searches": searches,
            "filled_bytes": self.filled_bytes,
            "canaries_found": self.canaries_found,
            "canaries_planted": self.canaries_planted,
            "seconds": round(self.seconds, 3),
        }


@dataclass(frozen=True)
class Scrub:
    """One scrub of the guest that runs on this machine."""

    root: Root
    machine: Machine
    level: Level = Level.TRIM
    force: bool = False
    """Fill thinly provisioned disks as well."""
    swapon: bool = False
    """Use swap again afterwards."""
    swap_table: str | None = None
    """The list of swap areas in use; without one, only a guest that is the whole machine
    (its root is "/") has any, and /proc/swaps lists them."""
    sys: Path = SYS

    def plant(self, secrets: Iterable[str] = ()) -> Planted:
        """Put the canaries where secrets are, before anything is sealed.

        ``secrets``: the files that are going to be overwritten; those that overwriting cannot
        reach are noted. Raises GuestError only for a canary that resists being removed.
        """
        if self.level is Level.NONE:
            return Planted()
        try:
            own = filesystems(self.root, sys=self.sys)
        except GuestError as error:
            return Planted(doubts=(str(error),))
        planted = canaries.plant(self.root, own, fates=self._fates)
        table = self.table_of_swaps(own)
        return replace(
            planted,
            doubts=(*planted.doubts, *self._doubts(secrets)),
            swaps=() if table is None else tuple(area.name for area in swap.in_use(table)),
        )

    def finish(self, planted: Planted, deadline: Deadline, progress: Progress = silent) -> ScrubReport:
        """Scrub, then look for the canaries; everything ends by ``deadline``.

        What cannot be done is told in the report. SIGINT and SIGTERM leave by KeyboardInterrupt
        and SystemExit, with what was filled free again.
        """
        start = deadline.clock.monotonic()
        if self.level is Level.NONE:
            return ScrubReport(Verdict.NOT_LOOKED_FOR, ("nothing was scrubbed, as was asked for (--scrub none)",))
        try:
            own = filesystems(self.root, sys=self.sys)
        except GuestError as error:
            return ScrubReport(Verdict.NOT_LOOKED_FOR, (str(error),))
        try:
            report = _Finishing(self, own, self._deleted(planted), deadline, progress).run()
        finally:
            trouble = self._tidied(planted)
        return replace(report, details=(*report.details, *trouble), seconds=deadline.clock.monotonic() - start)

    def _doubts(self, secrets: Iterable[str]) -> Iterator[str]:
        more = 0
        for number, doubt in enumerate(filter(None, map(self._doubt, secrets))):
            if number < NAMED_DOUBTS:
                yield doubt
            else:
                more += 1
        if more:
            yield f"so it is with {more} more secrets"

    def _doubt(self, path: str) -> str | None:
        """Why overwriting a secret may not count; None: it does."""
        try:
            return overwriting.why_not_file(self.root, path)
        except GuestError as error:
            return str(error)

    def table_of_swaps(self, own: Sequence[Filesystem]) -> str | None:
        """The list of the swap areas of the guest with the filesystems ``own``; None: it has none of its own."""
        # On an overlay runs a container, and /proc/swaps shows the swap of its host.
        machine = self.root.path == "/" and own[0].kind != "overlay"
        return self.swap_table or (swap.TABLE if machine else None)

    def _deleted(self, planted: Planted) -> Planted:
        """The canaries to look for; of what this level does not scrub nothing is claimed, and nothing looked for."""
        try:
            planted = canaries.delete(self.root, planted)
        except GuestError as error:
            doubts = (*planted.doubts, f"the canaries could not be deleted: {error}")
            return replace(planted, canaries=(), doubts=doubts)
        return replace(planted, canaries=planted.of(Fate.KEPT, *self._fates))

    def _tidied(self, planted: Planted) -> tuple[str, ...]:
        try:
            canaries.tidy(self.root, planted)
        except GuestError as error:
            return (f"a canary was left behind, which is harmless: {error}",)
        return ()

    @property
    def _fates(self) -> tuple[Fate, ...]:
        return (Fate.OVERWRITTEN,) if self.level is Level.SECRETS else (Fate.OVERWRITTEN, Fate.UNLINKED)


class _Finishing:
    """One ``finish``: what was done so far, and what is to be said of it."""

    def __init__(
        self, scrub: Scrub, own: tuple[Filesystem, ...], planted: Planted, deadline: Deadline, progress: Progress
    ) -> None:
        self._scrub = scrub
        self._own = own
        self._planted = planted
        self._deadline = deadline
        self._progress = progress
        self._against = list(planted.doubts)
        self._notes: list[str] = []
        self._holding = {canaries.holding(canary.path, own) for canary in planted.canaries}

    def run(self) -> ScrubReport:
        swaps = self._swaps()
        scrubbed = [filesystem for filesystem in self._own if filesystem.writable and filesystem.devices]
        fills = self._fills(scrubbed)
        trims = self._trims(scrubbed)
        self._note_filesystems({each.path for each in fills if not each.why})
        searches = self._searches()
        found = frozenset[bytes]().union(*(each.found for each in searches))
        deleted = self._planted.of(Fate.OVERWRITTEN, Fate.UNLINKED)
        left = [canary for canary in deleted if canary.marker in found]
        self._note_canaries(left)
        verdict, details = Verdict.NOT_PROVEN if left or self._against else Verdict.PROVEN, self._against
        if not deleted or not any(each.read for each in searches):
            # What kept it from looking comes first: it is what the summary tells.
            why = [each.shortfall for each in searches if each.shortfall]
            why = why or [*self._planted.doubts, "no canaries were planted, so there was nothing to look for"]
            verdict, details = Verdict.NOT_LOOKED_FOR, [*why, *self._against]
        return ScrubReport(
            verdict,
            tuple(dict.fromkeys((*details, *self._notes))),
            trims,
            swaps,
            fills,
            searches,
            len(left),
            len(deleted),
        )

    def _swaps(self) -> tuple[Wiped, ...]:
        table = self._scrub.table_of_swaps(self._own)
        if table is None:
            return ()
        areas = swap.areas(self._scrub.root, table, self._planted.swaps)
        wipe = SwapWipe(self._scrub.root, self._scrub.machine.commands, self._deadline, self._progress)
        wiped = tuple(wipe.wipe(area, swapon=self._scrub.swapon) for area in areas)
        self._against.extend(each.why for each in wiped if each.why)
        self._against.extend(swap.written_back(self._scrub.sys))
        return wiped

    def _fills(self, scrubbed: list[Filesystem]) -> tuple[Filled, ...]:
        if self._scrub.level is not Level.FILL:
            return ()
        how = Fill(self._deadline, self._progress, force=self._scrub.force, sys=self._scrub.sys)
        fills = tuple(how.fill(each) for each in scrubbed)
        self._notes.extend(each.why for each in fills if each.why)
        return fills

    def _trims(self, scrubbed: list[Filesystem]) -> tuple[Trim, ...]:
        if self._scrub.level is Level.SECRETS:
            self._notes.append("what was deleted without being overwritten was not scrubbed; --scrub trim does that")
            return ()
        trims = tuple(trim(each, self._deadline, self._progress) for each in scrubbed)
        self._notes.extend(each.why for each in trims if each.why)
        return trims

    def _note_filesystems(self, filled: set[str]) -> None:
        for filesystem in self._own:
            why = overwriting.why_not(filesystem)
            if why:
                # A fill writes the journal over and over; a trim does not touch it.
                refilled = filesystem.path in filled and not overwriting.keeps_old_blocks(filesystem)
                (self._notes if refilled else self._against).append(why)
            if not filesystem.writable:
                self._notes.append(f"{filesystem}: mounted read-only, not scrubbed")
            elif filesystem not in self._holding:
                self._notes.append(f"{filesystem}: no canaries lie there, so nothing is claimed of it")
            if filesystem.writable and not filesystem.devices:
                self._against.append(f"{filesystem}: it lies on no block device that could be looked through")
        commands = self._scrub.machine.commands
        self._against.extend(copies(self._scrub.root, self._own, commands, self._deadline))

    def _searches(self) -> tuple[Searched, ...]:
        """Look for every marker on every device that holds canaries."""
        markers = {canary.marker for canary in self._planted.canaries}
        searched = [each for each in self._own if each in self._holding]
        searches = tuple(search(each, markers, self._deadline, self._progress) for each in _to_search(searched))
        self._against.extend(each.shortfall for each in searches if each.shortfall)
        if not any(each.shortfall for each in searches):
            found = frozenset[bytes]().union(*(each.found for each in searches))
            self._against.extend(why for why in (self._blind(each, found) for each in searched) if why)
        return searches

    def _blind(self, filesystem: Filesystem, found: frozenset[bytes]) -> str:
        """Why not finding something on this filesystem says nothing; empty: it says something."""
        kept = [
            canary for canary in self._planted.of(Fate.KEPT) if canaries.holding(canary.path, self._own) == filesystem
        ]
        if not kept:
            return f"{filesystem}: no kept canary was left, so the search was not tested there"
        missed = sum(1 for canary in kept if canary.marker not in found)
        if not missed:
            return ""
        return (
            f"{filesystem}: {missed} of {len(kept)} canaries that are there were not found on the disk, "
            "so that not finding the others says nothing (is it encrypted or compressed?)"
        )

    def _note_canaries(self, left: list[Canary]) -> None:
        for fate in (Fate.OVERWRITTEN, Fate.UNLINKED):
            deleted = self._planted.of(fate)
            found = sum(1 for each in left if each.fate is fate)
            if deleted:
                where = self._against if found else self._notes
                where.append(f"of {len(deleted)} canaries {fate.value}, {found} were found on the disk")


def _to_search(searched: Iterable[Filesystem]) -> list[BlockDevice]:
    """Each device once; of an array its members, because a read of it shows one copy only."""
    found: dict[str, BlockDevice] = {}
    for filesystem in searched:
        for device in filesystem.devices:
            for each in device.below if device.is_array else (device,):
                found[each.number] = each
    return list(found.values())
