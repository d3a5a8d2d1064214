"""Faults of host keys and sshd: what is missing, what was left, what cannot be written, and who makes keys as well.

Every test is a whole first boot. What all of them have to keep (the time, the secrets, a
second boot that changes nothing) is checked by the harness. What needs a real sshd is in
tests/system/test_host_keys_at_boot.py, single power cuts are in tests/steps/test_step_host_keys.py.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from support.children import NEW_MOUNTS, in_child
from support.clones import CloneTree, needs_root, on_full_disk
from support.clouds import Cloud, cloudstack, this_machine
from support.debian import PROJECT, guestseal
from support.first_boot import HOST_KEY, SEAL, STATE, boot, has_own_host_key, is_web, sealed_clone
from support.machine import Impatient
from support.platforms import WEB
from support.trees import Dir, Entry, File, Link, build

from guestseal.firstboot.steps.local import host_keys
from guestseal.guest.seal_record import SEALED
from guestseal.guest.ssh.private_keys import public_half
from guestseal.machine.commands import PATH, Commands
from guestseal.machine.services import Services
from guestseal.simulate.faults import Fault

pytestmark = [needs_root, pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="makes real keys")]

ECDSA_KEY = "/etc/ssh/ssh_host_ecdsa_key"
TWO_TYPES = File(f"HostKey {ECDSA_KEY}\nHostKey {HOST_KEY}\n")
NO_SSHD: Mapping[str, Entry | None] = {"/etc/ssh/sshd_config": None, "/usr/sbin/sshd": None}
REAL = f'exec {shutil.which("ssh-keygen")} "$@"'


def programs(directory: Path, keygen: str | None) -> Commands:
    """The programs of a machine whose ssh-keygen is the script ``keygen``; None: it has none, nor anything else."""
    directory.mkdir()
    if keygen is None:
        return Commands({"PATH": str(directory)})
    script = directory / "ssh-keygen"
    script.write_text(f"#!/bin/sh\n{keygen}\n")
    script.chmod(0o755)
    return Commands({"PATH": f"{directory}:{PATH}"})


def print_of(clone: CloneTree, path: str = HOST_KEY) -> str:
    """The fingerprint of a host key's public half, as ssh-keygen tells it."""
    words = ["ssh-keygen", "-l", "-f", f"{clone.path}{path}.pub"]
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout.split()[1]


def template_pair(place: Path, kind: str = "ed25519") -> dict[str, Entry]:
    """A real pair, as the template has it where the seal left it."""
    subprocess.run(["ssh-keygen", "-q", "-t", kind, "-N", "", "-f", str(place)], check=True)
    path = f"/etc/ssh/ssh_host_{kind}_key"
    public = place.with_suffix(".pub").read_bytes()
    return {path: File(place.read_bytes(), 0o600), f"{path}.pub": File(public)}


def test_S1_without_an_sshd_there_is_nothing_to_make_and_one_that_comes_later_shares_no_key(tmp_path: Path) -> None:
    clone = sealed_clone(tmp_path / "clone", NO_SSHD)
    with cloudstack(on=this_machine(commands=programs(tmp_path / "bin", None))) as cloud:
        outcome = boot(clone, cloud)
        assert (outcome.status, outcome.reports["local"].facts["status"]) == ("done", "done")
        assert outcome.entries["host-keys"].detail.startswith("sshd is not installed")
        assert clone.entry(HOST_KEY) is None
        # Its package makes its keys where there are none, as Debian's openssh-server does.
        words = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", f"{clone.path}{HOST_KEY}"]
        subprocess.run(words, check=True, stdin=subprocess.DEVNULL)
        theirs = clone.entry(HOST_KEY)
        boot(clone, cloud)
    assert clone.entry(HOST_KEY) == theirs


