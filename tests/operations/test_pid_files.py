"""PID files where they outlive a shutdown."""

from __future__ import annotations

from pathlib import Path

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File, build

from guestseal.guest.facts import Guest
from guestseal.guest.tree import Tree
from guestseal.seal.operations.pid_files import OPERATION

PID = File("1234\n")

CASES = (
    Case(
        "a /var/run on the disk",
        REDHAT,
        {
            "/var/run/crond.pid": PID,
            "/var/run/httpd/httpd.pid": PID,
            "/var/lock/subsys/crond": File(""),
            "/var/lock/LCK..ttyS0": PID,
            "/var/run/utmp": PID,
        },
        {"/var/run/httpd": Dir(), "/var/run/utmp": PID, "/var/lock/subsys": Dir()},
    ),
    Case(
        "below /var/lib",
        DEBIAN,
        {"/var/lib/mysql/template.pid": PID, "/var/lib/mysql/ibdata1": PID},
        {"/var/lib/mysql/ibdata1": PID},
    ),
    Case("none", SUSE, {"/var/lib/x/pid": PID}),
    Case("deeper", ALPINE, {"/var/lib/x/y/z.pid": PID}),
)


def test_the_running_machine_keeps_its_own(tmp_path: Path) -> None:
    build(tmp_path, {"/var/lib/mysql/template.pid": PID})
    with Tree(str(tmp_path)) as tree:
        assert "is running" in (OPERATION.guarded(Guest(tree, live=True))[1] or "")
