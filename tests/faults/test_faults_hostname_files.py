"""Faults of the files a host name is kept in, and of the programs that have a say in it.

Every test is a whole first boot. What all of them have to keep (the time, the secrets, a
second boot that changes nothing) is checked by the harness.
"""

from __future__ import annotations

import json
import socket
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from support.children import NEW_HOSTNAME, NEW_MOUNTS, in_child
from support.clones import CloneTree, needs_root
from support.clouds import cloudstack
from support.first_boot import as_the_running_system, boot, is_web, password_is, sealed_clone
from support.platforms import PASSWORD
from support.trees import Dir, Entry, File, Link

pytestmark = needs_root


# Where it cannot be written


def bound(clone: CloneTree) -> None:
    """As container engines do: a file of the host's lies over it."""
    (clone.path / "hosts-file").write_text("container\n")
    subprocess.run(["mount", "--bind", clone.path / "hosts-file", clone.path / "etc/hostname"], check=True)


def read_only(clone: CloneTree) -> None:
    """The file alone: bound onto itself, read-only."""
    place = clone.path / "etc/hostname"
    subprocess.run(["mount", "--bind", place, place], check=True)
    subprocess.run(["mount", "-o", "remount,bind,ro", place], check=True)


def link(clone: CloneTree) -> None:
    """Someone's link."""
    (clone.path / "etc/hostname").rename(clone.path / "etc/hostname.real")
    (clone.path / "etc/hostname").symlink_to("hostname.real")


@pytest.mark.parametrize("trouble", [bound, read_only, link])
def test_H12_the_kernel_gets_the_name_that_the_file_cannot_take(
    clone: CloneTree, trouble: Callable[[CloneTree], None]
) -> None:
    def personalise() -> str:
        with as_the_running_system(clone) as cloud:
            trouble(clone)
            before = clone.read("/etc/hostname")
            outcome = boot(clone, cloud, stages=["network"])
        assert clone.read("/etc/hostname") == before
        assert clone.leftovers() == []
        return json.dumps([outcome.status, socket.gethostname(), outcome.entries["hostname"].detail])

    status, name, said = json.loads(in_child(personalise, namespaces=NEW_HOSTNAME | NEW_MOUNTS))
    assert (status, name) == ("degraded", "web")
    assert said.startswith("web until power-off; /etc/hostname: ")
    assert password_is(clone, PASSWORD)


def test_H12_and_a_later_boot_makes_it_good(clone: CloneTree) -> None:
    def personalise() -> str:
        with as_the_running_system(clone) as cloud:
            read_only(clone)
            first = boot(clone, cloud, stages=["network"], again=False)
            subprocess.run(["umount", clone.path / "etc/hostname"], check=True)
            second = boot(clone, cloud, stages=["network"])
        return f"{first.status} {second.status}"

    assert in_child(personalise, namespaces=NEW_HOSTNAME | NEW_MOUNTS) == "degraded done"
    assert is_web(clone, with_password=True)


def test_H12_no_hostnamed_and_no_bus_is_needed(clone: CloneTree) -> None:
    """/etc/hostname and sethostname(2) are all there is to it: no program is called for the name."""

    def personalise() -> str:
        with as_the_running_system(clone) as cloud:
            outcome = boot(clone, cloud, stages=["network"])
        return f"{outcome.status} {socket.gethostname()} {'hostnamectl' in outcome.said}"

    assert in_child(personalise, namespaces=NEW_HOSTNAME) == "done web False"
    assert is_web(clone, with_password=True)


# /etc/hosts


BLOCKED = "".join(f"0.0.0.0 ads{number}.example\n" for number in range(50_000))
OWN = "127.0.1.1\tweb\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (None, f"127.0.0.1\tlocalhost\n{OWN}"),
        (BLOCKED, f"{BLOCKED}{OWN}"),
        ("127.0.0.1 localhost\r\n# x\r\n", "127.0.0.1 localhost\r\n127.0.1.1\tweb\r\n# x\r\n"),
        ("10.0.0.9 web\n::1 web  # mine\n", f"10.0.0.9 web\n::1 web  # mine\n{OWN}"),
        ("127.0.1.1 a # mine\n127.0.1.1 b\n", "127.0.1.1\tweb a # mine\n127.0.1.1 b\n"),
    ],
    ids=["missing", "huge", "CRLF", "lines of the user's", "two lines of its own"],
)
def test_H13_only_the_own_line_of_hosts_changes(tmp_path: Path, before: str | None, after: str) -> None:
    clone = sealed_clone(tmp_path / "clone", {"/etc/hosts": None if before is None else File(before)})
    with cloudstack() as cloud:
        assert boot(clone, cloud).status == "done"
    assert clone.entry("/etc/hosts") == File(after)


