"""Google Compute Engine, images for everybody

Machines are KVM's with virtio-scsi or NVMe disks and virtio or gVNIC cards, and boot with UEFI or a BIOS.
The guest agent keeps users' keys and makes host keys anew on a clone; no program but SSH should wait for
strangers. Source: GoogleCloudPlatform/cloud-image-tests, test_suites/security and test_suites/ssh;
guest-agent's README.
"""

from guestseal.check.profile import Profile, Severity

PROFILE = Profile(
    "gcp",
    severities={"network": Severity.FAIL, "host-key-generator": Severity.FAIL},
    agents=("google-guest-agent",),
    disks=("virtio_scsi", "nvme"),
    network_cards=("virtio_net", "gve"),
    datasources=("GCE",),
    operations="public-image",
)
