"""Where a server is, and by which way it is asked."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Endpoint:
    """A server and the way to it: a virtual router tells machines apart by their address."""

    host: str
    """An IP address, with ``%interface`` behind a link-local IPv6 one, or a name."""
    port: int = 80
    source_address: str | None = None
    interface: str | None = None
    privileged: bool = False
    """Asked from a port below 1024, which only root has: what some platforms tell to nobody else."""

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}" + (f" from {self.source_address}" if self.source_address else "")

    @classmethod
    def parse(cls, url: str) -> Endpoint:
        """The endpoint of an ``http://`` URL without a path. Raises ValueError that says what is taken."""
        match = re.fullmatch(r"http://(\[[0-9A-Fa-f:.]+(?:%25[\w.-]+)?\]|[\w.-]+)(?::(\d{1,5}))?/?", url, re.ASCII)
        if match is None or int(match[2] or 80) not in range(1, 65536):
            raise ValueError("URLs of the form http://HOST[:PORT]")
        # RFC 6874: a zone's percent sign is written %25 in a URL.
        return cls(match[1].strip("[]").replace("%25", "%"), int(match[2] or 80))

    def at(self, port: int) -> Endpoint:
        """The same server, asked by the same way, at another port."""
        return replace(self, port=port)

    @property
    def header(self) -> str:
        """The value of the Host header: without a zone, which means nothing to the other side (RFC 6874)."""
        host = self.host.partition("%")[0]
        host = f"[{host}]" if ":" in host else host
        return host if self.port == 80 else f"{host}:{self.port}"
