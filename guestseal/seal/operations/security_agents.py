"""Report endpoint security agents

Clones with the number of one sensor take turns as the same machine in its console. What an
agent calls itself lies in formats of its own, often protected by the agent itself, and
removing a file can end its protection instead: so each is reported, with the way its vendor
has for images (CrowdStrike: falcon-scripts, ``falconctl -d -f --aid``).

Looked for are CrowdStrike Falcon, Microsoft Defender, SentinelOne, Trend Micro Deep
Security, Cortex XDR and Carbon Black.
"""

from __future__ import annotations

from guestseal.guest.signs import Sign, signs
from guestseal.seal.operation import Kind, Operation

REMEDY = "where it is registered, register each clone anew as its vendor says for images"

OPERATION = Operation(
    kind=Kind.IDENTITY,
    findings=signs(
        Sign(
            ("/opt/CrowdStrike/falconstore",),
            "holds the number of CrowdStrike's sensor",
            "run falconctl -d -f --aid as the last thing before sealing",
        ),
        Sign(
            ("/etc/opt/microsoft/mdatp/mdatp_onboard.json",),
            "is the registration of Microsoft Defender",
            "run its offboarding script, and onboard each clone",
        ),
        Sign(("/opt/sentinelone",), "belongs to SentinelOne's agent", REMEDY),
        Sign(("/var/opt/ds_agent",), "belongs to Deep Security's agent", "run dsa_control -r, and activate each clone"),
        Sign(("/opt/traps",), "belongs to Cortex XDR's agent", REMEDY),
        Sign(("/var/opt/carbonblack", "/var/lib/cb"), "belongs to Carbon Black's sensor", REMEDY),
    ),
)
