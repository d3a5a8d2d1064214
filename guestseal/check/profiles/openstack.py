"""OpenStack on KVM

Images boot from virtio disks with BIOS or UEFI (hw_firmware_type); names, keys and the
administrator's password come from the metadata service or the config drive; the console log
is the first serial port. Source: OpenStack, "Virtual Machine Image Guide", image requirements.
"""

from guestseal.check.profile import Profile, Severity

PROFILE = Profile(
    "openstack",
    severities={"network": Severity.FAIL, "serial-console": Severity.FAIL},
    agents=("qemu-guest-agent",),
    disks=("virtio_blk", "virtio_scsi"),
    network_cards=("virtio_net",),
    datasources=("OpenStack", "ConfigDrive", "Ec2"),
)
