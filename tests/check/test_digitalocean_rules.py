"""The profile digitalocean beside DigitalOcean's own script, question by question.

The script is scripts/99-img-check.sh 1.8.1 of the repository digitalocean/marketplace-partners. Its
answers were taken by running it in a chroot of Debian 12, sealed with the operations public-image, with an
active ufw, and with one thing changed at a time. What it does not see, and why:

- the loop over accounts runs at the end of a pipe, so in a subshell: what fails there is printed, and
  counts neither in the summary nor in the exit status;
- ``ls "${uhome}/.ssh/*"`` has its pattern in quotes and never matches: no key of an account is found but root's;
- homes are taken to be in /home, accounts to have a uid from 1000 on and not to be called "centos";
- of private keys it knows the name id_rsa, of histories .bash_history, and allows that 199 bytes;
- each loop over logs ends at the first name that leads nowhere, and there is none for logs in directories
  and for compressed ones;
- checkTMP does nothing; machine-id, host keys and the rest of an identity are not asked for;
- it prints the keys that it finds, and the logs, into the log of whoever builds the image.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest
from support.trees import Dir, Entry, File, Link, build

from guestseal.cli import main

HASH = "$6$salt$hash"
PRIVATE = File("-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n", 0o600)
PUBLIC = File("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ1rLrR0mPzJkVqnrNVZ8wVGKOiSNrM2nlcyJ0p1Zzzz x\n", 0o600)
HISTORY = File("".join(f"command {number}\n" for number in range(30)), 0o600)
LOG = File("a line of a log\n" * 9)
SYSTEMD, WANTS = "/usr/lib/systemd/system", "/etc/systemd/system/multi-user.target.wants"
SECURITY = "/var/lib/apt/lists/_srv_debian-security_dists_bookworm-security_main_binary-amd64_Packages"
ACCOUNTS = (
    "root:x:0:0:root:/root:/bin/bash",
    "git:x:997:997::/srv/git:/bin/sh",
    "ada:x:1000:1000::/home/ada:/bin/bash",
    "bob:x:1001:1001::/srv/bob:/bin/bash",
    "centos:x:1002:1002::/home/centos:/bin/bash",
    "nobody:x:65534:65534::/nonexistent:/usr/sbin/nologin",
)


def release(name: str, identifier: str, version: str) -> File:
    return File(f'NAME="{name}"\nID={identifier}\nVERSION_ID="{version}"\n')


def shadow(**passwords: str) -> File:
    names = (line.partition(":")[0] for line in ACCOUNTS)
    return File("".join(f"{name}:{passwords.get(name, '*')}:19000:0:99999:7:::\n" for name in names), 0o640)


def package(version: str) -> str:
    return f"Package: tzdata\nStatus: install ok installed\nArchitecture: all\nVersion: {version}\n\n"


def unit(name: str) -> dict[str, Entry]:
    return {f"{SYSTEMD}/{name}": File("[Service]\n"), f"{WANTS}/{name}": Link(f"{SYSTEMD}/{name}")}


def ufw(*, enabled: str = "yes", ssh: str = "ACCEPT") -> dict[str, Entry]:
    rules = f"*filter\n:ufw-user-input - [0:0]\n-A ufw-user-input -p tcp --dport 22 -j {ssh}\nCOMMIT\n"
    return {
        "/etc/ufw/ufw.conf": File(f"ENABLED={enabled}\n"),
        "/etc/default/ufw": File('DEFAULT_INPUT_POLICY="DROP"\nDEFAULT_OUTPUT_POLICY="ACCEPT"\n'),
        "/etc/ufw/user.rules": File(rules, 0o640),
    }


PASSING: dict[str, Entry] = {
    "/etc/os-release": release("Debian GNU/Linux", "debian", "12"),
    "/etc/passwd": File("".join(f"{line}\n" for line in ACCOUNTS)),
    "/etc/shadow": shadow(),
    "/etc/machine-id": File(b"", 0o444),
    "/etc/hostname": File("localhost\n"),
    "/sbin/init": Link("../lib/systemd/systemd"),
    "/lib/systemd/systemd": File(b"\x7fELF\2\1\1" + bytes(57), 0o755),
    "/usr/bin/cloud-init": File(mode=0o755),
    f"{SYSTEMD}/cloud-init.target": File("[Unit]\n"),
    "/etc/netplan/any.yaml": File("network: {version: 2, ethernets: {e: {match: {name: 'e*'}, dhcp4: true}}}\n", 0o600),
    f"{SYSTEMD}/getty@.service": File("[Service]\n"),
    f"{SYSTEMD}/systemd-logind.service": File("[Service]\n"),
    f"{SYSTEMD}/dbus.socket": File("[Socket]\n"),
    "/usr/sbin/sshd": File(mode=0o755),
    **unit("ssh.service"),
    **unit("chrony.service"),
    **unit("systemd-networkd.service"),
    **unit("qemu-guest-agent.service"),
    **unit("ufw.service"),
    **ufw(),
    "/var/lib/dpkg/status": File(package("2025b-0+deb12u2")),
    SECURITY: File(package("2025b-0+deb12u2")),
    "/var/lib/apt/lists/partial": Dir(0o700),
    "/root": Dir(0o700),
    "/home/ada": Dir(0o700, (1000, 1000)),
    "/srv/bob": Dir(0o700, (1001, 1001)),
}


@dataclass(frozen=True)
class Row:
    """One thing that is wrong, and who says what of it."""

    what: str
    change: dict[str, Entry | None]
    said: str
    """The script's level, and ``*`` where its exit status is 1."""
    name: str
    """The operation or check of guestseal's that answers the question."""
    level: str
    """``error`` makes guestseal's exit status 1; ``warning`` and ``note`` do with --strict."""


