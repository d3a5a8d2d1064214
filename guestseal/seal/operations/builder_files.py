"""Remove what image builders left

Ansible's temporary files hold modules with their arguments, passwords among them; the images
of guest additions that Packer copied take space. Both are removed.

Left on purpose, and reported: scripts in /root, and configuration that Packer's provisioners
write, such as a proxy for apt. What they put in /tmp and /var/log other operations remove.
"""

from __future__ import annotations

from guestseal.guest.signs import Sign, signs
from guestseal.seal.operation import Kind, Operation

OPERATION = Operation(
    kind=Kind.SECRET,
    remove=(
        *("{home}/.ansible/tmp", "{home}/.ansible/cp", "{home}/.ansible_async"),
        *("{home}/VBoxGuestAdditions*.iso", "{home}/prl-tools-lin*.iso", "{home}/.vbox_version"),
    ),
    findings=signs(
        Sign(
            ("/etc/packer*", "/etc/profile.d/*packer*", "/etc/apt/apt.conf.d/*packer*", "/root/packer*"),
            "was written when the image was built",
            "remove it unless clones need it",
        ),
        Sign(("/root/*.sh",), "is a script that may have been for the build only", "remove it if it was"),
    ),
)
