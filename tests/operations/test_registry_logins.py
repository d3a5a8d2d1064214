"""Files with logins and nothing else go; those with settings are reported."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File, Link

LOGIN = '{"registry.example.com": {"auth": "a2ltOmh1bnRlcjI="}}'
AUTHS = File(f'{{"auths": {LOGIN}}}\n', 0o600)
MIXED = File(f'{{"auths": {LOGIN}, "detachKeys": "ctrl-e,e"}}\n', 0o600)
HELPER = File('{"auths": {"registry.example.com": {}}, "credsStore": "pass"}\n', 0o600)

CASES = (
    Case(
        "docker, podman, helm",
        DEBIAN,
        {
            "/root/.docker/config.json": AUTHS,
            "/root/.dockercfg": File(LOGIN, 0o600),
            "/root/.config/containers/auth.json": AUTHS,
            "/root/.config/containers/registries.conf": File("unqualified-search-registries = []\n"),
            "/root/.config/helm/registry/config.json": AUTHS,
            "/etc/containers/auth.json": AUTHS,
        },
        {
            "/root/.docker": Dir(),
            "/root/.config/containers/registries.conf": File("unqualified-search-registries = []\n"),
            "/root/.config/helm/registry": Dir(),
            "/etc/containers/auth.json": AUTHS,
        },
    ),
    Case(
        "settings beside them",
        REDHAT,
        {"/root/.docker/config.json": MIXED, "/etc/skel/.docker/config.json": File('{"detachKeys": "ctrl-e,e"}\n')},
        found=("/root/.docker/config.json",),
    ),
    Case(
        "a program keeps the passwords",
        SUSE,
        {"/root/.docker/config.json": HELPER, "/root/.config/containers/auth.json": File('{"auths": {}}\n')},
    ),
    Case(
        "what is no JSON, or no file",
        ALPINE,
        {
            "/root/.docker/config.json": File('{"auths": [1'),
            "/root/.dockercfg": File("[]"),
            "/root/.config/containers/auth.json": Link("/srv/auth.json"),
            "/srv/auth.json": AUTHS,
        },
    ),
)
