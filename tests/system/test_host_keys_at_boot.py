"""Host keys, a real sshd and others who make keys as well, in a boot with systemd-nspawn."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.containers import Container
from support.debian import base, dirty, guestseal, install, run, view

pytestmark = pytest.mark.system

TYPES = ("ecdsa", "ed25519", "rsa")
# As Fedora's openssh-server has them.
KEYGEN = {
    "sshd-keygen@.service": """[Unit]
Description=OpenSSH %i Server Key Generation
ConditionFileNotEmpty=|!/etc/ssh/ssh_host_%i_key
[Service]
Type=oneshot
ExecStart=/usr/bin/ssh-keygen -q -t %i -N "" -f /etc/ssh/ssh_host_%i_key
[Install]
WantedBy=sshd-keygen.target
""",
    "sshd-keygen.target": f"""[Unit]
Wants={" ".join(f"sshd-keygen@{name}.service" for name in TYPES)}
PartOf=ssh.service
""",
    "ssh.service.d/keygen.conf": "[Unit]\nWants=sshd-keygen.target\nAfter=sshd-keygen.target\n",
}
PROBE = """#!/bin/sh
# What sshd shows and what it is to show; then the keys are made once more while it runs.
shown() { ssh-keyscan -q -t ecdsa,ed25519,rsa 127.0.0.1 | grep -v '^#' | cut -d ' ' -f 2,3 | sort; }
public() { cut -d ' ' -f 1,2 /etc/ssh/ssh_host_*_key.pub | sort; }
look() {
    shown > /probe/shown$1
    public > /probe/public$1
    cp /var/lib/guestseal/state.json /probe/state$1
    cp /run/guestseal/status.json /probe/status$1
    systemctl show ssh -p ActiveState -p MainPID > /probe/sshd$1
}
for type in ecdsa ed25519 rsa; do
    systemctl show sshd-keygen@$type -p ConditionResult -p ConditionTimestamp -p ExecMainStartTimestampMonotonic
done > /probe/keygen
look 1
rm /var/lib/guestseal/state.json
timeout 60 systemctl restart guestseal-local; echo $? > /probe/restarted
for second in 1 2 3 4 5 6 7 8 9 10; do
    [ "$(shown)" = "$(public)" ] && break
    sleep 1
done
look 2
systemctl --no-block poweroff
"""
PROBE_UNIT = """[Unit]
After=multi-user.target ssh.service
[Service]
Type=oneshot
ExecStart=/probe.sh
[Install]
WantedBy=graphical.target
"""


@pytest.fixture(scope="module")
def probed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """What the probe of one first boot found, file by file."""
    # From OpenSSH 9.8 on sshd hands its keys from memory to sshd-session; an older one read them for each connection.
    with view(base("trixie"), tmp_path_factory.mktemp("template")) as tree:
        install(tree)
        dirty(tree)
        units = {**KEYGEN, "probe.service": PROBE_UNIT}
        for name, text in units.items():
            path = tree / "etc/systemd/system" / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)
        (tree / "probe").mkdir()
        (tree / "probe.sh").write_text(PROBE)
        (tree / "probe.sh").chmod(0o755)
        # Whoever only looks at keys, again and again, would be kept out for a while.
        (tree / "etc/ssh/sshd_config.d/probe.conf").write_text("PerSourcePenalties no\n")
        (tree / "etc/guestseal").mkdir(exist_ok=True)
        (tree / "etc/guestseal/guestseal.conf").write_text("[firstboot]\nbudget = 1\n")
        run("systemctl", "--root", tree, "enable", "probe.service")
        guestseal("--root", tree, "seal", "--yes")
        with Container(tree) as container:
            container.wait()
        yield tree / "probe"


def _fingerprints(probed: Path, number: int) -> set[str]:
    """Of the keys that the step remembers to have made."""
    memory: dict[str, str] = json.loads((probed / f"state{number}").read_text())["steps"]["host-keys"]["memory"]
    return set(memory.values())


def _shown(probed: Path, number: int, tmp_path: Path) -> set[str]:
    """The fingerprints of the keys that sshd shows, after a look that they are those on the disk."""
    shown = (probed / f"shown{number}").read_text()
    assert shown == (probed / f"public{number}").read_text()
    (tmp_path / "keys").write_text(shown)
    return {line.split()[1] for line in run("ssh-keygen", "-l", "-f", tmp_path / "keys").stdout.splitlines()}


def test_S8_others_that_make_keys_come_later_and_find_nothing_to_make(probed: Path, tmp_path: Path) -> None:
    said = (probed / "keygen").read_text().splitlines()
    # The condition is checked when it is their turn: it was, and they were not run.
    assert "ConditionTimestamp=" not in said
    assert said.count("ConditionResult=no") == said.count("ExecMainStartTimestampMonotonic=0") == len(TYPES)
    made = _fingerprints(probed, 1)
    assert len(made) == len(TYPES)
    assert _shown(probed, 1, tmp_path) == made


def test_S7_an_sshd_that_runs_when_keys_are_made_shows_them_and_goes_on(probed: Path, tmp_path: Path) -> None:
    assert (probed / "restarted").read_text() == "0\n"
    # Nobody waited for it: systemd reloads it when the stage, which it is ordered after, has ended.
    assert "until it is restarted" not in (probed / "status2").read_text()
    made = _fingerprints(probed, 2)
    assert made.isdisjoint(_fingerprints(probed, 1))
    assert _shown(probed, 2, tmp_path) == made
    # Reloaded, not restarted: who is logged in stays so.
    assert "ActiveState=active" in (probed / "sshd1").read_text()
    assert (probed / "sshd2").read_text() == (probed / "sshd1").read_text()
