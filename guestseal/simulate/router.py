"""The Apache CloudStack virtual router: the metadata tree of its web server, and the password server beside it.

Sources: Apache CloudStack vmdata.py (files, manifest, who may read them), the .htaccess rewrite rules of its system VM,
NetworkModelImpl.java (which items there are) and passwd_server_ip.py.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from guestseal.simulate.clones import Clones
from guestseal.simulate.instance import Instance
from guestseal.simulate.password_server import PasswordServer
from guestseal.simulate.service import Address, Request, Response, Service, error_page, http_date

HTTP_PORT = 80
PASSWORD_PORT = 8080


class VirtualRouter:
    """One router: `metadata` and `password_server` are its two services, `clones` the VMs it serves.

    Both know a VM by nothing but the source address of its request.
    """

    def __init__(self, instances: Mapping[str, Instance]) -> None:
        self.clones = Clones(instances)
        self.metadata = MetadataTree(self.clones)
        self.password_server = PasswordServer(self.clones)

    def listeners(
        self, address: str, *, http_port: int = HTTP_PORT, password_port: int = PASSWORD_PORT
    ) -> tuple[tuple[Address, Service], ...]:
        """Both services at `address`, as a `Simulator` takes them."""
        return (((address, http_port), self.metadata), ((address, password_port), self.password_server))

    def set_password(self, address: str, value: str) -> None:
        """A password reset in the user interface, or an old password back after a failover."""
        self.password_server.set_password(address, value)

    def pending(self, address: str) -> bool:
        """True until the VM at `address` has acknowledged its password."""
        return self.password_server.pending(address)


class MetadataTree:
    """The web server of the router: `/latest/meta-data/` and its short form, `/latest/user-data`.

    The router deletes a file whose value is empty, so an empty value is 404. Each VM's directory admits one
    address; an address without a directory gets 403.
    """

    def __init__(self, clones: Clones) -> None:
        self._clones = clones

    def answer(self, request: Request) -> Response:
        """The answer to `request`, with Apache httpd's statuses and pages."""
        instance = self._clones.find(request.source)
        if instance is None:
            return _page(403, "You don't have permission to access this resource.")
        if request.method not in ("GET", "HEAD", "POST"):
            return _not_allowed(request.method)
        # Apache merges slashes; only the directory part of the rewrite rules is [NC], the file name is a file's.
        path = re.sub("/+", "/", request.path)
        match = re.fullmatch(r"/latest/((?i:meta-data)/)?([^/]*)", path)
        content = None if match is None else _content(_items(instance), instance, bool(match[1]), match[2])
        if content is None:
            return _page(404, "The requested URL was not found on this server.")
        if request.method == "POST":
            return _not_allowed(request.method)
        # No Content-Type: Apache httpd 2.4 has no default type, and these files have no suffix.
        return Response(200, content, headers=_headers())


def _content(items: Mapping[str, str], instance: Instance, long_form: bool, name: str) -> bytes | None:
    if long_form and not name:
        return "".join(f"{item}\n" for item in items).encode()
    if not long_form and name.lower() == "user-data":
        return instance.user_data or None
    return items[name].encode() if name in items else None


def _items(instance: Instance) -> dict[str, str]:
    """The files that exist for this VM, in the order in which the management server sends them."""
    items = {
        "local-ipv4": instance.local_ipv4 or "",
        "local-hostname": instance.hostname or "",
        "instance-id": instance.instance_id,
        "vm-id": instance.instance_id,
        "public-keys": "\n".join(instance.ssh_keys),
    }
    items.update((name, _escaped(value)) for name, value in instance.extra.items() if "/" not in name)
    return {name: value for name, value in items.items() if value}


def _escaped(value: str) -> str:
    """CloudStack's unicodeEscape: offering, zone and user-defined items hold \\uXXXX, not UTF-8."""
    units = value.encode("utf-16-be")
    characters = (chr(int.from_bytes(units[at : at + 2], "big")) for at in range(0, len(units), 2))
    return "".join(item if item.isascii() else f"\\u{ord(item):04X}" for item in characters)


def _headers() -> tuple[tuple[str, str], ...]:
    return (("Date", http_date()), ("Server", "Apache/2.4.62 (Debian)"), ("Accept-Ranges", "bytes"))


def _not_allowed(method: str) -> Response:
    return _page(405, f"The requested method {method} is not allowed for this URL.")


def _page(status: int, text: str) -> Response:
    kind = ("Content-Type", "text/html; charset=iso-8859-1")
    return Response(status, error_page(status, text), headers=(*_headers()[:2], kind))
