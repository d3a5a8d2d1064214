"""The machine as one value that is passed to what needs it.

Its parts are imported when they are first used: the local stage of a boot uses few.
"""

from __future__ import annotations

import os
from functools import cached_property
from typing import TYPE_CHECKING

from guestseal.machine.clock import Clock

if TYPE_CHECKING:
    from guestseal.machine.commands import Commands
    from guestseal.machine.firmware import Firmware
    from guestseal.machine.journal import Journal
    from guestseal.machine.media import Media
    from guestseal.machine.network import Network
    from guestseal.machine.processes import Processes
    from guestseal.machine.services import Services
    from guestseal.machine.sockets import Sockets
    from guestseal.machine.storage import Storage

BOOT_ID = "/proc/sys/kernel/random/boot_id"  # random(4)


class Machine:
    """The running machine. Its parts read nothing before they are used.

    ``runtime_directory`` is where status lives until power-off (RuntimeDirectory of the units),
    ``root_directory`` where the files lie that others left for this boot: leases, seeds.
    """

    def __init__(
        self,
        *,
        clock: Clock | None = None,
        commands: Commands | None = None,
        runtime_directory: str = "/run/guestseal",
        root_directory: str = "/",
    ) -> None:
        self.clock = clock or Clock()
        self.runtime_directory = runtime_directory
        self.root_directory = root_directory
        if commands is not None:
            self.commands = commands

    @cached_property
    def commands(self) -> Commands:
        """The programs of this machine."""
        from guestseal.machine.commands import Commands

        return Commands()

    @cached_property
    def firmware(self) -> Firmware:
        """What the firmware says of the machine."""
        from guestseal.machine.firmware import Firmware

        return Firmware.read()

    @cached_property
    def journal(self) -> Journal:
        """What programs are told of this boot."""
        from guestseal.machine.journal import Journal

        return Journal()

    @cached_property
    def media(self) -> Media:
        """The drives that a platform may have attached."""
        from guestseal.machine.media import Media

        return Media(self.commands)

    @cached_property
    def network(self) -> Network:
        """The network interfaces, gateways and leases."""
        from guestseal.machine.network import Network

        return Network()

    @cached_property
    def processes(self) -> Processes:
        """The processes that run and the people who are logged in."""
        from guestseal.machine.processes import Processes

        return Processes(self.commands)

    @cached_property
    def services(self) -> Services:
        """The units of the service manager."""
        from guestseal.machine.services import Services

        return Services(self.commands)

    @cached_property
    def sockets(self) -> Sockets:
        """The sockets that take packets from other machines."""
        from guestseal.machine.sockets import Sockets

        return Sockets()

    @cached_property
    def storage(self) -> Storage:
        """The disks, and what is on them."""
        from guestseal.machine.storage import Storage

        return Storage(self.commands)

    def set_hostname(self, name: str) -> None:
        """Set the kernel's host name (sethostname(2)). Raises OSError without CAP_SYS_ADMIN."""
        import socket

        socket.sethostname(name)

    def hostname(self) -> str:
        """The kernel's host name."""
        return os.uname().nodename
