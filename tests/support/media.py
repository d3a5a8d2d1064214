"""Drives for tests: directories that stand for what is on them, so that sources are tested without a kernel's help."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from support.machine import machine
from support.platforms import Platform

from guestseal.errors import CommandError
from guestseal.machine.clock import Deadline
from guestseal.machine.firmware import Firmware
from guestseal.machine.media import DISCS, Drive
from guestseal.settings import Settings


class DirectoryMedia:
    """In the place of Media: each node is a directory, or None for a drive that cannot be read."""

    def __init__(self, label: str, drives: Mapping[str, Path | None]) -> None:
        self._drives = {Drive(node, label, "iso9660"): path for node, path in sorted(drives.items())}

    def labelled(self, label: str, deadline: Deadline) -> list[Drive]:
        return [drive for drive in self._drives if drive.label.lower() == label.lower()]

    def discs(self, deadline: Deadline) -> list[Drive]:
        return [drive for drive in self._drives if drive.kind in DISCS]

    @contextlib.contextmanager
    def opened(self, drive: Drive) -> Iterator[str]:
        path = self._drives[drive]
        if path is None:
            raise CommandError("not mounted as iso9660: Input/output error")
        yield str(path)


@dataclass
class DrivePlatform(Platform):
    """A platform that speaks by drives; their directories are gone when it is taken down."""

    directory: tempfile.TemporaryDirectory[str] = field(default_factory=tempfile.TemporaryDirectory)

    def close(self) -> None:
        self.directory.cleanup()


def write(top: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write the files of a drive below ``top``."""
    top.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        path = top / name.lstrip("/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return top


def drives_of(label: str, top: Path, *drives: Mapping[str, str | bytes] | None) -> DirectoryMedia:
    """Drives ``/dev/sr0``, ``/dev/sr1``, … with these files, below ``top``; None: it cannot be read."""
    nodes = {f"/dev/sr{number}": files for number, files in enumerate(drives)}
    made = {
        node: None if files is None else write(top / node.rpartition("/")[2], files) for node, files in nodes.items()
    }
    return DirectoryMedia(label, made)


def drive_platform(
    label: str, *drives: Mapping[str, str | bytes] | None, firmware: Firmware | None = None
) -> DrivePlatform:
    """The platform of a source that reads drives with this label."""
    directory = tempfile.TemporaryDirectory(prefix="guestseal-drives-")
    made = machine(firmware=firmware)
    made.media = drives_of(label, Path(directory.name), *drives)  # type: ignore[assignment]
    return DrivePlatform(Settings(), machine=made, directory=directory)
