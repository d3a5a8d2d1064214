"""What everybody leaves in /tmp."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, Fifo, File, Link

TMP = {"/tmp": Dir(0o1777), "/var/tmp": Dir(0o1777)}
CANARIES = {"/tmp": Dir(0o1777), "/tmp/.guestseal-canaries/0": File("canary", 0o600)}
JUNK = File("x\n", 0o600)
SECRET = File("-----BEGIN PRIVATE KEY-----\n", 0o600)

CASES = (
    Case(
        "files, hidden ones, directories, links and pipes",
        DEBIAN,
        {
            **TMP,
            "/tmp/script_1234.sh": JUNK,
            "/tmp/.X11-unix": Dir(0o1777),
            "/tmp/systemd-private-0123-x.service-abc/tmp/x": JUNK,
            "/tmp/pipe": Fifo(),
            "/tmp/link": Link("/srv/kept"),
            "/srv/kept": JUNK,
            "/var/tmp/.hidden": JUNK,
        },
        {**TMP, "/srv/kept": JUNK},
    ),
    Case(
        "tickets and dumps",
        REDHAT,
        {
            **TMP,
            "/tmp/krb5cc_1000": SECRET,
            "/var/tmp/krb5cc_0": SECRET,
            "/var/tmp/abrt/ccpp-1/coredump": SECRET,
            "/var/tmp/dnf-kim-abc/x.rpm": JUNK,
        },
        TMP,
    ),
    Case(
        "a container's tree",
        SUSE,
        {**TMP, "/var/lib/systemd/ephemeral-trees/x/etc/passwd": JUNK, "/var/lib/machines/y/etc/passwd": JUNK},
        {**TMP, "/var/lib/systemd/ephemeral-trees": Dir(), "/var/lib/machines/y/etc/passwd": JUNK},
    ),
    Case(
        "empty, and one that leads elsewhere",
        ALPINE,
        {"/tmp": Dir(0o1777), "/var/tmp": Link("/srv/t"), "/srv/t/x": JUNK},
    ),
    Case(
        "while a scrub proves itself",
        DEBIAN,
        {**CANARIES, "/tmp/x": JUNK, "/tmp/y/z": JUNK, "/tmp/gone": Link("/nowhere")},
        {**CANARIES, "/tmp/y": Dir()},
        alone=True,  # the canaries of a seal are removed with it
    ),
)
