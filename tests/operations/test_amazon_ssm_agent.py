"""Managed instances, and what the agent has beside its registration."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File

STATE = "/var/lib/amazon/ssm"
KEPT = {
    f"{STATE}/packages/aws-cli/1/x": File("ELF"),
    f"{STATE}/inventory/custom": Dir(),
    f"{STATE}/Vault": Dir(0o700),
    f"{STATE}/runtimeconfig": Dir(0o700),
    "/etc/amazon/ssm/amazon-ssm-agent.json": File("{}"),
}
ACTIVATED = {
    f"{STATE}/Vault/Manifest": File("{}", 0o600),
    f"{STATE}/Vault/Store/RegistrationKey": File('{"privateKey": "PRIVATE KEY"}', 0o600),
    f"{STATE}/registration": File('{"ManagedInstanceID": "mi-0123"}', 0o600),
    f"{STATE}/runtimeconfig/identity_config.json": File("{}", 0o600),
    f"{STATE}/mi-0123/document/orchestration/1/stdout": File("hunter2\n"),
}

CASES = (
    Case("a managed instance", DEBIAN, {**KEPT, **ACTIVATED}, KEPT),
    Case("in EC2", REDHAT, {**KEPT, f"{STATE}/i-0123/document/state/completed/1": File("{}")}, KEPT),
    Case("SUSE", SUSE, {**KEPT, **ACTIVATED}, KEPT),
    Case("not run yet", ALPINE, KEPT),
)
