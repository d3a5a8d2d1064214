"""What a Vagrant box lets in."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Entry, File

RSA = "AAAAB3NzaC1yc2EAAAABIwAAAQEA6NF8iallvQVp22WDkTkyrtvp9eWW6A8YVr+kz4TjGYe7gHzVw=="
ED25519 = "AAAAC3NzaC1lZDI1NTE5AAAAIN1YdxBpNlzxDqfJyw/QKow1F+wvG9hXGoqiysfJOn5Y"
OWN = "AAAAC3NzaC1lZDI1NTE5AAAAIDvD8qfJyw2QKow1F3wvG9hXGoqiysfJOn5Y1YdxBpNl"
PASSWD = File("root:x:0:0:root:/root:/bin/sh\nvagrant:x:1000:1000::/home/vagrant:/bin/bash\n")
OTHERS: dict[str, Entry] = {
    "/etc/passwd": File("root:x:0:0:root:/root:/bin/sh\nvagrants:x:1000:1000::/home/vagrants:/bin/bash\n"),
    "/home/vagrants/.ssh/authorized_keys": File(f"ssh-ed25519 {OWN} vagrant\n"),
    "/etc/sudoers.d/admins": File("%admin ALL=(ALL) ALL\n", 0o440),
}

CASES = (
    Case(
        "a box",
        DEBIAN,
        {
            "/etc/passwd": PASSWD,
            "/home/vagrant/.ssh/authorized_keys": File(f"ssh-rsa {RSA} vagrant insecure public key\n", 0o600),
            "/etc/sudoers.d/99_vagrant": File("vagrant ALL=(ALL) NOPASSWD: ALL\n", 0o440),
        },
        found=("/etc/passwd", "/home/vagrant/.ssh/authorized_keys", "/etc/sudoers.d/99_vagrant"),
        alone=True,  # whether keys stay depends on who else lets somebody in
    ),
    Case(
        "the newer key, in root's file",
        REDHAT,
        {"/root/.ssh/authorized_keys2": File(f"ssh-ed25519 {OWN} kim\nssh-ed25519 {ED25519} x\n", 0o600)},
        found=("/root/.ssh/authorized_keys2",),
        alone=True,  # as above
    ),
    Case("an account and a key that look alike", SUSE, OTHERS, alone=True),  # others bring another passwd
    Case("no box", ALPINE, {"/etc/vagrant_box_build_time": File("2025-01-01\n")}),
)
