"""ABLESTACK Mold, a distribution of Apache CloudStack

As cloudstack: KVM with virtio devices, the virtual router's metadata and passwords.
"""

from guestseal.check.profile import Profile, Severity

PROFILE = Profile(
    "mold",
    severities={"virtio": Severity.FAIL, "network": Severity.FAIL, "power-button": Severity.FAIL},
    agents=("qemu-guest-agent",),
    disks=("virtio_blk", "virtio_scsi"),
    network_cards=("virtio_net",),
    datasources=("CloudStack", "ConfigDrive"),
)
