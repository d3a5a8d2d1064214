"""Runners of build services: reported, never touched."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File

X = File("x", 0o600)
RUNNER = "/home/kim/actions-runner"

CASES = (
    Case(
        "GitHub and Gitea",
        DEBIAN,
        {
            **{f"{RUNNER}/{name}": X for name in (".credentials", ".credentials_rsaparams", ".runner", "run.sh")},
            **{f"/opt/azagent/{name}": X for name in (".credentials", ".credentials_rsaparams", ".runner", "svc.sh")},
            "/root/.runner": X,
            "/var/lib/gitea-runner/default/.runner": X,
        },
        found=(
            *(f"{RUNNER}/{name}" for name in (".credentials", ".credentials_rsaparams", ".runner")),
            *(f"/opt/azagent/{name}" for name in (".credentials", ".credentials_rsaparams", ".runner")),
            *("/root/.runner", "/var/lib/gitea-runner/default/.runner"),
        ),
    ),
    Case(
        "GitLab",
        REDHAT,
        {
            "/etc/gitlab-runner/config.toml": File('concurrent = 1\n[[runners]]\n  token = "glrt-hunter2"\n', 0o600),
            "/etc/gitlab-runner/.runner_system_id": X,
            "/etc/gitlab-runner/certs/ca.crt": X,
        },
        found=("/etc/gitlab-runner/.runner_system_id", "/etc/gitlab-runner/config.toml"),
    ),
    Case(
        "Buildkite, Woodpecker, Drone and Jenkins",
        SUSE,
        {
            "/etc/buildkite-agent/buildkite-agent.cfg": File('name="%hostname"\ntoken="hunter2"\n'),
            "/etc/woodpecker/agent.env": File("WOODPECKER_AGENT_SECRET=hunter2\n"),
            "/etc/woodpecker/server.env": File("WOODPECKER_HOST=https://ci.example.org\n"),
            "/etc/drone-runner-exec/config": File("DRONE_RPC_SECRET=hunter2\n"),
            "/etc/systemd/system/jenkins-agent.service": File(
                f"[Service]\nExecStart=java -jar a.jar -secret {'0a' * 32}\n"
            ),
            "/etc/systemd/system/other.service": File("[Service]\nExecStart=/bin/x -secret file\n"),
        },
        found=(
            *("/etc/buildkite-agent/buildkite-agent.cfg", "/etc/drone-runner-exec/config"),
            *("/etc/systemd/system/jenkins-agent.service", "/etc/woodpecker/agent.env"),
        ),
    ),
    Case("not registered", ALPINE, {"/etc/gitlab-runner/config.toml": File("concurrent = 1\n"), RUNNER: Dir()}),
)
