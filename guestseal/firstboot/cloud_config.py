"""The part of cloud-init's cloud-config that makes a clone its own; Proxmox says nothing in any other way.

cloud-init's documentation, "Cloud config examples" and the modules Set Hostname, Users and
Groups, Set Passwords and SSH. What a document wants beside is named in one remark and not done.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from guestseal.errors import Malformed
from guestseal.firstboot.metadata import Secret
from guestseal.firstboot.reading import Reading
from guestseal.firstboot.yaml_documents import yaml_object

_HEADER = re.compile(rb"#cloud-config\s*")
_TAKEN = frozenset(("hostname", "fqdn", "user", "users", "password", "ssh_authorized_keys"))
# What is received is never quoted, so only names from this list are: those of cloud-init's modules.
_KNOWN = frozenset(
    "apt bootcmd ca_certs chef chpasswd disable_root disk_setup final_message fs_setup groups "  # noqa: SIM905 - many
    "growpart keyboard locale manage_etc_hosts mounts ntp package_reboot_if_required package_update package_upgrade "
    "packages phone_home power_state prefer_fqdn_over_hostname preserve_hostname resize_rootfs resolv_conf rsyslog "
    "runcmd snap ssh_deletekeys ssh_import_id ssh_pwauth swap timezone write_files yum_repos".split()
)
_HASH = re.compile(r"\$[0-9A-Za-z-]{1,8}\$.")  # crypt(5)


@dataclass(frozen=True)
class CloudConfig:
    """What a cloud-config says of this clone; None: it does not say."""

    hostname: str | None = None
    keys: tuple[object, ...] = ()
    """For Reading.ssh_keys."""
    password: Secret | None = None
    password_hash: Secret | None = None


def cloud_config(reading: Reading, body: bytes | None, account: str) -> CloudConfig:
    """What user data says for ``account``; nothing when it is no cloud-config. Remarks go to ``reading``."""
    header, _, rest = (body or b"").partition(b"\n")
    if not _HEADER.fullmatch(header):
        return CloudConfig()
    try:
        document = yaml_object(reading.address, rest)
    except Malformed as error:
        reading.remarks.append(f"cloud-config: {error.why}")
        return CloudConfig()
    entries = list(_entries(reading, document, account))
    passwords = [_password(reading, entry) for entry in entries]
    _remark_ignored(reading, document)
    return CloudConfig(
        hostname=_hostname(reading, document),
        keys=tuple(text for entry in entries for text in key_texts(entry.get("ssh_authorized_keys"))),
        password=next((clear for clear, _ in passwords if clear is not None), None),
        password_hash=next((hashed for _, hashed in passwords if hashed is not None), None),
    )


def key_texts(value: object) -> list[object]:
    """The texts in which keys come: one, a list of them, or an object of either by name."""
    if value is None or value == "":
        return []
    values: Iterable[object] = value.values() if isinstance(value, Mapping) else [value]
    return [text for each in values for text in (each if isinstance(each, list) else [each])]


def _entries(reading: Reading, document: Mapping[str, Any], account: str) -> Iterator[Mapping[str, Any]]:
    """What is said of the account: the whole document where it is the default user, and its entry of ``users``."""
    user = document.get("user")
    name = user.get("name") if isinstance(user, Mapping) else user
    if name in (None, "", account):
        yield {"password": document.get("password"), "ssh_authorized_keys": document.get("ssh_authorized_keys")}
    elif document.get("password") or document.get("ssh_authorized_keys"):
        reading.remarks.append("cloud-config: its keys and password are for another user than the setting account")
    users = document.get("users")
    for entry in users if isinstance(users, list) else ():
        if isinstance(entry, Mapping) and entry.get("name") == account:
            yield {**entry, "password": entry.get("plain_text_passwd")}


def _password(reading: Reading, entry: Mapping[str, Any]) -> tuple[Secret | None, Secret | None]:
    """The password in clear, and as a hash. What looks like a hash is never taken for a password itself."""
    value, hashed = entry.get("password"), entry.get("hashed_passwd") or entry.get("passwd")
    if isinstance(value, str) and _HASH.match(value):
        value, hashed = None, value
    return reading.password(value), reading.password_hash(hashed or None)


def _hostname(reading: Reading, document: Mapping[str, Any]) -> str | None:
    short, full = reading.hostname(document.get("hostname")), reading.hostname(document.get("fqdn"))
    return full if full is not None and (short is None or full.startswith(f"{short}.")) else short


def _remark_ignored(reading: Reading, document: Mapping[str, Any]) -> None:
    others = document.keys() - _TAKEN
    named = sorted(others & _KNOWN)
    if len(others) > len(named):
        named.append(f"{len(others) - len(named)} of other names")
    if named:
        reading.remarks.append(f"cloud-config: ignored: {', '.join(named)}")
