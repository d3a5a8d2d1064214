"""Which platform the firmware names: a hint that orders what is asked, never proof."""

from __future__ import annotations

from enum import IntEnum

from guestseal.machine.firmware import Firmware, swapped


class Likelihood(IntEnum):
    """What local facts say of a source. It orders the questions and the answers; it never forbids a question."""

    UNLIKELY = 0
    """The firmware names another platform, or not this one, which always names itself."""
    POSSIBLE = 1
    """Nothing speaks for it or against it."""
    LIKELY = 2
    """The firmware names this platform."""


# cloud-init's ds-identify; for CloudStack the defaults of VirtualMachineManager.java, in Apache's tree and ABLESTACK's.
_VENDORS = {
    "Apache Software Foundation": "cloudstack",
    "ABLECLOUD": "cloudstack",
    "Amazon EC2": "ec2",
    "e24cloud": "ec2-alike",
    "3DS Outscale": "ec2-alike",
    "OpenStack Foundation": "openstack",
    "Google": "gce",
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
    "Google": "gce",
    "Alibaba Cloud": "alibaba",
    "Tencent Cloud": "tencent",
    "Exoscale": "exoscale",
    "OpenNebula": "opennebula",
}
_CHASSIS_TAGS = {
    "OracleCloud.com": "oracle",
    "OpenTelekomCloud": "openstack",
    "SAP CCloud VM": "openstack",
    "HUAWEICLOUD": "openstack",
    "Samsung Cloud Platform": "openstack",
    "OpenStack Nova": "openstack",
    "OpenStack Compute": "openstack",
    "7783-7084-3265-9085-8269-3286-77": "azure",
}

_UNNAMED = frozenset(("cloudstack", "ec2", "openstack", "config-drive", "opennebula"))
"""Sources whose platforms often run under no name or the hypervisor's: all others always name themselves."""
ANYWHERE = frozenset(("dhcp", "nocloud"))
"""Sources of no platform in particular."""
_GOES_WITH = {
    "ec2": {"ec2": Likelihood.LIKELY, "ec2-alike": Likelihood.LIKELY, "openstack": Likelihood.POSSIBLE},
    "config-drive": {"openstack": Likelihood.LIKELY, "cloudstack": Likelihood.LIKELY},
    "azure-iso": {"azure": Likelihood.LIKELY},
}
"""For sources that go with other names than their own."""


def platform(firmware: Firmware) -> str | None:
    """The platform that ``firmware`` names; None: it names none that is known."""
    if firmware.chassis_tag.endswith(".zstack.io") or firmware.serial.endswith(".brightbox.com"):
        return "ec2-alike"
    if firmware.serial.startswith("GoogleCloud-"):  # also where the product is not named: LP 1674861
        return "gce"
    # Each of these can be set by an operator (CloudStack: vm.metadata.manufacturer and .product), so any one will do.
    found = _starts(_PRODUCTS, firmware.product) or _CHASSIS_TAGS.get(firmware.chassis_tag)
    found = found or _starts(_VENDORS, firmware.vendor)
    # EC2 User Guide, "Identify EC2 instances": the UUID begins with ec2 in one of the two byte orders. One in two
    # thousand UUIDs does so by chance, therefore it comes last.
    uuid = firmware.uuid
    return found or ("ec2" if uuid and "ec2" in (uuid[:3], swapped(uuid)[:3]) else None)


def likelihood(source: str, firmware: Firmware) -> Likelihood:
    """How likely ``source`` is the one that speaks for this machine, from what the firmware says."""
    if source in ANYWHERE:
        return Likelihood.POSSIBLE
    if source == "vmware":  # a hypervisor, under which any platform may run
        return Likelihood.LIKELY if firmware.vendor.startswith("VMware") else Likelihood.UNLIKELY
    named = platform(firmware)
    if named is not None:
        return _GOES_WITH.get(source, {source: Likelihood.LIKELY}).get(named, Likelihood.UNLIKELY)
    # A machine without SMBIOS (arm64, a container) names nothing: then nothing speaks against anybody.
    silent = not (firmware.vendor or firmware.product or firmware.chassis_tag)
    return Likelihood.POSSIBLE if silent or source in _UNNAMED else Likelihood.UNLIKELY


def _starts(table: dict[str, str], text: str) -> str | None:
    return next((name for start, name in table.items() if text.startswith(start)), None)
