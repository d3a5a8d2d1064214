"""Tencent Cloud, custom images

An imported image boots with BIOS or UEFI from virtio disks; its root and its mounts must not
name disks by device, /etc/shadow has normal permissions, and other hypervisors' tools are
removed. Source: Tencent Cloud documentation, "Importing Images: Linux image preparation".
"""

from guestseal.check.profile import Profile, Severity

PROFILE = Profile(
    "tencent",
    severities={
        "virtio": Severity.FAIL,
        "root-device": Severity.FAIL,
        "fstab": Severity.FAIL,
        "account-files": Severity.FAIL,
        "guest-tools": Severity.FAIL,
        "serial-console": Severity.WARN,
    },
    agents=("qemu-guest-agent", "cloud-init"),
    disks=("virtio_blk",),
    network_cards=("virtio_net",),
    datasources=("TencentCloud", "ConfigDrive"),
)
