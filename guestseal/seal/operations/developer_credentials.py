"""Remove logins of development and deployment tools

Tokens and passwords that tools keep in home directories for git, GitHub, GitLab, package
registries (PyPI, Cargo, RubyGems, Composer, Maven's master password, Hugging Face), Subversion,
Kubernetes, Helm and Ansible, and .netrc, which many of them read. They are overwritten.

Kept by the profile private-template, where the first boot may fetch packages with them. Left
on purpose: files that hold settings as well (.npmrc, .m2/settings.xml, pip.conf ...), see
user-secrets; Subversion's list of trusted servers; working copies.
"""

from __future__ import annotations

from guestseal.seal.operation import Kind, Operation, Profile

NAMES = (
    *(".netrc", ".git-credentials", ".config/git/credentials", ".config/hub", ".config/gh/hosts.yml"),
    *(".config/glab-cli/config.yml", ".pypirc", ".cargo/credentials", ".cargo/credentials.toml"),
    *(".gem/credentials", ".local/share/gem/credentials", ".composer/auth.json", ".config/composer/auth.json"),
    *(".m2/settings-security.xml", ".cache/huggingface/token", ".cache/huggingface/stored_tokens"),
    *(".huggingface/token", ".kube/config", ".kube/cache", ".helm/*.pem", ".ansible/galaxy_token"),
    *(".vault_pass*", ".subversion/auth/svn.simple/*", ".subversion/auth/svn.username/*"),
    ".subversion/auth/svn.ssl.client-passphrase/*",
)

OPERATION = Operation(kind=Kind.SECRET, remove=tuple(f"{{home}}/{name}" for name in NAMES), profiles=(Profile.PUBLIC,))
