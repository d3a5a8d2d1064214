"""OpenNebula on KVM

Contextualisation comes on a CD-ROM named CONTEXT, and one-context or guestseal's opennebula
source reads it. Source: OpenNebula documentation, "Creating and Preparing Images".
"""

from guestseal.check.profile import Profile

PROFILE = Profile(
    "opennebula",
    agents=("qemu-guest-agent", "one-context"),
    disks=("virtio_blk", "virtio_scsi"),
    network_cards=("virtio_net",),
    datasources=("OpenNebula",),
)
