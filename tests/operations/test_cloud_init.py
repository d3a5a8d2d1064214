"""cloud-init's instance goes; what an image's author gave it stays, and is reported."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File, Link

CLOUD = "/var/lib/cloud"
SECRET = File("#cloud-config\npassword: hunter2-of-mallory\n# -----BEGIN PRIVATE KEY-----\n", 0o600)
MARK = File("x\n")

CASES = (
    Case(
        "an instance that has run",
        DEBIAN,
        {
            f"{CLOUD}/instance": Link("/var/lib/cloud/instances/i-1"),
            f"{CLOUD}/instances/i-1/user-data.txt": SECRET,
            f"{CLOUD}/instances/i-1/obj.pkl": SECRET,
            f"{CLOUD}/instances/i-1/sem/config_ssh": MARK,
            f"{CLOUD}/data/instance-id": File("i-1\n"),
            f"{CLOUD}/sem/config_scripts_per_once.once": MARK,
            f"{CLOUD}/scripts/per-boot": Dir(),
            f"{CLOUD}/handlers": Dir(),
            f"{CLOUD}/seed": Dir(),
        },
        {f"{CLOUD}/scripts/per-boot": Dir(), f"{CLOUD}/handlers": Dir(), f"{CLOUD}/seed": Dir()},
    ),
    Case(
        "scripts, handlers and a seed for the clones",
        REDHAT,
        {
            f"{CLOUD}/scripts/per-instance/01-setup": File("#!/bin/sh\n", 0o755),
            f"{CLOUD}/scripts/vendor/vendor.sh": File("#!/bin/sh\n", 0o755),
            f"{CLOUD}/handlers/part.py": File("def handle_part(): pass\n"),
            f"{CLOUD}/seed/nocloud/meta-data": File("instance-id: image\n"),
            f"{CLOUD}/seed/nocloud/user-data": File("#cloud-config\n{}\n"),
        },
        found=(
            f"{CLOUD}/scripts/per-instance/01-setup",
            f"{CLOUD}/scripts/vendor/vendor.sh",
            f"{CLOUD}/handlers/part.py",
            f"{CLOUD}/seed/nocloud/meta-data",
            f"{CLOUD}/seed/nocloud/user-data",
        ),
    ),
    Case(
        "cleaned up by half: a link that leads nowhere",
        SUSE,
        {f"{CLOUD}/instance": Link("/var/lib/cloud/instances/i-2"), f"{CLOUD}/instances": Dir()},
        {CLOUD: Dir()},
    ),
    Case("never started", ALPINE, {CLOUD: Dir(), "/etc/cloud/templates/hosts.alpine.tmpl": File("127.0.0.1 x\n")}),
)
