"""What a platform has put on a drive: every drive with its label is read, at the same time, and one is believed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from guestseal.errors import Absent, CommandError, GuestError, Malformed, SourceError, TooLarge, Unreachable, Unsafe
from guestseal.firstboot.metadata import Metadata
from guestseal.firstboot.reading import DOCUMENT_LIMIT
from guestseal.firstboot.source import Attempt, Source
from guestseal.guest.tree import Tree
from guestseal.machine.clock import Deadline
from guestseal.machine.firmware import same_machine
from guestseal.machine.media import Drive
from guestseal.machine.parallel import Parallel

PATIENCE = 15.0
"""Seconds for one drive: a broken one holds whoever reads it for minutes."""


class Files:
    """The files of a drive or a directory, bounded and regular only. ``address`` says where they are, for people."""

    def __init__(self, address: str, tree: Tree, top: str = "") -> None:
        self.address = address
        self._tree, self._top = tree, top

    def read(self, path: str, limit: int = DOCUMENT_LIMIT) -> bytes | None:
        """The content of a file; None: there is none.

        Raises Malformed for more than ``limit`` bytes and for what is no regular file inside, and
        Unreachable where it cannot be read.
        """
        try:
            return self._tree.read(self._top + path, limit=limit)
        except (TooLarge, Unsafe) as error:
            raise Malformed(self.address, f"{path}: {error.why}") from None
        except GuestError as error:
            raise Unreachable(self.address, f"{path}: {error.why}") from None

    def text(self, path: str) -> str | None:
        """The content as text; what is not UTF-8 in it stays so when it is encoded again, and is refused there."""
        body = self.read(path)
        return None if body is None else body.decode("utf-8", "surrogateescape")

    def names(self, path: str) -> list[str]:
        """The sorted names in a directory; empty when there is none. Raises Unreachable."""
        try:
            return self._tree.names(self._top + path)
        except GuestError as error:
            raise Unreachable(self.address, f"{path}: {error.why}") from None


def read_drives(source: Source, label: str | None, read: Callable[[Files], Metadata], deadline: Deadline) -> Metadata:
    """What ``read`` makes of the drive with this label; ``source.attempts`` has what became of every one.

    Without a label every optical disc is read.

    Of several it is the one about this machine's system UUID, else the first by name. Raises
    Absent where there is no such drive, and the first drive's SourceError where none can be believed.
    """
    answers: dict[Drive, Metadata] = {}
    failures: dict[Drive, SourceError] = {}
    until = deadline.within(PATIENCE)
    drives = _attached(source, label, until)
    reading: Parallel[Drive, Metadata] = Parallel(deadline.clock)
    for drive in drives:
        reading.start(drive, lambda of=drive: _read(source, of, read))  # type: ignore[misc]
    for outcome in reading.until(until):
        try:
            answers[outcome.key] = outcome.result()
        except SourceError as error:
            failures[outcome.key] = error
        answer = failures[outcome.key].why if outcome.key in failures else "read"
        source.attempts += (Attempt(source.name, outcome.key.node, answer, outcome.seconds),)
    if answers:
        return _chosen(source, [answers[drive] for drive in drives if drive in answers])
    first = drives[0]
    raise failures.get(first) or Unreachable(first.node, "not read in time")


def _attached(source: Source, label: str | None, until: Deadline) -> list[Drive]:
    media = source.machine.media
    try:
        drives = media.discs(until) if label is None else media.labelled(label, until)
    except CommandError:
        raise Absent(source.name, "drives cannot be looked for: blkid(8) is missing or failed") from None
    if not drives:
        raise Absent(source.name, "no disc is attached" if label is None else f"no drive is labelled {label}")
    return drives


def _read(source: Source, drive: Drive, read: Callable[[Files], Metadata]) -> Metadata:
    try:
        with source.machine.media.opened(drive) as path, Tree(path) as tree:
            return read(Files(drive.node, tree))
    except (CommandError, GuestError) as error:
        raise Unreachable(drive.node, error.why if isinstance(error, GuestError) else str(error)) from None


def _chosen(source: Source, answers: list[Metadata]) -> Metadata:
    uuid = source.machine.firmware.uuid
    own = [answer for answer in answers if same_machine(answer.instance_id, uuid)]
    chosen = (own or answers)[0]
    if len(answers) == 1:
        return chosen
    which = "the one about this machine's system UUID" if own else "the first by name"
    remark = f"{len(answers)} such drives are attached; {which} is used"
    return replace(chosen, remarks=(*chosen.remarks, remark))
