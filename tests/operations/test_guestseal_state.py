"""A clone that becomes a template forgets that it was personalised."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File

TOP = {"/var/lib/guestseal": Dir(0o700)}
JSON = File("{}\n", 0o600)
RECORDS = {"/var/lib/guestseal/sealed.json": JSON, "/var/lib/guestseal/sealing.json": JSON}
STATE = {f"/var/lib/guestseal/{name}.json": JSON for name in ("state", "hardware", "report", "metadata")}

CASES = (
    Case(
        "user data that was kept or run",
        DEBIAN,
        {**TOP, **RECORDS, "/var/lib/guestseal/user-data": File("#!/bin/sh\n# -----BEGIN PRIVATE KEY-----\n", 0o700)},
        {**TOP, **RECORDS},
    ),
    Case("a personalised clone", DEBIAN, {**TOP, **STATE, **RECORDS}, {**TOP, **RECORDS}),
    Case("state that could not be read", REDHAT, {**TOP, "/var/lib/guestseal/state.json.bad": JSON}, TOP),
    Case("put aside with its time", REDHAT, {**TOP, "/var/lib/guestseal/state.json.bad-1700000000": JSON}, TOP),
    Case("no clone yet", SUSE, {**TOP, **RECORDS}),
    Case("never started", ALPINE, TOP),
)
