"""DigitalOcean, images for its Marketplace

Droplets are KVM machines with virtio devices, and cloud-init sets them up. An image for
the Marketplace has to pass a script, whose questions these are: the release, cloud-init, a
firewall, no security update that waits, no password, no key, no history, no log, none of
DigitalOcean's own agents. Source: digitalocean/marketplace-partners, scripts/99-img-check.sh 1.8.1.
"""

from guestseal.check.profile import Profile, Severity

PROFILE = Profile(
    "digitalocean",
    severities={
        "virtio": Severity.FAIL,
        "cloud-init": Severity.FAIL,
        "pending-updates": Severity.FAIL,
        "account-passwords": Severity.FAIL,
    },
    agents=("cloud-init", "qemu-guest-agent"),
    disks=("virtio_blk", "virtio_scsi"),
    network_cards=("virtio_net",),
    datasources=("DigitalOcean", "ConfigDrive"),
    releases=(
        *("ubuntu 16.04", "ubuntu 18.04", "ubuntu 20.04", "ubuntu 22.04", "ubuntu 22.10", "ubuntu 24.04"),
        *("debian 9", "debian 10", "debian 11", "debian 12"),
        *("centos 6", "centos 7", "centos 8", "centos 9"),
        *("rocky 8", "rocky 9", "almalinux 8", "almalinux 9", "cloudlinux 8", "cloudlinux 9"),
    ),
    console="",  # the Droplet console is SSH, the recovery console the screen
    operations="public-image",
)
