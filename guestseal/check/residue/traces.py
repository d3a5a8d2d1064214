"""Where a guest's files say what the machine is: one reader for each kind of file.

It finds values, not files to clean: that a value stands here is how it is known, and the
search tells whether it is anywhere that sealing leaves.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress

from guestseal.errors import TooLarge, Unsafe
from guestseal.guest.network.hosts import is_local, names_of
from guestseal.guest.tree import Tree

Found = Iterator[tuple[str, str]]
"""Kind and value."""

_LIMIT = 1 << 20

_LEASES = (
    "/var/lib/dhcp/*",
    "/var/lib/dhclient/*",
    "/var/lib/NetworkManager/*.lease",
    "/run/systemd/netif/leases/*",
    "/var/lib/wicked/lease-*",
    "/var/lib/dhcpcd/*.lease",
)
_NETWORK_FILES = (
    *_LEASES,
    "/etc/udev/rules.d/*net*",
    "/etc/systemd/network/**",
    "/etc/NetworkManager/system-connections/*",
    "/etc/netplan/*",
    "/etc/sysconfig/network-scripts/ifcfg-*",
    "/etc/sysconfig/network/ifcfg-*",
    "/etc/network/interfaces",
    "/etc/network/interfaces.d/*",
)
_MAC = re.compile(r"(?<![0-9A-Fa-f:-])[0-9A-Fa-f]{2}(?:[:-][0-9A-Fa-f]{2}){5}(?![0-9A-Fa-f:-])")
# Keys that name an address of this machine, and not its gateway or a server.
_ADDRESS = re.compile(
    r"""^[ \t]*(?: fixed-address6? | iaaddr | ADDRESS | IP_?ADDR(?:_?\d+)? | IPV6ADDR | Address | address\d*
        | address | IPADDR6 )
        [ \t]*[= \t][ \t]*["']?(?P<value>[0-9A-Fa-f][0-9A-Fa-f.:]{2,44})""",
    re.MULTILINE | re.VERBOSE,
)
_NETPLAN_ADDRESSES = re.compile(r"^[ \t]*(?:-[ \t]+|addresses:[ \t]*\[[ \t]*)[\"']?([0-9A-Fa-f.:]+)/\d+", re.MULTILINE)
_DUID = re.compile(r"(?<![0-9A-Fa-f:])[0-9A-Fa-f]{1,2}(?::[0-9A-Fa-f]{1,2}){7,19}(?![0-9A-Fa-f:])")
_DUID_FILES = (
    "/etc/dhcpcd.duid",
    "/var/lib/dhcpcd/duid",
    "/var/lib/wicked/duid.xml",
    "/var/lib/dhcp/*6*",
    "/var/lib/dhclient/*6*",
)
_QUOTED_DUID = re.compile(r'^[ \t]*(?:default-duid|option dhcp6\.client-id)[ \t]+"((?:[^"\\\n]|\\.){8,400})"', re.M)
_FSTAB = re.compile(r"(?:PART)?UUID=[\"']?([0-9A-Fa-f-]{8,36})")


def of(tree: Tree) -> Found:
    """Every value that the files of a guest say of it; more than once where several say it."""
    yield from _machine_ids(tree)
    names = list(dict.fromkeys(_names(tree)))
    for name in names:
        yield "host-name", name
        if "." in name:
            yield "host-name", name.partition(".")[0]
    yield from _own_addresses(tree, names)
    yield from _network(tree)
    yield from _host_keys(tree)
    yield from _storage(tree)


def filesystems(tree: Tree) -> Found:
    """The UUIDs of filesystems and partitions that fstab(5) mounts."""
    for match in _FSTAB.finditer(_text(tree, "/etc/fstab")):
        yield "filesystem-uuid", match[1]


def _text(tree: Tree, path: str) -> str:
    """The text of a file; empty: it is not there, or is nothing that a machine would read."""
    with suppress(TooLarge, Unsafe):
        return tree.read_text(path, limit=_LIMIT) or ""
    return ""


