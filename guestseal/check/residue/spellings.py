"""The ways in which programs write what identifies a machine.

Each kind has the forms that are known to be used: a MAC address stands with colons in a
netplan file, with dashes in a PXE configuration, bare in udev's names of interfaces, as bytes
in a lease of dhcpcd, octal in a lease of dhclient, and inside an IPv6 address made of it
(RFC 4291, appendix A).
"""

from __future__ import annotations

import ipaddress
import re
import uuid
from collections.abc import Iterator
from contextlib import suppress
from typing import Callable

from guestseal.check.residue.needles import Needle, either, everywhere
from guestseal.seal.operation import Kind

REMEDY = "remove it, or have it made anew on each clone"

SAYS = {
    "machine-id": "the machine-id",
    "host-name": "the host name",
    "mac-address": "a MAC address",
    "ip-address": "an IP address",
    "host-key": "a host key of SSH",
    "dhcp-identity": "the DHCP identity (DUID)",
    "iscsi-initiator": "the name of the iSCSI initiator",
    "nvme-host": "the NVMe host name",
    "firmware-identity": "a number of the machine's hardware",
    "filesystem-uuid": "the UUID of a filesystem",
    "user-name": "the user's name",
}
"""What each kind of identifier is called in a sentence."""
KINDS = tuple(SAYS)

_HEX = (rb"(?<![0-9A-Fa-f])", rb"(?![0-9A-Fa-f])")
# Six bytes inside a longer row are no MAC address, but those at the end of a DUID are.
_SEPARATED = (_HEX[0], rb"(?![0-9A-Fa-f]|[:-][0-9A-Fa-f]{2}(?![0-9A-Fa-f]))")
_WORD = (rb"(?<![0-9A-Za-z_])", rb"(?![0-9A-Za-z_])")
_STRICT_WORD = (rb"(?<![0-9A-Za-z_.-])", rb"(?![0-9A-Za-z_-])")
_IPV4 = (rb"(?<![0-9])(?<![0-9]\.)", rb"(?![0-9]|\.[0-9])")
_IPV4_DASHED = (rb"(?<![0-9])(?<![0-9]-)", rb"(?![0-9]|-[0-9])")
_IPV6 = (rb"(?<![0-9A-Fa-f:])", rb"(?![0-9A-Fa-f:])")
_BASE64 = (rb"(?<![0-9A-Za-z+/])", rb"(?![0-9A-Za-z+/])")
_IPV6_END = (rb"(?<![0-9A-Fa-f])", rb"(?![0-9A-Fa-f:])")
_ANY = (b"", b"")

Spelling = tuple[tuple[bytes, bytes], bytes]
"""What must not be before and behind, as expressions, and the bytes."""


def needles(kind: str, value: str, applies: Callable[[str], bool] = everywhere) -> list[Needle]:
    """What to search for of an identifier: its spellings, by how each must be bounded.

    ``applies``: the paths in which it must not be.
    """
    groups: dict[tuple[bytes, bytes], set[bytes]] = {}
    for bounds, spelling in _SPELL[kind](value):
        groups.setdefault(bounds, set()).add(spelling)
    found = []
    for (before, after), spellings in groups.items():
        # The longest first: one that begins like another must not hide it.
        ordered = tuple(sorted(spellings, key=lambda spelling: (-len(spelling), spelling)))
        pattern = re.compile(before + b"(?:" + b"|".join(map(re.escape, ordered)) + b")" + after)
        said = f"holds {SAYS[kind]}"
        found.append(Needle(kind, Kind.IDENTITY, said, REMEDY, ordered, pattern, either(ordered), applies))
    return found


def _cases(text: str, bounds: tuple[bytes, bytes]) -> Iterator[Spelling]:
    for variant in (text, text.lower(), text.upper()):
        yield bounds, variant.encode("utf-8", "surrogateescape")


def _machine_id(value: str) -> Iterator[Spelling]:
    yield from _uuid(value)


def _uuid(value: str) -> Iterator[Spelling]:
    """With dashes and without, as bytes (journal files), and in the order of SMBIOS before 2.6."""
    try:
        number = uuid.UUID(value)
    except ValueError:
        yield from _cases(value, _WORD)
        return
    for text in (number.hex, str(number), str(uuid.UUID(bytes_le=number.bytes)), value):
        yield from _cases(text, _HEX)
    yield from _raw(number.bytes)


