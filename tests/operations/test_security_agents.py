"""Endpoint security agents: reported, never touched."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File

X = File("x")

CASES = (
    Case(
        "CrowdStrike Falcon",
        REDHAT,
        {"/opt/CrowdStrike/falconstore": X, "/opt/CrowdStrike/falconctl": X},
        found=("/opt/CrowdStrike/falconstore",),
    ),
    Case(
        "Microsoft Defender",
        DEBIAN,
        {"/etc/opt/microsoft/mdatp/mdatp_onboard.json": X, "/etc/opt/microsoft/mdatp/managed/mdatp_managed.json": X},
        found=("/etc/opt/microsoft/mdatp/mdatp_onboard.json",),
    ),
    Case(
        "SentinelOne",
        SUSE,
        {"/opt/sentinelone/configuration/basic.conf": X, "/opt/other": Dir()},
        found=("/opt/sentinelone",),
    ),
    Case("Deep Security", REDHAT, {"/var/opt/ds_agent/dsa_core/x": X}, found=("/var/opt/ds_agent",)),
    Case("Cortex XDR", DEBIAN, {"/opt/traps/persist/x": X}, found=("/opt/traps",)),
    Case(
        "Carbon Black",
        REDHAT,
        {"/var/opt/carbonblack/psc/cfg.ini": X, "/var/lib/cb/x": X},
        found=("/var/lib/cb", "/var/opt/carbonblack"),
    ),
    Case("no agent", ALPINE, {"/opt": Dir(), "/opt/CrowdStrike": Dir()}),
)
