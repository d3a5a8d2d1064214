"""Remove the logs of Amazon's agents

The agents below /opt/aws (amazon-cloudwatch-agent and others) keep their logs there and not in
/var/log. They name the instance and its account. In logs/state the CloudWatch agent notes how
far it has read which file: on a clone, whose logs begin anew, it would leave out lines.

Left on purpose: the directories and the agents' configuration. The Systems Manager agent's
registration is an operation of its own.
"""

from __future__ import annotations

from guestseal.seal.operation import Kind, Operation

OPERATION = Operation(
    kind=Kind.CLUTTER,
    remove=("/opt/aws/*/logs/**",),
    stop=("amazon-cloudwatch-agent.service",),
)
