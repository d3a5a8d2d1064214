"""What scanners know a machine by: reported, never touched."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File

X, NESSUS = File("0123\n"), "/opt/nessus_agent/var/nessus"
BOOTSTRAP = "/opt/rapid7/ir_agent/components/bootstrap/common"

CASES = (
    Case(
        "Tenable",
        DEBIAN,
        {"/etc/tenable_tag": X, f"{NESSUS}/uuid": X, f"{NESSUS}/master.key": X, f"{NESSUS}/plugins-core.tar.gz": X},
        found=("/etc/tenable_tag", f"{NESSUS}/master.key", f"{NESSUS}/uuid"),
    ),
    Case(
        "Qualys",
        REDHAT,
        {"/etc/qualys/hostid": X, "/etc/qualys/cloud-agent/qualys-cloud-agent.conf": X},
        found=("/etc/qualys/hostid",),
    ),
    Case(
        "Rapid7",
        SUSE,
        {f"{BOOTSTRAP}/bootstrap.cfg": X, f"{BOOTSTRAP}/config.json": X},
        found=(f"{BOOTSTRAP}/bootstrap.cfg",),
    ),
    Case("not linked", ALPINE, {NESSUS: Dir(), "/etc/qualys": Dir()}),
)