def _raw(data: bytes) -> Iterator[Spelling]:
    # Few different bytes are found by accident, and a line of grep holds no line feed.
    if len(set(data)) > 3 and b"\n" not in data:
        yield _ANY, data


def _name(value: str) -> Iterator[Spelling]:
    """A word that stands alone; one that is like no other may be a part of a name."""
    distinctive = len(value) >= 8 or re.search(r"[0-9.]", value)
    yield from _cases(value, _WORD if distinctive else _STRICT_WORD)


def _mac(value: str) -> Iterator[Spelling]:
    raw = bytes.fromhex(re.sub(r"[^0-9A-Fa-f]", "", value))
    plain = raw.hex()
    for text in (raw.hex(":"), raw.hex("-"), ".".join(re.findall("....", plain))):
        yield from _cases(text, _SEPARATED)
    # At the end of a client-id or a DUID (RFC 8415, section 11) it stands behind other digits.
    for text in (plain, f"01{plain}", f"00030001{plain}"):
        yield from _cases(text, _HEX)
    yield from _cases(":".join(f"{byte:x}" for byte in raw), _SEPARATED)  # omapi of ISC: no leading zeros
    yield from _raw(raw)
    quoted = "".join(chr(byte) if 32 <= byte < 127 and byte not in b'"\\' else f"\\{byte:03o}" for byte in raw)
    if quoted != raw.decode("latin-1"):
        yield _ANY, quoted.encode("ascii")
    yield from _interface_identifier(raw)


def _interface_identifier(raw: bytes) -> Iterator[Spelling]:
    groups = [raw[0] ^ 2, raw[1], raw[2], 0xFF, 0xFE, *raw[3:]]
    words = [groups[n] << 8 | groups[n + 1] for n in range(0, 8, 2)]
    for form in ("{:x}", "{:04x}"):
        yield from _cases(":".join(form.format(word) for word in words), _IPV6_END)


def _ip(value: str) -> Iterator[Spelling]:
    address = ipaddress.ip_address(value)
    if address.version == 4:
        yield _IPV4, str(address).encode()
        yield _IPV4_DASHED, str(address).replace(".", "-").encode()
        return
    for text in (address.compressed, address.exploded, value):
        yield from _cases(text, _IPV6)


def _host_key(value: str) -> Iterator[Spelling]:
    """A public key's blob, its fingerprints (ssh-keygen -l), and its SSHFP records (RFC 4255, RFC 6594)."""
    import base64
    import hashlib

    raw = base64.b64decode(value)
    yield _BASE64, value.encode()
    digest = hashlib.sha256(raw)
    yield _BASE64, base64.b64encode(digest.digest()).rstrip(b"=")
    md5 = hashlib.new("md5", raw, usedforsecurity=False).digest()
    for text in (md5.hex(":"), md5.hex(), digest.hexdigest()):
        yield from _cases(text, _HEX)
    yield from _cases(hashlib.new("sha1", raw, usedforsecurity=False).hexdigest(), _HEX)


def _duid(value: str) -> Iterator[Spelling]:
    raw = bytes.fromhex(value)
    for text in (raw.hex(":"), raw.hex("-"), raw.hex(), ":".join(f"{byte:x}" for byte in raw)):
        yield from _cases(text, _HEX)
    yield from _raw(raw)


def _word(value: str) -> Iterator[Spelling]:
    yield from _cases(value, _WORD)


def _nvme(value: str) -> Iterator[Spelling]:
    """hostnqn and hostid; the UUID in the first one is the second."""
    yield from _cases(value, _WORD)
    with suppress(ValueError):
        yield from _uuid(str(uuid.UUID(value[-36:])))


_SPELL: dict[str, Callable[[str], Iterator[Spelling]]] = {
    "machine-id": _machine_id,
    "host-name": _name,
    "mac-address": _mac,
    "ip-address": _ip,
    "host-key": _host_key,
    "dhcp-identity": _duid,
    "iscsi-initiator": _word,
    "nvme-host": _nvme,
    "firmware-identity": _uuid,
    "filesystem-uuid": _uuid,
    "user-name": _name,
}
