"""NVMe's names of a host."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File

NQN = "nqn.2014-08.org.nvmexpress:uuid:5fb06bd0-0bb0-7ffb-45f1-d6edd65f3e03"
NAMES = {"/etc/nvme/hostnqn": File(f"{NQN}\n"), "/etc/nvme/hostid": File("5fb06bd0-0bb0-7ffb-45f1-d6edd65f3e03\n")}
SHIPPED = {"/etc/nvme/discovery.conf": File("# Example:\n# --transport=<trtype> --traddr=<traddr>\n")}
ENTRY = {"/boot/loader/entries/x.conf": File("options root=UUID=x rd.nvmf.hostnqn=nqn.x\n")}

CASES = (
    Case("names", DEBIAN, {**NAMES, **SHIPPED}, SHIPPED),
    Case("one of them", ALPINE, {"/etc/nvme/hostnqn": File(f"{NQN}\n")}, {"/etc/nvme": Dir()}),
    Case("the root is on such a disk", REDHAT, {**NAMES, **ENTRY}, kept="given out"),
    Case(
        "connections",
        SUSE,
        {
            "/etc/nvme/config.json": File('[{"hostnqn": "nqn.x", "subsystems": []}]\n'),
            "/etc/nvme/discovery.conf": File("--transport=tcp --traddr=192.0.2.1\n"),
        },
        found=("/etc/nvme/config.json", "/etc/nvme/discovery.conf"),
    ),
    Case("without any", REDHAT, {"/etc/nvme/config.json": File("[]\n")}),
)