def test_S1_an_sshd_that_comes_later_finds_keys_where_they_can_be_made(tmp_path: Path) -> None:
    places: dict[str, Entry | None] = {HOST_KEY: None, "/etc/ssh": Dir(), "/usr/sbin": Dir()}
    clone = sealed_clone(tmp_path / "clone", {**NO_SSHD, **places})
    with cloudstack() as cloud:
        # Without a configuration there is a key of RSA as well, which takes seconds.
        assert boot(clone, cloud, budget=20, again=False).status == "done"
        made = clone.entry(HOST_KEY)
        assert has_own_host_key(clone)
        build(clone.path / "usr/sbin", {"/sshd": File("", 0o755)})
        boot(clone, cloud)
    assert clone.entry(HOST_KEY) == made


def test_S1_an_sshd_without_ssh_keygen_gets_its_keys_at_the_next_boot(clone: CloneTree, tmp_path: Path) -> None:
    with cloudstack(on=this_machine(commands=programs(tmp_path / "bin", None))) as cloud:
        first = boot(clone, cloud, again=False)
        assert first.entries["host-keys"].detail == "ssh-keygen: not run: No such file or directory"
        assert (first.reports["local"].facts["status"], first.status) == ("error", "done")
        cloud.machine.commands = Commands()
        second = boot(clone, cloud)
    assert second.reports["local"].facts["status"] == "done"
    assert is_web(clone, with_password=True)


def test_S2_where_ed25519_is_forbidden_the_other_types_are_made(tmp_path: Path) -> None:
    """FIPS 140-2 mode: ssh-keygen makes no ed25519 there. What sshd says of the rest is seen in a real boot."""
    fips = f'[ "$3" = ed25519 ] && {{ echo "ED25519 keys are not allowed in FIPS mode" >&2; exit 255; }}\n{REAL}'
    template = {HOST_KEY: File("the template's\n", 0o600), ECDSA_KEY: File("the template's\n", 0o600)}
    clone = sealed_clone(tmp_path / "clone", {"/etc/ssh/sshd_config": TWO_TYPES, **template})
    with cloudstack(on=this_machine(commands=programs(tmp_path / "bin", fips))) as cloud:
        outcome = boot(clone, cloud)
    assert (outcome.status, outcome.reports["local"].facts["status"]) == ("done", "done")
    assert "no ed25519 host key, and the template's removed: " in outcome.entries["host-keys"].detail
    assert public_half(clone.read(ECDSA_KEY).encode()) is not None
    assert clone.entry(HOST_KEY) is None


def test_S3_what_a_power_cut_left_of_a_key_is_made_anew(tmp_path: Path) -> None:
    whole = template_pair(tmp_path / "pair")
    key, public = whole[HOST_KEY], whole[f"{HOST_KEY}.pub"]
    assert isinstance(key, File)
    assert isinstance(public, File)
    damaged: list[dict[str, Entry]] = [
        {HOST_KEY: replace(key, content=b""), f"{HOST_KEY}.pub": replace(public, content=b"")},
        {HOST_KEY: replace(key, content=key.content[:100])},
        {HOST_KEY: replace(key, content=b"\0" * len(key.content)), f"{HOST_KEY}.pub": public},
        {HOST_KEY: key, f"{HOST_KEY}.pub": replace(public, content=public.content[:20])},
    ]
    for number, left in enumerate(damaged):
        clone = sealed_clone(tmp_path / str(number), left)
        with cloudstack() as cloud:
            assert boot(clone, cloud, again=False).status == "done"
        half = public_half(clone.read(HOST_KEY).encode())
        assert half is not None
        assert half != public_half(bytes(key.content))
        assert print_of(clone)


def test_S4_between_the_key_and_the_end_of_the_boot_there_is_one_key_and_it_is_kept(clone: CloneTree) -> None:
    """The power fails when the keys are made and nothing else is: no cut is nearer to handing sshd another set."""
    with cloudstack() as cloud:
        boot(clone, cloud, stages=["local"], again=False)
        made = clone.entry(HOST_KEY)
        assert has_own_host_key(clone)
        boot(clone, cloud)
    assert clone.entry(HOST_KEY) == made


