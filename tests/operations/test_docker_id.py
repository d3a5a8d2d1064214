"""Engines, and a node of a swarm."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File

KEY, ID = File('{"d": "PRIVATE KEY"}', 0o600), File("0123")
KEPT = {
    "/var/lib/docker/image/overlay2/repositories.json": File("{}"),
    "/etc/docker/daemon.json": File('{"log-driver": "x"}'),
}

CASES = (
    Case("an engine", DEBIAN, {**KEPT, "/var/lib/docker/engine-id": ID}, KEPT),
    Case("an old engine", REDHAT, {**KEPT, "/etc/docker/key.json": KEY}, KEPT),
    Case(
        "a node of a swarm",
        REDHAT,
        {"/var/lib/docker/engine-id": ID, "/var/lib/docker/swarm/docker-state.json": File("{}")},
        kept="node of a swarm",
    ),
    Case(
        "a proxy with a password",
        SUSE,
        {"/etc/docker/daemon.json": File('{"proxies": {"http-proxy": "http://kim:hunter2@proxy.example.org:3128"}}')},
        found=("/etc/docker/daemon.json",),
    ),
    Case("never started", ALPINE, {**KEPT, "/var/lib/docker/swarm": Dir(0o700)}),
)
