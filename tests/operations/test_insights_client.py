"""A host that Insights knows, and the client as it was installed."""

from __future__ import annotations

from support.operation_cases import REDHAT, Case
from support.trees import Dir, File

ONLY = (REDHAT,)  # insights-client

CONF, OLD, DATA = "/etc/insights-client", "/etc/redhat-access-insights", "/var/lib/insights"
KEPT = {
    f"{CONF}/insights-client.conf": File("[insights-client]\n"),
    f"{CONF}/.fallback.json": File("{}"),
    f"{CONF}/rpm.egg": File("PK"),
    f"{DATA}/last_stable.egg": File("PK"),
}

CASES = (
    Case(
        "registered",
        REDHAT,
        {
            **KEPT,
            **{f"{CONF}/{name}": File("0123") for name in ("machine-id", ".registered", ".lastupload")},
            f"{CONF}/.last-upload.results": File("{}"),
            f"{DATA}/host-details.json": File("{}"),
            f"{OLD}/machine-id": File("0123"),
            f"{OLD}/.registered": File("2016"),
        },
        {**KEPT, OLD: Dir()},
    ),
    Case("unregistered again", REDHAT, {**KEPT, f"{CONF}/.unregistered": File("2024")}, KEPT),
    Case("not registered", REDHAT, KEPT),
)
