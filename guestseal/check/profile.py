"""What a platform asks of an image: one module of guestseal.check.profiles each, by its ``PROFILE``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

PACKAGE = "guestseal.check.profiles"


class Severity(Enum):
    """What a problem of a check means on a platform."""

    IGNORE = "ignore"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True)
class Profile:
    """A platform that images are made for.

    ``severities``: what problems of a check mean there, by the check's name; where it says
    nothing, the problem itself says whether it fails. ``firmware``: "bios" and "uefi", those
    that the platform boots with. ``partition_tables``: "gpt" and "msdos", those that it takes.
    ``agents``: names of guest tools that belong there. ``disks`` and ``network_cards``: the kernel
    modules that its devices need. ``datasources``: those of cloud-init that the platform answers;
    ``releases``: the distributions it takes, as ID and the beginning of VERSION_ID of os-release(5);
    ``kernel_parameters``: those that it demands. Empty: it says nothing of them.
    """

    name: str
    severities: Mapping[str, Severity] = field(default_factory=dict)
    firmware: tuple[str, ...] = ("bios", "uefi")
    partition_tables: tuple[str, ...] = ("gpt", "msdos")
    agents: tuple[str, ...] = ()
    disks: tuple[str, ...] = ()
    network_cards: tuple[str, ...] = ()
    datasources: tuple[str, ...] = ()
    releases: tuple[str, ...] = ()
    kernel_parameters: tuple[str, ...] = ()
    console: str = "ttyS0"
    """The serial port whose output the platform shows; empty: it shows none."""
    operations: str = ""
    """The selection of seal operations that have to have been done; empty: the one that the settings say."""
