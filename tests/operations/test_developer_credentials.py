"""Logins of development tools in every home; settings beside them stay."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File

TOKEN = File("machine example.com password hunter2\n", 0o600)
LOGINS = (
    *(".netrc", ".git-credentials", ".config/git/credentials", ".config/hub", ".config/gh/hosts.yml"),
    *(".config/glab-cli/config.yml", ".pypirc", ".cargo/credentials", ".cargo/credentials.toml", ".gem/credentials"),
    *(".local/share/gem/credentials", ".composer/auth.json", ".config/composer/auth.json", ".m2/settings-security.xml"),
    *(".cache/huggingface/token", ".cache/huggingface/stored_tokens", ".huggingface/token", ".kube/config"),
    *(".kube/cache/http/1", ".helm/key.pem", ".ansible/galaxy_token", ".vault_pass", ".vault_pass.txt"),
    *(".subversion/auth/svn.simple/1", ".subversion/auth/svn.username/2"),
    ".subversion/auth/svn.ssl.client-passphrase/3",
)
SETTINGS = {
    f"/root/{name}": File("quiet = true\n")
    for name in (
        *(".gitconfig", ".config/git/config", ".config/gh/config.yml", ".config/glab-cli/aliases.yml", ".npmrc"),
        *(".cargo/config.toml", ".gem/specs", ".local/share/gem/ruby/x", ".composer/config.json", ".m2/settings.xml"),
        *(".config/composer/config.json", ".cache/huggingface/hub/model", ".kube/kuberc", ".helm/repositories.yaml"),
        *(".ansible/collections/x", ".subversion/config", ".subversion/auth/svn.ssl.server/4", ".svn/wc.db"),
    )
}
EMPTIED = {
    f"/root/{name}": Dir()
    for name in (
        *(".huggingface", ".subversion/auth/svn.simple", ".subversion/auth/svn.username"),
        ".subversion/auth/svn.ssl.client-passphrase",
    )
}

CASES = (
    Case("every tool", DEBIAN, {**{f"/root/{name}": TOKEN for name in LOGINS}, **SETTINGS}, {**SETTINGS, **EMPTIED}),
    Case(
        "the skeleton of homes",
        REDHAT,
        {"/etc/skel/.netrc": TOKEN, "/etc/netrc": TOKEN},
        {"/etc/skel": Dir(), "/etc/netrc": TOKEN},
    ),
    Case("settings alone", SUSE, SETTINGS),
    Case("no tools", ALPINE, {"/root/.profile": File("PATH=/bin\n")}),
)
