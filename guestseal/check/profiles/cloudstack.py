"""Apache CloudStack on KVM

Templates boot with BIOS or UEFI as the template says, from virtio disks; the virtual router
gives addresses, passwords and keys; the console proxy shows the screen and the serial log.
Source: Apache CloudStack documentation, "Working with Templates".
"""

from guestseal.check.profile import Profile, Severity

PROFILE = Profile(
    "cloudstack",
    severities={"virtio": Severity.FAIL, "network": Severity.FAIL, "power-button": Severity.FAIL},
    agents=("qemu-guest-agent",),
    disks=("virtio_blk", "virtio_scsi"),
    network_cards=("virtio_net",),
    datasources=("CloudStack", "ConfigDrive"),
)
