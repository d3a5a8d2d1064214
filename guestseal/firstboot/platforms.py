"""Which platform the firmware names: a hint that orders what is asked, never proof."""

from __future__ import annotations

from collections.abc import Collection

from guestseal.firstboot.source import Likelihood
from guestseal.firstboot.validation import swapped
from guestseal.machine.firmware import Firmware

# cloud-init's ds-identify; for CloudStack the defaults of VirtualMachineManager.java, in Apache's tree and ABLESTACK's.
_VENDORS = {
    "Apache Software Foundation": "cloudstack",
    "ABLECLOUD": "cloudstack",
    "Amazon EC2": "ec2",
    "e24cloud": "ec2-alike",
    "3DS Outscale": "ec2-alike",
    "OpenStack Foundation": "openstack",
    "Google": "google",
    "DigitalOcean": "digitalocean",
    "Hetzner": "hetzner",
    "Alibaba Cloud": "alibaba",
    "Tencent Cloud": "tencent",
    "Scaleway": "scaleway",
    "Vultr": "vultr",
    "UpCloud": "upcloud",
    "Akamai": "akamai",
    "Linode": "akamai",
    "Huawei Cloud": "openstack",
}
_PRODUCTS = {
    "CloudStack": "cloudstack",
    "ABLESTACK": "cloudstack",
    "OpenStack": "openstack",
    "Google": "google",
    "Alibaba Cloud": "alibaba",
}
_CHASSIS_TAGS = {
    "OracleCloud.com": "oracle",
    "OpenTelekomCloud": "openstack",
    "7783-7084-3265-9085-8269-3286-77": "azure",
}


def platform(firmware: Firmware) -> str | None:
    """The platform that ``firmware`` names; None: it names none that is known."""
    if firmware.chassis_tag.endswith(".zstack.io") or firmware.serial.endswith(".brightbox.com"):
        return "ec2-alike"
    # Each of these can be set by an operator (CloudStack: vm.metadata.manufacturer and .product), so any one will do.
    found = _starts(_PRODUCTS, firmware.product) or _starts(_VENDORS, firmware.vendor)
    found = found or _CHASSIS_TAGS.get(firmware.chassis_tag)
    # EC2 User Guide, "Identify EC2 instances": the UUID begins with ec2 in one of the two byte orders. One in two
    # thousand UUIDs does so by chance, therefore it comes last.
    uuid = firmware.uuid
    return found or ("ec2" if uuid and "ec2" in (uuid[:3], swapped(uuid)[:3]) else None)


def likelihood(firmware: Firmware, own: Collection[str], kindred: Collection[str] = ()) -> Likelihood:
    """LIKELY for a platform in ``own``, POSSIBLE for none or one in ``kindred``, UNLIKELY for any other."""
    named = platform(firmware)
    if named in own:
        return Likelihood.LIKELY
    return Likelihood.POSSIBLE if named is None or named in kindred else Likelihood.UNLIKELY


def _starts(table: dict[str, str], text: str) -> str | None:
    return next((name for start, name in table.items() if text.startswith(start)), None)