@pytest.mark.parametrize("trap", [Link("/etc/precious"), Dir()], ids=["a link", "a directory"])
def test_H13_what_is_no_file_is_left_alone_and_told(tmp_path: Path, trap: Entry) -> None:
    clone = sealed_clone(tmp_path / "clone", {"/etc/hosts": trap, "/etc/precious": File("precious\n")})
    with cloudstack() as cloud:
        outcome = boot(clone, cloud)
    assert outcome.status == "error"
    assert clone.entry("/etc/hosts") == trap
    assert clone.read("/etc/precious") == "precious\n"
    assert outcome.entries["hostname"].detail.startswith("/etc/hosts: ")
    assert is_web(clone, with_password=True)


# Other programs that name machines


MAIN, DROP_IN = "/etc/cloud/cloud.cfg", "/etc/cloud/cloud.cfg.d/99-ours.cfg"
KEEP, GIVE = "preserve_hostname: Yes  # ours\n", "preserve_hostname: false\n"


def with_a_name(path: Path, files: Mapping[str, str]) -> CloneTree:
    """A clone whose template was called kiosk, with these files."""
    return sealed_clone(path / "clone", {"/etc/hostname": File("kiosk\n"), **{at: File(files[at]) for at in files}})


@pytest.mark.parametrize(
    "files",
    [{MAIN: f"users:\n - default\n{KEEP}"}, {MAIN: GIVE, DROP_IN: KEEP}, {DROP_IN: '"preserve_hostname": "1"\n'}],
    ids=["main file", "drop-in", "drop-in alone"],
)
def test_H14_a_name_that_cloud_init_is_told_to_keep_stays(tmp_path: Path, files: Mapping[str, str]) -> None:
    clone = with_a_name(tmp_path, files)
    with cloudstack() as cloud:
        outcome = boot(clone, cloud)
    assert outcome.status == "done"
    assert clone.read("/etc/hostname") == "kiosk\n"
    assert outcome.entries["hostname"].detail == (
        "kiosk, the template's, stays; the platform calls this machine web; "
        f"take preserve_hostname out of {list(files)[-1]} to accept it"
    )


@pytest.mark.parametrize(
    "files",
    [{}, {MAIN: KEEP, DROP_IN: GIVE}, {MAIN: "# preserve_hostname: true\nx: {preserve_hostname: true}\n"}],
    ids=["nothing said", "drop-in says no", "comment and nested"],
)
def test_H14_and_no_other(tmp_path: Path, files: Mapping[str, str]) -> None:
    clone = with_a_name(tmp_path, files)
    with cloudstack() as cloud:
        assert boot(clone, cloud).status == "done"
    assert is_web(clone, with_password=True)


@pytest.mark.parametrize("name", ["localhost\n", "localhost.localdomain\n", ""])
def test_H14_a_template_without_a_name_has_none_to_keep(tmp_path: Path, name: str) -> None:
    clone = sealed_clone(tmp_path / "clone", {DROP_IN: File(KEEP), "/etc/hostname": File(name)})
    with cloudstack() as cloud:
        assert boot(clone, cloud).status == "done"
    assert is_web(clone, with_password=True)


@pytest.mark.parametrize("mode", ["default", "dhcp", "none"])
def test_H14_networkmanagers_mode_is_for_machines_without_a_name(tmp_path: Path, mode: str) -> None:
    """NetworkManager.conf(5): with a valid static name, hostname-mode means nothing. So nothing has to be told."""
    path = "/etc/NetworkManager/conf.d/hostname.conf"
    clone = sealed_clone(tmp_path / "clone", {path: File(f"[main]\nhostname-mode={mode}\n")})
    with cloudstack() as cloud:
        outcome = boot(clone, cloud)
    assert outcome.entries["hostname"].detail == "web"
    assert path not in outcome.changed
    assert is_web(clone, with_password=True)
