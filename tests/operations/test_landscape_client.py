"""A computer that Landscape knows, and a client that was set up."""

from __future__ import annotations

from support.operation_cases import UBUNTU, Case
from support.trees import Dir, File

ONLY = (UBUNTU,)  # landscape-client

CLIENT, CONF = "/var/lib/landscape/client", "/etc/landscape/client.conf"
OWNED = Dir(0o755, (110, 1))
SERVER = "[client]\nurl = https://landscape.example.org/message-system\n"

CASES = (
    Case(
        "registered",
        UBUNTU,
        {
            CLIENT: OWNED,
            f"{CLIENT}/broker.bpickle": File("ds", 0o600),
            f"{CLIENT}/broker.bpickle.old": File("ds", 0o600),
            f"{CLIENT}/package/database": File("SQLite"),
            CONF: File(f"{SERVER}computer_title = template\nregistration_key = hunter2\n", 0o600),
        },
        {
            CLIENT: OWNED,
            f"{CLIENT}/package/database": File("SQLite"),
            CONF: File(f"{SERVER}computer_title = template\nregistration_key = hunter2\n", 0o600),
        },
        found=(CONF, CONF),
    ),
    Case("set up only", UBUNTU, {CLIENT: OWNED, CONF: File(f"{SERVER}registration_key =\n", 0o600)}),
)