def test_S5_the_templates_keys_are_replaced_exactly_once(tmp_path: Path) -> None:
    clone = sealed_clone(tmp_path / "clone", template_pair(tmp_path / "pair"))
    templates = print_of(clone)
    with cloudstack() as cloud:
        first = boot(clone, cloud)
    assert first.again is not None
    assert [each.entries["host-keys"].outcome.value for each in (first, first.again)] == ["done", "clean"]
    assert print_of(clone) != templates
    assert print_of(clone) in clone.read(STATE)


def outages() -> list[tuple[str, Callable[[Cloud], None]]]:
    """Ways in which a platform that was there is not there any more."""

    def add(**answer: object) -> Callable[[Cloud], None]:
        return lambda cloud: cloud.running.add_fault(Fault(**answer))  # type: ignore[arg-type]

    return [
        ("down", Cloud.close),
        ("mute", add(hang=True)),
        ("broken", add(status=500)),
        ("amnesia", add(status=404)),
        ("another machine's", add(path="*instance-id", body=b"i-0badcafe")),
    ]


def test_S6_whatever_becomes_of_the_platform_the_keys_stay(clone: CloneTree) -> None:
    with cloudstack() as cloud:
        boot(clone, cloud, again=False)
    made = clone.entry(HOST_KEY)
    for name, happen in outages():
        with cloudstack(instance=replace(WEB, password=None)) as cloud:
            happen(cloud)
            outcome = boot(clone, cloud, again=False)
        assert clone.entry(HOST_KEY) == made, name
        assert outcome.status == ("done" if name == "another machine's" else "degraded"), name
        assert outcome.changed <= {STATE}, name


def test_S7_an_sshd_that_cannot_be_reloaded_is_told_of_and_costs_no_key(clone: CloneTree, tmp_path: Path) -> None:
    (tmp_path / "run/systemd/system").mkdir(parents=True)
    commands = programs(tmp_path / "bin", REAL)
    (tmp_path / "bin/systemctl").write_text("#!/bin/sh\nexit 1\n")
    (tmp_path / "bin/systemctl").chmod(0o755)
    given = clone.clone(live=True)
    given.machine.commands = commands
    given.machine.services = Services(commands, runtime=str(tmp_path / "run"))
    with given.root:
        result = host_keys.run(given)
    assert [text for text in result.warnings if "until it is restarted" in text]
    assert has_own_host_key(clone)


def test_S9_a_read_only_directory_keeps_the_old_key_until_there_is_another(clone: CloneTree) -> None:
    def personalise() -> str:
        place = clone.path / "etc/ssh"
        subprocess.run(["mount", "--bind", place, place], check=True)
        subprocess.run(["mount", "-o", "remount,bind,ro", place], check=True)
        before = clone.entry(HOST_KEY)
        with cloudstack() as cloud:
            first = boot(clone, cloud, again=False)
            assert "Read-only file system" in first.entries["host-keys"].detail
            assert (first.reports["local"].facts["status"], first.status) == ("error", "done")
            assert clone.entry(HOST_KEY) == before
            assert not is_web(clone, with_password=True)
            subprocess.run(["umount", place], check=True)
            assert boot(clone, cloud).reports["local"].facts["status"] == "done"
        return str(is_web(clone, with_password=True))

    assert in_child(personalise, namespaces=NEW_MOUNTS) == "True"


