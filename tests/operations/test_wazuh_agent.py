"""Agents with a key, and a manager with those of others."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File

KEYS, RIDS = "/var/ossec/etc/client.keys", "/var/ossec/queue/rids"
ENROLLED = File("001 template any 0123abcd\n", 0o640, (0, 998))
EMPTY = File("", 0o640, (0, 998))
KEPT = {"/var/ossec/etc/ossec.conf": File("<ossec_config/>\n"), RIDS: Dir(0o770), f"{RIDS}/sender_counter": File("1:2")}

CASES = (
    Case("an agent", DEBIAN, {**KEPT, KEYS: ENROLLED, f"{RIDS}/001": File("3:4")}, {**KEPT, KEYS: EMPTY}),
    Case(
        "Wazuh's manager",
        REDHAT,
        {**KEPT, KEYS: ENROLLED, f"{RIDS}/001": File("3:4"), "/var/ossec/bin/wazuh-remoted": File("ELF", 0o750)},
    ),
    Case("OSSEC's manager", SUSE, {KEYS: ENROLLED, "/var/ossec/bin/ossec-remoted": File("ELF", 0o750)}),
    Case("not enrolled", ALPINE, {**KEPT, KEYS: EMPTY}),
)
