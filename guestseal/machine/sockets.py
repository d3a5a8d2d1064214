"""The sockets at which programs of the running machine wait for others: psutil behind one door."""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass


@dataclass(frozen=True)
class Listener:
    """A socket that takes packets from other machines."""

    protocol: str
    """"tcp" or "udp"."""
    port: int
    program: str = ""
    """Empty where that is not known: the kernel tells root only, and its own sockets have none."""


class Sockets:
    """The sockets of this process's network namespace. Every call looks anew."""

    def listeners(self) -> tuple[Listener, ...]:
        """Each socket that waits at an address that is no loopback's, once for all its addresses; by port."""
        import psutil

        found = set()
        for connection in psutil.net_connections("inet"):
            # One without a peer waits for any: a TCP socket that is only bound is in no table of the kernel's.
            if connection.laddr and not connection.raddr and not _is_loopback(connection.laddr.ip):
                protocol = "tcp" if connection.type == socket.SOCK_STREAM else "udp"
                found.add(Listener(protocol, connection.laddr.port, _program(connection.pid)))
        return tuple(sorted(found, key=lambda each: (each.port, each.protocol, each.program)))


def _is_loopback(text: str) -> bool:
    address = ipaddress.ip_address(text.partition("%")[0])
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return (mapped or address).is_loopback


def _program(pid: int | None) -> str:
    import psutil

    try:
        return str(psutil.Process(pid).name()) if pid else ""
    except psutil.Error:  # it has ended
        return ""