ROWS = (
    # What the script finds.
    Row(
        "a release that is not known",
        {"/etc/os-release": release("Debian GNU/Linux", "debian", "13")},
        "FAIL*",
        "supported-release",
        "error",
    ),
    Row(
        "a distribution that is not known",
        {"/etc/os-release": release("Fedora Linux", "fedora", "42")},
        "FAIL*",
        "supported-release",
        "error",
    ),
    Row("no cloud-init", {"/usr/bin/cloud-init": None}, "FAIL*", "cloud-init", "error"),
    Row("ufw is off", ufw(enabled="no"), "WARN", "active-firewall", "warning"),
    Row("a security update waits", {SECURITY: File(package("9999-1"))}, "FAIL*", "pending-updates", "error"),
    Row("a dated log", {"/var/log/app-20260101": LOG}, "WARN", "logs", "note"),
    Row("a rotated log", {"/var/log/app.log.1": LOG}, "WARN", "logs", "note"),
    Row("a log", {"/var/log/app.log": LOG}, "WARN", "logs", "note"),
    Row("root's password", {"/etc/shadow": shadow(root=HASH)}, "FAIL*", "account-passwords", "error"),
    Row(
        "root's password behind a lock", {"/etc/shadow": shadow(root=f"!{HASH}")}, "FAIL*", "account-passwords", "error"
    ),
    Row("root without a password", {"/etc/shadow": shadow(root="")}, "FAIL*", "account-passwords", "error"),
    Row("root locked in another way", {"/etc/shadow": shadow(root="!*")}, "FAIL*", "account-passwords", "error"),
    Row("root's authorized_keys", {"/root/.ssh/authorized_keys": PUBLIC}, "FAIL*", "authorized-keys", "error"),
    Row("root's id_rsa", {"/root/.ssh/id_rsa": PRIVATE}, "FAIL*", "ssh-user-keys", "error"),
    Row("root's empty id_rsa", {"/root/.ssh/id_rsa": File()}, "WARN", "ssh-user-keys", "error"),
    Row("root's id_ed25519", {"/root/.ssh/id_ed25519": PRIVATE}, "WARN", "ssh-user-keys", "error"),
    Row("root's ~/.ssh/config", {"/root/.ssh/config": File("Host x\n")}, "WARN", "ssh-directories", "warning"),
    Row("root's known_hosts", {"/root/.ssh/known_hosts": PUBLIC}, "WARN", "ssh-known-hosts", "note"),
    Row("root's history", {"/root/.bash_history": HISTORY}, "FAIL*", "histories", "error"),
    Row("the droplet agent", {"/opt/digitalocean": Dir()}, "FAIL*", "droplet-agent", "error"),
    # What it prints, and passes.
    Row("ada's password", {"/etc/shadow": shadow(ada=HASH)}, "FAIL", "account-passwords", "error"),
    Row("ada's history", {"/home/ada/.bash_history": HISTORY}, "FAIL", "histories", "error"),
    # What it does not see.
    Row("ada's authorized_keys", {"/home/ada/.ssh/authorized_keys": PUBLIC}, "", "authorized-keys", "error"),
    Row("ada's id_rsa", {"/home/ada/.ssh/id_rsa": PRIVATE}, "", "ssh-user-keys", "error"),
    Row("ada's ~/.ssh/config", {"/home/ada/.ssh/config": File("Host x\n")}, "", "ssh-directories", "warning"),
    Row("a history in another home", {"/srv/bob/.bash_history": HISTORY}, "", "histories", "error"),
    Row("a service's password", {"/etc/shadow": shadow(git=HASH)}, "", "account-passwords", "error"),
    Row("the password of centos", {"/etc/shadow": shadow(centos=HASH)}, "", "account-passwords", "error"),
    Row("a private key with a hidden name", {"/root/.ssh/.key": PRIVATE}, "", "ssh-user-keys", "error"),
    Row("a short history", {"/root/.bash_history": File("mysql -psecret\n", 0o600)}, "", "histories", "error"),
    Row("another shell's history", {"/root/.zsh_history": HISTORY}, "", "histories", "error"),
    Row(
        "logs behind a link that leads nowhere",
        {"/var/log/aaa.log": Link("/nowhere"), "/var/log/app.log": LOG},
        "",
        "logs",
        "note",
    ),
    Row("a log in a directory", {"/var/log/nginx/access.log": LOG}, "", "logs", "note"),
    Row("a compressed log", {"/var/log/app.log.2.gz": LOG}, "", "logs", "note"),
    Row("a machine-id", {"/etc/machine-id": File(f"{'0123456789abcdef' * 2}\n", 0o444)}, "", "machine-id", "error"),
    Row("host keys", {"/etc/ssh/ssh_host_ed25519_key": PRIVATE}, "", "ssh-host-keys", "error"),
    Row("cloud-init is disabled", {"/etc/cloud/cloud-init.disabled": File()}, "", "cloud-init", "error"),
    Row(
        "cloud-init asks nobody",
        {"/etc/cloud/cloud.cfg.d/99.cfg": File("datasource_list: [None]\n")},
        "",
        "cloud-init",
        "error",
    ),
    Row("a firewall that keeps SSH out", ufw(ssh="DROP"), "", "firewall", "error"),
    Row("the older monitoring agent", {"/var/opt/digitalocean/do-agent": Dir()}, "", "droplet-agent", "error"),
    # Where guestseal asks for less: any firewall counts, and of updates only what was looked up tells.
    Row(
        "nftables and no ufw",
        {**ufw(enabled="no"), **unit("nftables.service"), "/etc/nftables.conf": File("flush ruleset\n")},
        "WARN",
        "active-firewall",
        "none",
    ),
    Row("updates that were never looked up", {SECURITY: None}, "FAIL*", "pending-updates", "none"),
)


def checked(root: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, str]]:
    """The exit status of ``check``, and what each operation and check comes to."""
    words = ("check", "--profile", "digitalocean", "--only", "readiness,leftovers", "--format", "sarif")
    status = main(["--root", str(root), *words])
    results = json.loads(capsys.readouterr().out)["runs"][0]["results"]
    order = ("none", "note", "warning", "error")
    levels: dict[str, str] = {}
    for result in results:
        name = result["ruleId"].rpartition("/")[2]
        levels[name] = max(result["level"], levels.get(name, "none"), key=order.index)
    return status, levels


def made(root: Path, change: dict[str, Entry | None]) -> Path:
    build(root, {path: entry for path, entry in {**PASSING, **change}.items() if entry is not None})
    return root


def test_what_the_script_passes_is_passed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, levels = checked(made(tmp_path, {}), capsys)
    assert levels == {}
    assert status == 0


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.what.replace(" ", "_"))
def test_each_question_has_its_answer(row: Row, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, levels = checked(made(tmp_path, row.change), capsys)
    assert levels.get(row.name, "none") == row.level
    assert status == int("error" in levels.values())
    if row.said.endswith("*") and row.level != "none":
        assert status == 1, "what DigitalOcean refuses is refused"
