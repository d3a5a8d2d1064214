"""Rules for sudo: those that are written again go, the others that ask for no password are reported."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, SYSTEMD, Case
from support.trees import Dir, Entry, File, Link

FREE = File("debian ALL=(ALL) NOPASSWD:ALL\n", 0o440)
MAIN: dict[str, Entry] = {"/etc/sudoers": File("root ALL=(ALL:ALL) ALL\n# %wheel ALL=(ALL) NOPASSWD: ALL\n", 0o440)}
CLOUD_INIT: dict[str, Entry] = {
    **SYSTEMD,
    "/usr/bin/cloud-init": File("#!/usr/bin/python3\n", 0o755),
    "/usr/lib/systemd/system/cloud-init.target": File("[Unit]\n"),
}


def enabled(unit: str) -> dict[str, Entry]:
    """A unit that something wants."""
    path = f"/usr/lib/systemd/system/{unit}"
    return {**SYSTEMD, path: File("[Service]\n"), f"/etc/systemd/system/multi-user.target.wants/{unit}": Link(path)}


LEFT = ("/etc/sudoers.d/90-cloud-init-users", "/etc/sudoers.d/waagent", "/etc/sudoers.d/99_packer")
ALONE = True  # which of them go depends on what writes them again

CASES = (
    Case(
        "cloud-init's, and a builder's",
        DEBIAN,
        {**MAIN, **CLOUD_INIT, "/etc/sudoers.d/90-cloud-init-users": FREE, "/etc/sudoers.d/_packer_env": FREE},
        {**MAIN, **CLOUD_INIT, "/etc/sudoers.d": Dir()},
        alone=ALONE,
    ),
    Case(
        "Azure's agent",
        REDHAT,
        {**MAIN, **enabled("waagent.service"), "/etc/sudoers.d/waagent": FREE, LEFT[0]: FREE},
        {**MAIN, **enabled("waagent.service"), LEFT[0]: FREE},
        found=LEFT[:1],
        alone=ALONE,
    ),
    Case("nothing writes them again", SUSE, {**MAIN, **dict.fromkeys(LEFT, FREE)}, found=LEFT, alone=ALONE),
    Case(
        "others are reported",
        REDHAT,
        {
            "/etc/sudoers": File("%wheel ALL=(ALL) NOPASSWD: ALL\n", 0o440),
            "/etc/sudoers.d/vagrant": File("vagrant ALL=(ALL) NOPASSWD: ALL\n", 0o440),
            "/etc/sudoers.d/lab": File("Defaults:kim !authenticate\n", 0o440),
            "/etc/sudoers.d/kim": File("# NOPASSWD\nkim ALL=(ALL) ALL\n", 0o440),
        },
        found=("/etc/sudoers", "/etc/sudoers.d/vagrant", "/etc/sudoers.d/lab"),
    ),
    Case(
        "doas",
        ALPINE,
        {
            "/etc/doas.conf": File("permit nopass :wheel\n", 0o400),
            "/etc/doas.d/kim.conf": File("permit nopass keepenv kim\n", 0o400),
            "/etc/doas.d/doas.conf": File("# permit nopass kim\npermit persist :wheel\n", 0o400),
        },
        found=("/etc/doas.conf", "/etc/doas.d/kim.conf"),
    ),
)