def _texts(tree: Tree, patterns: tuple[str, ...]) -> Iterator[str]:
    for pattern in patterns:
        for path in tree.glob(pattern):
            if not tree.is_dir(path):
                yield _text(tree, path)


def _machine_ids(tree: Tree) -> Found:
    for path in ("/etc/machine-id", "/var/lib/dbus/machine-id"):
        yield "machine-id", _text(tree, path)
    for path in tree.glob("/var/log/journal/*"):
        if re.fullmatch("[0-9a-f]{32}", path.rpartition("/")[2]):
            yield "machine-id", path.rpartition("/")[2]


def _names(tree: Tree) -> Iterator[str]:
    """The host name, in every file that has one, and its long forms in hosts(5)."""
    own = []
    for path in ("/etc/hostname", "/etc/HOSTNAME", "/etc/mailname"):
        lines = [line.strip() for line in _text(tree, path).splitlines()]
        own += [line for line in lines if line and not line.startswith("#")][:1]
    for path, key in (("/etc/sysconfig/network", "HOSTNAME"), ("/etc/conf.d/hostname", "hostname")):
        own += re.findall(rf"^[ \t]*{key}=[\"']?([^\s\"']+)", _text(tree, path), re.MULTILINE)
    yield from own
    for name in names_of(_text(tree, "/etc/hosts"), "127.0.1.1"):
        if not is_local(name):
            yield name
    for line in _text(tree, "/etc/hosts").splitlines():
        yield from (word for word in line.split()[1:] if any(word.startswith(f"{name}.") for name in own))


def _own_addresses(tree: Tree, names: list[str]) -> Found:
    """Those that hosts(5) gives to the machine's own names."""
    for line in _text(tree, "/etc/hosts").splitlines():
        words = line.partition("#")[0].split()
        if len(words) > 1 and set(names).intersection(words[1:]):
            yield "ip-address", words[0]


def _network(tree: Tree) -> Found:
    for text in _texts(tree, _NETWORK_FILES):
        for match in _MAC.finditer(text):
            yield "mac-address", match[0]
        for match in _ADDRESS.finditer(text):
            yield "ip-address", match["value"]
    for text in _texts(tree, ("/etc/netplan/*",)):
        for match in _NETPLAN_ADDRESSES.finditer(text):
            yield "ip-address", match[1]
    for text in _texts(tree, _DUID_FILES):
        for match in _DUID.finditer(text):
            yield "dhcp-identity", match[0]
        for match in _QUOTED_DUID.finditer(text):
            yield "dhcp-identity", _unquoted(match[1]).hex(":")


def _unquoted(text: str) -> bytes:
    r"""What dhclient wrote: ``\ooo`` for a byte that is not printable, a backslash before ``"`` and ``\``."""
    raw = text.encode("utf-8", "surrogateescape")
    return re.sub(
        rb"\\([0-3][0-7]{2}|.)", lambda m: bytes([int(m[1], 8)]) if m[1][:1].isdigit() and len(m[1]) == 3 else m[1], raw
    )


def _host_keys(tree: Tree) -> Found:
    for pattern in ("/etc/ssh/*.pub", "/etc/openssh/*.pub", "/etc/dropbear/*.pub"):
        for text in _texts(tree, (pattern,)):
            match = re.match(r"(?:ssh|ecdsa|sk)-[\w@.-]+ (AAAA[A-Za-z0-9+/]{40,}={0,2})(?:\s|\Z)", text)
            if match:
                yield "host-key", match[1]


def _storage(tree: Tree) -> Found:
    for path in ("/etc/iscsi/initiatorname.iscsi", "/etc/initiatorname.iscsi"):
        for match in re.finditer(r"^[ \t]*InitiatorName=(\S+)", _text(tree, path), re.MULTILINE):
            yield "iscsi-initiator", match[1]
    for path in ("/etc/nvme/hostnqn", "/etc/nvme/hostid"):
        yield "nvme-host", _text(tree, path).strip()
