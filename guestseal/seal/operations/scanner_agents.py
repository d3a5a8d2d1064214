"""Report agents of vulnerability scanners that are linked

A scanner tells machines apart by a number that its agent keeps; clones with the same are one
asset, and what is found on one is said of all. The agents make a new number only with the
way their vendor has for images, which is named with each: Tenable's Nessus agent (``nessuscli
prepare-image`` removes its uuid and /etc/tenable_tag), Qualys and Rapid7.
"""

from __future__ import annotations

from guestseal.guest.signs import Sign, signs
from guestseal.seal.operation import Kind, Operation


def _agent(product: str, remedy: str, *patterns: str) -> Sign:
    return Sign(patterns, f"is the number by which {product} knows this machine", remedy)


OPERATION = Operation(
    kind=Kind.IDENTITY,
    findings=signs(
        _agent(
            "Tenable",
            "stop nessusagent and run nessuscli prepare-image",
            *("/etc/tenable_tag", "/opt/nessus_agent/var/nessus/uuid", "/opt/nessus_agent/var/nessus/master.key"),
        ),
        _agent("Qualys", "stop qualys-cloud-agent and remove it", "/etc/qualys/hostid"),
        _agent(
            "Rapid7",
            "stop ir_agent and remove it, or install the agent on each clone",
            "/opt/rapid7/ir_agent/components/bootstrap/common/bootstrap.cfg",
        ),
    ),
)
