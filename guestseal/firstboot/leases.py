"""Who gave this machine its addresses, and which name: the DHCP leases of this boot, whichever client asked for them.

On a CloudStack network the virtual router is the DHCP server (option 54), and only on
some it is the gateway too. Every client keeps its leases elsewhere and in another form,
some for ever: what is read here may be the leftover of the template's build network,
cut off by a power cut, or someone's trap. Files are read bounded, inside their tree,
and a lease counts only when its address is configured now.
"""

from __future__ import annotations

import ipaddress
import logging
import re
import struct
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

from guestseal.errors import CommandError, GuestError
from guestseal.guest.tree import Tree
from guestseal.machine.network import Interface

if TYPE_CHECKING:
    from guestseal.machine.commands import Commands

FILE_LIMIT = 256 * 1024
"""Bytes of one lease file. dhclient appends to its own, and starts it anew at every start."""
FILES_LIMIT = 64
"""Files read in one place."""
NMCLI_TIMEOUT = 3.0

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Lease:
    """What a DHCP server said. None: it did not say, or the client does not keep it."""

    interface: str
    address: str | None
    server: str | None
    """The DHCP server's identifier (option 54, RFC 2132 9.7)."""
    router: str | None
    hostname: str | None
    domain: str | None
    provenance: str
    """The client and the file, for people."""


Parser = Callable[[str, bytes], Iterator["Lease"]]


def find_leases(interfaces: Sequence[Interface], commands: Commands, *, root: str = "/") -> tuple[Lease, ...]:
    """The leases whose address one of ``interfaces`` has now and that name a server or a host, without repetitions.

    ``root`` is where /run and /var lie. What cannot be read or understood is logged and left out.
    """
    configured = {str(address.ip): each.name for each in interfaces for address in each.addresses}
    names = {each.name for each in interfaces}
    found: dict[tuple[str | None, ...], Lease] = {}
    for lease in _all(root, commands):
        interface = lease.interface if lease.address is None else configured.get(lease.address)
        if interface in names and (lease.server is not None or lease.hostname is not None):
            said = (interface, lease.server, lease.hostname, lease.domain)
            found.setdefault(said, replace(lease, interface=interface))
    return tuple(found.values())


def _all(root: str, commands: Commands) -> Iterator[Lease]:
    with ExitStack() as stack:
        # /run is a mount of its own, which a guest's tree does not enter: here it is the one that tells the truth.
        run = _tree(stack, f"{root.rstrip('/')}/run")
        var = _tree(stack, root)
        if run is not None:
            yield from _in_files(run, _RUN, "/run")
            if any(run.glob("/NetworkManager/devices")):
                yield from _networkmanager(commands)
        if var is not None:
            yield from _in_files(var, _VAR, "")


def _tree(stack: ExitStack, path: str) -> Tree | None:
    try:
        return stack.enter_context(Tree(path))
    except GuestError as error:
        log.info("leases: %s", error)
        return None


def _in_files(tree: Tree, places: Mapping[str, Parser], prefix: str) -> Iterator[Lease]:
    for pattern, parse in places.items():
        try:
            paths = list(islice(tree.glob(pattern), FILES_LIMIT))
        except GuestError as error:
            log.info("leases: %s", error)
            continue
        for path in paths:
            content = _read(tree, path)
            if content is not None:
                yield from parse(prefix + path, content)


def _read(tree: Tree, path: str) -> bytes | None:
    if "dhclient6" in path:  # lies beside dhclient's, and its server is no IPv4 router
        return None
    try:
        return tree.read(path, limit=FILE_LIMIT)
    except GuestError as error:
        log.info("leases: left out: %s", error)
        return None


def _variables(path: str, content: bytes) -> Iterator[Lease]:
    """KEY=VALUE: systemd-networkd, wicked's leaseinfo, and NetworkManager's own client in its older versions."""
    fields = {}
    for line in _text(content).splitlines():
        key, separator, value = line.strip().partition("=")
        if separator:
            fields[key] = value.strip("'\"")
    yield _lease(
        path,
        address=fields.get("ADDRESS") or fields.get("IPADDR", "").partition("/")[0],
        server=fields.get("SERVER_ADDRESS") or fields.get("SERVERID"),
        router=fields.get("ROUTER") or fields.get("GATEWAYS"),
        hostname=fields.get("HOSTNAME"),
        domain=fields.get("DOMAINNAME") or fields.get("DNSDOMAIN"),
    )


def _dhclient(path: str, content: bytes) -> Iterator[Lease]:
    """dhclient.leases(5): blocks are appended, so the last one of an interface is in force."""
    last: dict[str, dict[str, str]] = {}
    block: dict[str, str] | None = None
    for line in _text(content).splitlines():
        words = line.strip()
        if words == "lease {":
            block = {}
        elif words == "}" and block is not None:
            last[block.get("interface", "")] = block
            block = None
        elif block is not None and words.endswith(";"):
            name, _, value = words[:-1].removeprefix("option ").partition(" ")
            block[name] = value.strip().strip('"')
    for fields in last.values():
        yield _lease(
            path,
            address=fields.get("fixed-address"),
            server=fields.get("dhcp-server-identifier"),
            router=fields.get("routers"),
            hostname=fields.get("host-name"),
            domain=fields.get("domain-name"),
        )


