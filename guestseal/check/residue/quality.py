"""Whether a value tells one machine from others: what many have finds everything and proves nothing."""

from __future__ import annotations

import base64
import ipaddress
import re
import uuid
from collections.abc import Collection
from typing import Callable

from guestseal.guest.network.hosts import is_local
from guestseal.machine.firmware import usable_uuid

SHORTEST_NAME = 4

# Names that installers and images give, and words that are in every system's files.
_WORDS = """
    admin alma almalinux alpine amazon amazonlinux arch archlinux base bookworm box bullseye buster build builder centos
    clone cloud container debian default demo desktop devel domain example fedora gentoo golden guest home host hostname
    image install installer instance internal jammy kali kernel laptop linux live local localdomain localhost loopback
    machine master minimal mint name network node noble none openeuler opensuse oracle package production raspberrypi
    redhat rhel rocky rockylinux root server service sles staging suse system systemd template test testing trixie
    ubuntu unassigned-hostname unknown user vagrant virtual worker workstation
"""
_COMMON_NAMES = frozenset(_WORDS.split())

# What QEMU gives every guest of its user network, and the bridges of Docker, libvirt, LXC and Podman.
_COMMON_ADDRESSES = frozenset(
    ("10.0.2.15", "fec0::5054:ff:fe12:3456", "172.17.0.1", "192.168.122.1", "10.0.3.1", "10.88.0.1", "255.255.255.255")
)
_UUID = re.compile(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")


def judged(kind: str, value: str, common: Collection[str] = ()) -> tuple[str, str]:
    """The value in its normal form, and why it is not to be searched for; empty: it is.

    ``common``: further names that are no machine's own, in lower case. Raises ValueError
    where the value is not of its kind.
    """
    if kind in ("host-name", "user-name"):
        return value, "the name is one that many machines have" if is_common(value, common) else ""
    return _JUDGES.get(kind, _other)(value)


def is_common(name: str, common: Collection[str] = ()) -> bool:
    """Whether a name is one that many machines have, or too short to be told from a word."""
    short = name.lower().partition(".")[0]
    return len(short) < SHORTEST_NAME or is_local(name) or short in _COMMON_NAMES or short in common


def _address(value: str) -> tuple[str, str]:
    address = ipaddress.ip_address(value)
    shared = address.is_loopback or address.is_unspecified or address.is_multicast or str(address) in _COMMON_ADDRESSES
    # An IPv4 link-local address is a metadata service's, or made up anew at each start (RFC 3927).
    # fe80::1 and its like are set by hand, on every router.
    shared = shared or (address.is_link_local and (address.version == 4 or int(address) % (1 << 64) < 1 << 16))
    return str(address), "the address is one that many machines have" if shared else ""


def _mac(value: str) -> tuple[str, str]:
    raw = bytes.fromhex(re.sub("[:.-]", "", value))
    if len(raw) != 6:
        raise ValueError(value)
    return raw.hex(":"), "the MAC address is no card's own" if raw[0] & 1 or len(set(raw)) == 1 else ""


def _machine_id(value: str) -> tuple[str, str]:
    number = uuid.UUID(value)
    return number.hex, "the machine-id is no random one" if len(set(number.hex)) < 4 else ""


def _filesystem(value: str) -> tuple[str, str]:
    if _UUID.fullmatch(value):
        return value.lower(), ""
    return value, "" if len(value) >= 8 else "the number of the filesystem is too short"  # vfat, MBR partitions


def _firmware(value: str) -> tuple[str, str]:
    usable = len(value) >= 6 and re.search(r"[0-9]", value) and len(set(value)) > 3
    if _UUID.fullmatch(value):
        usable = usable_uuid(value.lower())
    return value, "" if usable else "the hardware has no serial number of its own"


def _duid(value: str) -> tuple[str, str]:
    raw = bytes.fromhex("".join(part.zfill(2) for part in value.split(":")))
    return raw.hex(), "" if len(raw) >= 8 else "the DUID is too short"


def _host_key(value: str) -> tuple[str, str]:
    return value, "the host key is too short" if len(base64.b64decode(value, validate=True)) < 32 else ""


def _other(value: str) -> tuple[str, str]:
    if not value:
        raise ValueError(value)
    return value, "" if len(value) >= 2 * SHORTEST_NAME else "the value is too short"


_JUDGES: dict[str, Callable[[str], tuple[str, str]]] = {
    "ip-address": _address,
    "mac-address": _mac,
    "machine-id": _machine_id,
    "filesystem-uuid": _filesystem,
    "firmware-identity": _firmware,
    "dhcp-identity": _duid,
    "host-key": _host_key,
}
