"""Secrets in home directories that somebody may need: keys that exist nowhere else, and files that hold settings too.

What is nothing but a login that can be done again is not among them: see the operations
cloud-credentials, developer-credentials and registry-logins.
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.guest.facts import Guest
from guestseal.guest.signs import Sign, signs
from guestseal.report import Finding

_REMEDY = "remove it, or have it removed: --operations with remove-user-secrets"
_PASSWORD = rb"^(?!\s*[#;!]).*"
"""The beginning of a line that is no comment."""


def _keys(what: str, *names: str) -> Sign:
    return Sign(tuple(f"{{home}}/{name}" for name in names), what, _REMEDY)


def _settings(holds: bytes, *names: str) -> Sign:
    what = "has a password or a token among its settings"
    return Sign(tuple(f"{{home}}/{name}" for name in names), what, _REMEDY, holds=holds)


SIGNS = (
    _keys(
        "is a private key of GnuPG's",
        *(".gnupg/private-keys-v1.d/*", ".gnupg/secring.gpg", ".gnupg/openpgp-revocs.d/*", ".gnupg/*.rev"),
    ),
    _keys("is a private key of age's", ".config/sops/age/keys.txt", ".config/age/keys.txt"),
    _keys(
        "holds passwords that are encrypted with the account's",
        *(".password-store/**/*.gpg", ".local/share/keyrings/*.keyring", ".local/share/kwalletd/*.kwl"),
        *(".local/share/kwalletd/*.salt", ".pki/nssdb/key4.db", ".pki/nssdb/key3.db"),
    ),
    _keys(
        "holds a password for a database",
        *(".mylogin.cnf", ".pgpass", ".local/share/DBeaverData/*/*/.dbeaver/credentials-config.json"),
        *(".dbeaver*/**/credentials-config.json",),
    ),
    _settings(_PASSWORD + rb"\bpass(word|wd)?\s*=\s*\S", ".my.cnf", ".pg_service.conf", ".smbcredentials"),
    _settings(_PASSWORD + rb"(?i:\bpwd|\bpassword)\s*=\s*\S", ".odbc.ini"),
    _settings(_PASSWORD + rb"\bpass(word|wd)?\b\s*[=\s]\s*\S", ".msmtprc", ".config/msmtp/config", ".fetchmailrc"),
    _settings(_PASSWORD + rb"\w+_pass\s*=\s*\S", ".muttrc", ".mutt/*", ".config/mutt/*", ".config/neomutt/*"),
    _settings(rb"^[^#\n]*\w+://[^/\s:@]+:[^/\s@]+@", ".lftp/bookmarks", ".local/share/lftp/bookmarks"),
    _settings(rb"(?i)_?auth(Token)?\s*=\s*\S|^[^#;\n]*_password\s*=", ".npmrc"),
    _settings(rb"^\s*npmAuth(Token|Ident)\s*:\s*\S", ".yarnrc.yml"),
    _settings(rb"^[^#\n]*\w+://[^/\s:@]+:[^/\s@]+@", ".config/pip/pip.conf", ".pip/pip.conf", ".condarc"),
    _settings(rb"<(password|passphrase)>\s*[^<\s$]", ".m2/settings.xml"),
    _settings(_PASSWORD + rb"(?i:password|token|secret)\w*\s*[=:]\s*\S", ".gradle/gradle.properties"),
    _settings(rb"(?i)key=\"(cleartext)?password\"", ".nuget/NuGet/NuGet.Config", ".config/NuGet/NuGet.Config"),
    _settings(rb"^\s*(aws_secret_access_key|aws_session_token)\s*=\s*\S", ".aws/config"),
    _settings(  # also in YAML's flow style
        rb"^[^#\n]*?(?:^|[\s{,])[\"']?(password|application_credential_secret|auth_token)[\"']?\s*:\s*\S",
        ".config/openstack/clouds.yaml",
    ),
    _settings(
        rb"^\s*export\s+OS_(PASSWORD|TOKEN|APPLICATION_CREDENTIAL_SECRET)=[\"']?[^\s\"'$]", "*openrc*", "keystonerc*"
    ),
    _settings(rb"^[^#\n]*\btoken\s*=\s*\"", ".terraformrc"),
    _settings(
        rb"^\s*(pass|password2?|token|secret_access_key|client_secret|key)\s*=\s*\S", ".config/rclone/rclone.conf"
    ),
)
_WHAT = frozenset(sign.what for sign in SIGNS)

user_secrets = signs(*SIGNS)
"""The findings of SIGNS in a guest."""


def paths_of_user_secrets(guest: Guest) -> Iterator[str]:
    """The files that hold one, each once; a file that could not be looked at is not among them."""
    found: Iterator[Finding] = user_secrets(guest)
    yield from dict.fromkeys(finding.path for finding in found if finding.what in _WHAT)
