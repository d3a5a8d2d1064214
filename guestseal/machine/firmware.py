"""What the firmware (SMBIOS/DMI) says of the machine: hints, never proof.

Apache CloudStack lets a zone's operator choose the strings (vm.metadata.manufacturer,
vm.metadata.product), and ABLESTACK Mold's defaults are not CloudStack's, so a name
only orders the probes.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass

DMI = "/sys/class/dmi/id"

_PLACEHOLDERS = ("03000200-0400-0500-0006-000700080009", "12345678-1234-5678-90ab-cddeefaabbcc")


@dataclass(frozen=True)
class Firmware:
    """The DMI strings that name a platform; empty where the machine has none."""

    vendor: str = ""
    product: str = ""
    serial: str = ""
    chassis_tag: str = ""
    board_tag: str = ""
    uuid: str | None = None
    """The system UUID in lower case; None when it is missing or a vendor's placeholder."""

    @classmethod
    def read(cls, directory: str | os.PathLike[str] = DMI) -> Firmware:
        """What the kernel gives in ``directory``; unreadable files count as empty."""
        uuid = _text(directory, "product_uuid").lower()
        return cls(
            vendor=_text(directory, "sys_vendor"),
            product=_text(directory, "product_name"),
            serial=_text(directory, "product_serial"),
            chassis_tag=_text(directory, "chassis_asset_tag"),
            board_tag=_text(directory, "board_asset_tag"),
            uuid=uuid if usable_uuid(uuid) else None,
        )


def usable_uuid(text: str) -> bool:
    """Whether ``text`` is a UUID that can tell one machine from another."""
    if not re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", text) or text in _PLACEHOLDERS:
        return False
    return len(set(text.replace("-", ""))) > 1


def same_machine(instance: str | None, uuid: str | None) -> bool:
    """Whether an instance-id is this system UUID, in either byte order (SMBIOS 2.6 changed the first three fields)."""
    if instance is None or uuid is None:
        return False
    return instance.lower() in (uuid.lower(), swapped(uuid.lower()))


def swapped(uuid: str) -> str:
    """A UUID with the bytes of its first three fields in the other order."""
    first, second, third, *rest = uuid.split("-")
    return "-".join([*(bytes.fromhex(field)[::-1].hex() for field in (first, second, third)), *rest])


def _text(directory: str | os.PathLike[str], name: str) -> str:
    try:
        with open(os.path.join(directory, name), "rb") as file:
            return file.read(256).decode("utf-8", "replace").strip()
    except OSError:  # no SMBIOS (arm64, containers), or not readable: the same as saying nothing
        return ""
