"""Keys that stay on purpose are told of."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Entry, File

KEY = File("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 somebody@else\n", 0o600)
PASSWD: dict[str, Entry] = {
    "/etc/passwd": File(
        "root:x:0:0::/root:/bin/sh\nlee:x:1000:1000::/home/lee:/bin/sh\ngit:x:105:105::/srv/git:/bin/sh\n"
    )
}

ALONE = True  # the operation authorized-keys removes them in the tree of all cases

CASES = (
    Case(
        "root's and a person's",
        DEBIAN,
        {**PASSWD, "/root/.ssh/authorized_keys": KEY, "/home/lee/.ssh/authorized_keys": KEY},
        found=("/root/.ssh/authorized_keys", "/home/lee/.ssh/authorized_keys"),
        alone=ALONE,
    ),
    Case(
        "RHEL",
        REDHAT,
        {**PASSWD, "/root/.ssh/authorized_keys": KEY},
        found=("/root/.ssh/authorized_keys",),
        alone=ALONE,
    ),
    Case("empty", SUSE, {**PASSWD, "/root/.ssh/authorized_keys": File("", 0o600)}),
    Case("a service's alone", ALPINE, {**PASSWD, "/srv/git/.ssh/authorized_keys": KEY}),
)
