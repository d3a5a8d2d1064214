"""Report runners and agents of build services that are registered

Clones with one registration steal each other's jobs, and whoever reads it gets jobs with
their secrets. A template of ready runners may be the purpose, so it is reported: register
each clone when it boots.

Looked for are the runners of GitHub and Gitea, of GitLab (its number is .runner_system_id),
Azure Pipelines, Buildkite, Woodpecker and Drone, and Jenkins agents that are units.
"""

from __future__ import annotations

from guestseal.guest.signs import Sign, signs
from guestseal.seal.operation import Kind, Operation

REMEDY = "unregister it, and register each clone when it boots"

OPERATION = Operation(
    kind=Kind.SECRET,
    findings=signs(
        Sign(
            (
                *("{home}/*/.credentials", "{home}/*/.credentials_rsaparams", "{home}/*/.runner", "{home}/.runner"),
                *("/opt/*/.credentials", "/opt/*/.credentials_rsaparams", "/opt/*/.runner"),
                *("/etc/gitlab-runner/.runner_system_id", "/var/lib/gitea-runner/*/.runner"),
            ),
            "is the registration of a runner",
            REMEDY,
        ),
        Sign(
            ("/etc/gitlab-runner/config.toml", "/etc/buildkite-agent/buildkite-agent.cfg"),
            "holds the token of a runner",
            REMEDY,
            holds=rb"^\s*token\s*=[ \t]*.?[\w-]",
        ),
        Sign(
            ("/etc/woodpecker/*.env", "/etc/drone-runner-*/config"),
            "holds the secret of a runner",
            REMEDY,
            holds=rb"^\s*(WOODPECKER_AGENT_SECRET|DRONE_RPC_SECRET)\s*=[ \t]*\S",
        ),
        Sign(
            ("/etc/systemd/system/*.service",),
            "holds the secret of a Jenkins agent",
            REMEDY,
            holds=rb"^[^#\n]*\s-secret\s+[0-9a-f]{32}",
        ),
    ),
)