def _wicked(path: str, content: bytes) -> Iterator[Lease]:
    """wicked's lease-*-dhcp-ipv4.xml. Its few elements are picked out; a parser would expand entities."""
    text = _text(content)

    def first(tag: str) -> str | None:
        match = re.search(rf"<{tag}>\s*([^<>\s]{{1,253}})\s*</{tag}>", text)
        return match and match[1]

    yield _lease(
        path,
        address=(first("address") or "").partition("/")[0],
        server=first("server-id"),
        router=first("gateway"),
        hostname=first("hostname"),
        domain=first("domain"),
    )


def _dhcpcd(path: str, content: bytes) -> Iterator[Lease]:
    """dhcpcd's lease: the server's answer as it came, a BOOTP message (RFC 2131 2, options RFC 2132)."""
    if len(content) < 240 or content[236:240] != b"\x63\x82\x53\x63":
        return
    options: dict[int, bytes] = {}
    at = 240
    while at + 1 < len(content) and content[at] != 255:
        if content[at] == 0:
            at += 1
            continue
        code, length = content[at], content[at + 1]
        options.setdefault(code, content[at + 2 : at + 2 + length])
        at += 2 + length
    yield _lease(
        path,
        address=_dotted(content[16:20]),
        server=_dotted(options.get(54, b"")),
        router=_dotted(options.get(3, b"")[:4]),
        hostname=_text(options.get(12, b"")),
        domain=_text(options.get(15, b"")),
    )


def _udhcpc(path: str, content: bytes) -> Iterator[Lease]:
    """What CloudStack's script for udhcpc leaves behind: the server's address, in a file named for the interface."""
    yield _lease(path, interface=path.rpartition("dhcp-server-ip.")[2], server=_text(content).strip())


def _networkmanager(commands: Commands) -> Iterator[Lease]:
    """NetworkManager keeps the server's identifier in memory only: nmcli(1), in terse form."""
    fields = "GENERAL.DEVICE,DHCP4.OPTION"
    try:
        answer = commands.run(["nmcli", "-t", "-f", fields, "device", "show"], timeout=NMCLI_TIMEOUT)
    except CommandError as error:
        log.info("leases: %s", error)
        return
    options: dict[str, str] = {}
    for line in [*_text(answer.stdout[:FILE_LIMIT]).splitlines(), "GENERAL.DEVICE:"]:
        name, _, value = line.replace("\\:", ":").partition(":")
        if name.startswith("DHCP4.OPTION"):
            key, _, content = value.partition(" = ")
            options[key.strip()] = content.strip()
        elif name == "GENERAL.DEVICE":  # the next device begins
            yield _lease(
                "nmcli device show",
                address=options.get("ip_address"),
                server=options.get("dhcp_server_identifier"),
                router=options.get("routers"),
                hostname=options.get("host_name"),
                domain=options.get("domain_name"),
            )
            options = {}


def _lease(provenance: str, *, interface: str = "", **said: str | None) -> Lease:
    """A lease of what is well-formed among what was said; of several routers or domains the first.

    ``interface`` is for clients that keep no address: every other lease belongs where its address is.
    """
    first = {name: re.split(r"[\s,]+", value.strip(), maxsplit=1)[0] for name, value in said.items() if value}
    return Lease(
        interface,
        _address(first.get("address")),
        _address(first.get("server")),
        _address(first.get("router")),
        _name(first.get("hostname")),
        _name(first.get("domain")),
        provenance,
    )


def _address(text: str | None) -> str | None:
    try:
        address = ipaddress.IPv4Address(text or "")
    except ValueError:
        return None
    if address.is_unspecified or address.is_multicast or address.is_reserved:
        return None
    return str(address)


def _name(text: str | None) -> str | None:
    return text if text and re.fullmatch(r"[A-Za-z0-9._-]{1,253}", text) else None


def _dotted(content: bytes) -> str | None:
    return ".".join(map(str, struct.unpack("4B", content))) if len(content) == 4 else None


def _text(content: bytes) -> str:
    return content.decode("ascii", "replace")


# systemd-networkd writes these up to version 260; from 261 on only `networkctl dhcp-lease` tells (dracut-ng, module
# systemd-networkd). wicked: leaseinfo.<interface>.dhcp.ipv4 and the script of
# cloud-set-guest-sshkey-password-userdata-configdrive.
_RUN = {
    "/systemd/netif/leases/*": _variables,
    "/wicked/leaseinfo.*": _variables,
    "/dhcp-server-ip.*": _udhcpc,
    "/dhclient*.lease*": _dhclient,
}
_VAR = {
    "/var/lib/dhcp/dhclient*.lease*": _dhclient,
    "/var/lib/dhclient/*.lease*": _dhclient,
    "/var/lib/NetworkManager/dhclient-*.lease": _dhclient,
    "/var/lib/NetworkManager/internal-*.lease": _variables,
    "/var/lib/wicked/lease-*-dhcp-ipv4.xml": _wicked,
    "/var/lib/dhcpcd/*.lease": _dhcpcd,
    "/var/lib/dhcpcd5/*.lease": _dhcpcd,
}