def test_S9_nor_does_a_full_disk_cost_a_key(tmp_path: Path) -> None:
    def personalise() -> str:
        sealed = {
            SEALED: File(SEAL.to_json(), 0o600),
            HOST_KEY: File("the template's\n", 0o600),
            "/etc/ssh/sshd_config": File(f"UsePAM yes\nHostKey {HOST_KEY}\n"),
        }
        clone = on_full_disk(tmp_path / "clone", sealed)
        with cloudstack() as cloud:
            first = boot(clone, cloud, again=False)
            kept = clone.read(HOST_KEY)
            (clone.path / "filling").unlink()
            second = boot(clone, cloud)
        return f"{first.reports['local'].facts['status']} {kept!r} {second.status} {has_own_host_key(clone)}"

    assert in_child(personalise, namespaces=NEW_MOUNTS) == 'error "the template\'s\\n" done True'


def test_S9_keys_are_made_where_sshd_looks_for_them(tmp_path: Path) -> None:
    changes: dict[str, Entry | None] = {
        "/etc/ssh/sshd_config": File("HostKey /data/keys/ours\n"),
        HOST_KEY: None,
        "/data/keys": Link("/persistent/keys"),
        "/persistent/keys/ours": File("the template's\n", 0o600),
    }
    clone = sealed_clone(tmp_path / "clone", changes)
    with cloudstack() as cloud:
        assert boot(clone, cloud).reports["local"].facts["status"] == "done"
    assert public_half(clone.read("/persistent/keys/ours").encode()) is not None
    assert clone.entry(HOST_KEY) is None


def test_S10_an_ssh_keygen_that_waits_for_entropy_is_not_waited_for_without_end(
    clone: CloneTree, tmp_path: Path
) -> None:
    """getrandom(2) blocks until the kernel's generator is ready; so does ssh-keygen, which calls it."""
    limit = re.search(r"(?m)^TimeoutStartSec=(\d+)$", unit("guestseal-local.service"))
    assert limit is not None
    slow = Impatient(programs(tmp_path / "bin", "exec sleep 60").environment, 0.5)
    with cloudstack(on=this_machine(commands=slow)) as cloud:
        outcome = boot(clone, cloud, stages=["local"], again=False)
        assert outcome.status == "error"
        assert "did not end within" in outcome.entries["host-keys"].detail
        assert sum(slow.given) < float(limit[1])
        cloud.machine.commands = Commands()
        assert boot(clone, cloud).status == "done"
    assert is_web(clone, with_password=True)


def test_S10_keys_come_after_the_random_seed_and_the_templates_seed_is_gone(tmp_path: Path) -> None:
    after = {word for line in re.findall(r"(?m)^After=(.*)$", unit("guestseal-local.service")) for word in line.split()}
    assert "systemd-random-seed.service" in after
    seeds = ("/var/lib/systemd/random-seed", "/boot/loader/random-seed", "/var/lib/misc/random-seed")
    seeded: dict[str, Entry | None] = {path: File("seed" * 128, 0o600) for path in seeds}
    template = sealed_clone(tmp_path / "template", {**seeded, SEALED: None})
    guestseal("--root", template.path, "seal", "--yes")
    assert [template.entry(path) for path in seeds] == [None, None, None]


def test_S11_a_certificate_of_the_templates_key_is_told_of(tmp_path: Path) -> None:
    certificate = "/etc/ssh/certificates/host.pub"
    changes = {
        "/etc/ssh/sshd_config": File(f"HostKey {HOST_KEY}\nHostCertificate {certificate}\n"),
        certificate: File("ssh-ed25519-cert-v01@openssh.com AAAA host\n"),
        f"{HOST_KEY}-cert.pub": File("ssh-ed25519-cert-v01@openssh.com AAAA host\n"),
    }
    clone = sealed_clone(tmp_path / "clone", changes)
    with cloudstack() as cloud:
        outcome = boot(clone, cloud)
    assert outcome.status == "done"
    for path in (certificate, f"{HOST_KEY}-cert.pub"):
        assert f"{path} certifies another key" in outcome.entries["host-keys"].detail
        assert clone.entry(path) == changes[path]
    assert is_web(clone, with_password=True)


def unit(name: str) -> str:
    """The text of one of guestseal's units."""
    return (PROJECT / "systemd" / name).read_text()
