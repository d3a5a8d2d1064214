"""The machine as one value that is passed to what needs it."""

from __future__ import annotations

import socket
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from guestseal.machine.clock import Clock
from guestseal.machine.commands import Commands
from guestseal.machine.firmware import Firmware

if TYPE_CHECKING:
    from guestseal.machine.network import Network


@dataclass
class Machine:
    """The running machine. Its parts read nothing before they are used."""

    clock: Clock = field(default_factory=Clock)
    commands: Commands = field(default_factory=Commands)
    runtime_directory: str = "/run/guestseal"
    """Where status lives until power-off (RuntimeDirectory of the units)."""

    @cached_property
    def firmware(self) -> Firmware:
        """What the firmware says of the machine."""
        return Firmware.read()

    @cached_property
    def network(self) -> Network:
        """The network interfaces, gateways and leases."""
        from guestseal.machine.network import Network

        return Network()

    def set_hostname(self, name: str) -> None:
        """Set the kernel's host name (sethostname(2)). Raises OSError without CAP_SYS_ADMIN."""
        socket.sethostname(name)

    def hostname(self) -> str:
        """The kernel's host name."""
        return socket.gethostname()
