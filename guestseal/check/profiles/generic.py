"""Any platform: what holds for all, with virtio asked for and no agent expected

Nothing is known of where the image will run. What keeps a clone from booting or being
reached on any platform fails; what only some platforms want is a warning.
"""

from guestseal.check.profile import Profile

PROFILE = Profile("generic", disks=("virtio_blk", "virtio_scsi"), network_cards=("virtio_net",))
