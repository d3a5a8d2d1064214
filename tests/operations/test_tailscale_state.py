"""Nodes of a tailnet, and what is no identity."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File

STATE = "/var/lib/tailscale"
KEPT = {STATE: Dir(0o700), f"{STATE}/files": Dir(0o700), "/etc/default/tailscaled": File('PORT="41641"\n')}
KEY = File('{"_machinekey": "PRIVATE KEY"}', 0o600)
LOGGED_IN = {f"{STATE}/tailscaled.state": KEY, f"{STATE}/tailscaled.log.conf": File('{"PrivateID": "0123"}', 0o600)}

CASES = (
    Case(
        "everything that it makes",
        DEBIAN,
        {
            **KEPT,
            **LOGGED_IN,
            f"{STATE}/tailscaled.log1.txt": File("log\n"),
            f"{STATE}/profile-data/0123/netmap-cache/x": KEY,
            f"{STATE}/certs/template.example.ts.net.key": KEY,
            f"{STATE}/ssh/ssh_host_ed25519_key": KEY,
        },
        {
            **KEPT,
            f"{STATE}/tailscaled.log1.txt": File("log\n"),
            **{f"{STATE}/{name}": Dir() for name in ("profile-data", "certs", "ssh")},
        },
    ),
    Case("RHEL", REDHAT, {**KEPT, **LOGGED_IN}, KEPT),
    Case("SUSE", SUSE, {**KEPT, **LOGGED_IN}, KEPT),
    Case("never started", ALPINE, KEPT),
)
