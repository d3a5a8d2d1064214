"""The hostname step on real trees, and on the kernel's name in a namespace of its own."""

from __future__ import annotations

import socket
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
from support.children import NEW_HOSTNAME, NEW_MOUNTS, every_cut, in_child
from support.clones import HOSTS, CloneTree, clone_tree, needs_root, on_full_disk
from support.trees import Entry, File, Link, fingerprint, read

from guestseal.errors import GuestError, Malformed
from guestseal.firstboot.step import Result
from guestseal.firstboot.steps.network.hostname import STEP

pytestmark = needs_root

DEBIAN_HOSTS = "127.0.0.1\tlocalhost\n127.0.1.1\tvm1\n# ours\n10.0.0.5   db.example db\n"


def system(os_release: str) -> dict[str, Entry | None]:
    return {"/etc/os-release": File(os_release)}


def memory(platform: str, name: str) -> Mapping[str, str]:
    return {"platform": platform, "name": name}


def test_the_name_is_written_and_remembered(tmp_path: Path) -> None:
    vm = clone_tree(tmp_path)
    before = read(tmp_path)
    result = vm.run(STEP, hostname="vm1")
    assert result == Result(True, "vm1", memory=memory("vm1", "vm1"))
    assert read(tmp_path) == {**before, "/etc/hostname": File("vm1\n"), "/etc/hosts": File(DEBIAN_HOSTS)}


@pytest.mark.parametrize(
    ("os_release", "name"),
    [
        ("ID=debian", "vm1"),
        ("ID=ubuntu\nID_LIKE=debian", "vm1"),
        ("ID=fedora", "vm1.example.com"),
        ('ID="rocky"\nID_LIKE="rhel centos fedora"', "vm1.example.com"),
        ("ID=alpine", "vm1"),
        ('ID="opensuse-leap"\nID_LIKE="suse opensuse"', "vm1"),
        ("ID=arch", "vm1"),
        ("ID=unheard-of", "vm1"),
    ],
)
def test_the_whole_name_is_for_red_hats_kin_only(tmp_path: Path, os_release: str, name: str) -> None:
    vm = clone_tree(tmp_path, system(os_release))
    assert vm.run(STEP, hostname="vm1.example.com").memory == memory("vm1.example.com", name)
    assert vm.read("/etc/hostname") == f"{name}\n"
    in_hosts = "127.0.1.1\tvm1.example.com vm1\n" in vm.read("/etc/hosts")
    assert in_hosts is ("debian" in os_release)
    if not in_hosts:
        assert vm.read("/etc/hosts") == HOSTS


@pytest.mark.parametrize(("length", "cut"), [(64, False), (65, True)])
def test_a_whole_name_that_the_kernel_does_not_take_is_cut_at_its_first_dot(
    tmp_path: Path, length: int, cut: bool
) -> None:
    name = "vm1." + "x" * 40 + "." + "y" * (length - 45)
    vm = clone_tree(tmp_path, system("ID=fedora"))
    vm.run(STEP, hostname=name)
    assert vm.read("/etc/hostname") == ("vm1\n" if cut else f"{name}\n")


@pytest.mark.parametrize(
    "name",
    [
        *(
            "",
            " ",
            "localhost",
            "localhost.localdomain",
            "(none)",
            "-",
            "-a",
            "a-",
            "a..b",
            ".a",
            "a.",
            "A",
            "a_b",
            "a b",
        ),
        *("a\n", "a\n127.0.0.1 b", "a;reboot", "$(id)", "ü", "a" * 64, ".".join(["a" * 49] * 6), "\x1b[2J"),
    ],
)
def test_what_is_no_name_changes_nothing(tmp_path: Path, name: str) -> None:
    """The sources have validated all of it: this is the last gate."""
    vm = clone_tree(tmp_path)
    before = fingerprint(tmp_path)
    with pytest.raises(Malformed) as caught:
        vm.run(STEP, hostname=name)
    assert str(caught.value).isprintable()
    assert fingerprint(tmp_path) == before


def test_a_name_of_digits_is_one(tmp_path: Path) -> None:
    vm = clone_tree(tmp_path)
    vm.run(STEP, hostname="12345")
    assert vm.read("/etc/hostname") == "12345\n"


# Later boots


def test_the_same_name_again_writes_nothing(tmp_path: Path) -> None:
    vm = clone_tree(tmp_path)
    first = vm.run(STEP, hostname="vm1.example")
    before = fingerprint(tmp_path)
    second = vm.run(STEP, hostname="vm1.example", memory=first.memory)
    assert (second.changed, second.memory) == (False, first.memory)
    assert fingerprint(tmp_path) == before


def test_without_memory_either(tmp_path: Path) -> None:
    """After a power cut before the state was saved."""
    vm = clone_tree(tmp_path)
    vm.run(STEP, hostname="vm1.example")
    before = fingerprint(tmp_path)
    assert vm.run(STEP, hostname="vm1.example") == Result(False, "vm1", memory=memory("vm1.example", "vm1"))
    assert fingerprint(tmp_path) == before


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("vm1", "vm2", "vm2"),
        ("vm1.a", "vm2.b", "vm2.b vm2"),
        ("vm1.a", "vm1.b", "vm1.b vm1"),
        ("vm1", "vm1.b", "vm1.b vm1"),
    ],
)
def test_a_machine_that_the_platform_renames_is_renamed(tmp_path: Path, old: str, new: str, line: str) -> None:
    vm = clone_tree(tmp_path)
    first = vm.run(STEP, hostname=old)
    assert vm.run(STEP, hostname=new, memory=first.memory).changed
    assert vm.read("/etc/hostname") == new.partition(".")[0] + "\n"
    assert vm.read("/etc/hosts") == DEBIAN_HOSTS.replace("vm1", line)


def test_a_name_that_the_administrator_set_stays(tmp_path: Path) -> None:
    vm = clone_tree(tmp_path)
    first = vm.run(STEP, hostname="vm1")
    vm.path.joinpath("etc/hostname").write_text("mine\n")
    before = fingerprint(tmp_path)
    same = vm.run(STEP, hostname="vm1", memory=first.memory)
    assert same == Result(False, "mine, set on this machine, stays", memory=first.memory)
    other = vm.run(STEP, hostname="vm2", memory=first.memory)
    assert (other.changed, other.memory) == (False, first.memory)
    assert other.warnings == ("the platform calls this machine vm2; write that into /etc/hostname to accept it",)
    assert fingerprint(tmp_path) == before


def test_and_once_it_is_the_platforms_the_platform_has_its_say_again(tmp_path: Path) -> None:
    vm = clone_tree(tmp_path)
    first = vm.run(STEP, hostname="vm1")
    vm.path.joinpath("etc/hostname").write_text("vm2\n")
    second = vm.run(STEP, hostname="vm2", memory=first.memory)
    assert second.memory == memory("vm2", "vm2")
    assert vm.run(STEP, hostname="vm3", memory=second.memory).changed
    assert vm.read("/etc/hostname") == "vm3\n"


@pytest.mark.parametrize("content", [None, "", "localhost\n", "# a comment\n\n"])
def test_a_name_that_got_lost_is_written_again(tmp_path: Path, content: str | None) -> None:
    vm = clone_tree(tmp_path, {"/etc/hostname": None if content is None else File(content)})
    assert vm.run(STEP, hostname="vm1", memory=memory("vm1", "vm1")).changed
    assert vm.entry("/etc/hostname") == File("vm1\n")


# A name from a lease


def lease(full: str, name: str) -> Mapping[str, str]:
    return {"lease": full, "name": name}


@pytest.mark.parametrize("content", [None, "", "localhost\n", "localhost.localdomain\n", "# none\n"])
def test_a_machine_without_a_name_takes_the_leases(tmp_path: Path, content: str | None) -> None:
    vm = clone_tree(tmp_path, {"/etc/hostname": None if content is None else File(content)})
    assert vm.run(STEP, fallback_hostname="pc7.lan") == Result(True, "pc7", memory=lease("pc7.lan", "pc7"))
    assert vm.entry("/etc/hostname") == File("pc7\n")
    assert vm.read("/etc/hosts") == DEBIAN_HOSTS.replace("vm1", "pc7.lan pc7")


def test_the_platforms_name_counts_more(tmp_path: Path) -> None:
    vm = clone_tree(tmp_path)
    assert vm.run(STEP, hostname="vm1", fallback_hostname="pc7").memory == memory("vm1", "vm1")


@pytest.mark.parametrize("remembered", [{}, lease("pc6", "pc6"), memory("vm1", "vm1")])
def test_a_lease_never_replaces_a_name(tmp_path: Path, remembered: Mapping[str, str]) -> None:
    """Not the administrator's, not the platform's, not that of an earlier lease."""
    vm = clone_tree(tmp_path, {"/etc/hostname": File("mine\n")})
    before = fingerprint(tmp_path)
    result = vm.run(STEP, fallback_hostname="pc7", memory=remembered)
    assert (result.changed, result.memory, result.warnings) == (False, remembered, ())
    assert fingerprint(tmp_path) == before


def test_nor_does_it_name_a_machine_whose_platform_has_named_it(tmp_path: Path) -> None:
    vm = clone_tree(tmp_path)
    before = fingerprint(tmp_path)
    assert not vm.run(STEP, fallback_hostname="pc7", memory=memory("vm1", "vm1")).changed
    assert fingerprint(tmp_path) == before


def test_a_leases_name_that_stands_writes_nothing(tmp_path: Path) -> None:
    vm = clone_tree(tmp_path)
    first = vm.run(STEP, fallback_hostname="pc7.lan")
    before = fingerprint(tmp_path)
    for remembered in ({}, first.memory):
        again = vm.run(STEP, fallback_hostname="pc7.lan", memory=remembered)
        assert (again.changed, again.memory) == (False, first.memory)
    assert fingerprint(tmp_path) == before


def test_a_platform_that_speaks_later_replaces_the_leases_name(tmp_path: Path) -> None:
    vm = clone_tree(tmp_path)
    first = vm.run(STEP, fallback_hostname="pc7.lan")
    second = vm.run(STEP, hostname="vm1", memory=first.memory)
    assert second == Result(True, "vm1", memory=memory("vm1", "vm1"))
    assert vm.read("/etc/hostname") == "vm1\n"
    assert vm.read("/etc/hosts") == DEBIAN_HOSTS


@pytest.mark.parametrize("said", ["hostname", "fallback_hostname"])
def test_the_name_before_leaves_the_hosts_even_where_the_file_with_it_got_lost(tmp_path: Path, said: str) -> None:
    vm = clone_tree(tmp_path)
    first = vm.run(STEP, **{said: "pc7.lan"})
    vm.path.joinpath("etc/hostname").unlink()
    vm.run(STEP, hostname="vm1", memory=first.memory)
    assert vm.read("/etc/hosts") == DEBIAN_HOSTS


def test_but_not_the_one_that_the_administrator_set_after_it(tmp_path: Path) -> None:
    vm = clone_tree(tmp_path)
    first = vm.run(STEP, fallback_hostname="pc7")
    vm.path.joinpath("etc/hostname").write_text("mine\n")
    second = vm.run(STEP, hostname="vm1", memory=first.memory)
    assert (second.changed, len(second.warnings)) == (False, 1)


@pytest.mark.parametrize("name", ["localhost.lan", "a b", "-", ""])
def test_a_leases_name_passes_the_same_gate(tmp_path: Path, name: str) -> None:
    vm = clone_tree(tmp_path)
    before = fingerprint(tmp_path)
    with pytest.raises(Malformed):
        vm.run(STEP, fallback_hostname=name)
    assert fingerprint(tmp_path) == before


# /etc/hosts


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (None, "127.0.0.1\tlocalhost\n127.0.1.1\tvm1.example vm1\n"),
        ("", "127.0.1.1\tvm1.example vm1\n"),
        ("127.0.0.1 localhost", "127.0.0.1 localhost\n127.0.1.1\tvm1.example vm1\n"),
        ("10.0.0.1 vm1 vm1.example\n", "10.0.0.1 vm1 vm1.example\n127.0.1.1\tvm1.example vm1\n"),
        ("127.0.1.1 vm1.example vm1 # mine\n", "127.0.1.1 vm1.example vm1 # mine\n"),
        ("127.0.1.1 alias # mine\n::1 x\n", "127.0.1.1\tvm1.example vm1 alias # mine\n::1 x\n"),
        ("127.0.0.1\tlocalhost\r\n# x\r\n", "127.0.0.1\tlocalhost\r\n127.0.1.1\tvm1.example vm1\r\n# x\r\n"),
        ("127.0.1.1 a\n127.0.1.1 b\n", "127.0.1.1\tvm1.example vm1 a\n127.0.1.1 b\n"),
        ("caf\udce9 \n#127.0.1.1 x\n", "caf\udce9 \n#127.0.1.1 x\n127.0.1.1\tvm1.example vm1\n"),
    ],
)
def test_only_the_line_of_the_own_address_changes(tmp_path: Path, before: str | None, after: str) -> None:
    vm = clone_tree(tmp_path, {"/etc/hosts": None if before is None else File(before)})
    first = vm.run(STEP, hostname="vm1.example")
    assert vm.entry("/etc/hosts") == File(after)
    assert not vm.run(STEP, hostname="vm1.example", memory=first.memory).changed


def test_the_name_before_leaves_the_own_line_only(tmp_path: Path) -> None:
    """Another address with that name is what the administrator wrote, whatever it means."""
    hosts = "127.0.1.1\told.example old keep\n10.0.0.9\told.example old\n"
    vm = clone_tree(tmp_path, {"/etc/hosts": File(hosts), "/etc/hostname": File("old\n")})
    vm.run(STEP, hostname="new")
    assert vm.read("/etc/hosts") == "127.0.1.1\tnew keep\n10.0.0.9\told.example old\n"


def test_a_list_of_blocked_hosts_of_megabytes_is_no_trouble(tmp_path: Path) -> None:
    blocked = "".join(f"0.0.0.0 ads{number}.example\n" for number in range(150_000))
    vm = clone_tree(tmp_path, {"/etc/hosts": File(blocked)})
    vm.run(STEP, hostname="vm1")
    assert vm.read("/etc/hosts") == f"{blocked}127.0.1.1\tvm1\n"


# What can go wrong


@pytest.mark.parametrize("path", ["/etc/hostname", "/etc/hosts"])
def test_a_link_is_not_written_through(tmp_path: Path, path: str) -> None:
    vm = clone_tree(tmp_path, {path: Link("/etc/precious"), "/etc/precious": File("precious\n")})
    with pytest.raises(GuestError, match=path):
        vm.run(STEP, hostname="vm1")
    assert vm.read("/etc/precious") == "precious\n"
    assert vm.leftovers() == []


def test_the_kernels_name_is_set_when_the_tree_is_the_running_systems(tmp_path: Path) -> None:
    def run() -> str:
        result = STEP.run(clone_tree(tmp_path).clone(live=True, hostname="vm1.example"))
        assert result.warnings == ()
        return socket.gethostname()

    before = socket.gethostname()
    assert in_child(run, namespaces=NEW_HOSTNAME) == "vm1"
    assert socket.gethostname() == before


def test_the_kernels_name_is_set_even_where_the_file_cannot_be_written(tmp_path: Path) -> None:
    """A container's /etc/hostname is a mount of its own."""

    def run() -> str:
        vm = clone_tree(tmp_path)
        path = f"{tmp_path}/etc/hostname"
        subprocess.run(["mount", "--bind", path, path], check=True)
        results = [STEP.run(vm.clone(live=True, hostname="vm1")) for _ in range(2)]
        assert [(result.changed, result.complete, result.memory) for result in results] == [
            (True, False, {}),
            (False, False, {}),
        ]
        assert all("/etc/hostname" in warning for result in results for warning in result.warnings)
        return socket.gethostname()

    assert in_child(run, namespaces=NEW_HOSTNAME | NEW_MOUNTS) == "vm1"


def test_without_the_file_and_the_kernel_there_is_no_name(tmp_path: Path) -> None:
    def run() -> str:
        clone = clone_tree(tmp_path, {"/etc/hostname": Link("/etc/precious")}).clone(live=True, hostname="vm1")
        drop_capabilities()
        with pytest.raises(GuestError, match="/etc/hostname"):
            STEP.run(clone)
        return socket.gethostname()

    assert in_child(run, namespaces=NEW_HOSTNAME) == socket.gethostname()


def test_a_kernel_that_refuses_the_name_is_a_warning(tmp_path: Path) -> None:
    def run() -> str:
        clone = clone_tree(tmp_path).clone(live=True, hostname="vm1")
        drop_capabilities()
        return "\n".join(STEP.run(clone).warnings)

    said = in_child(run, namespaces=NEW_HOSTNAME)
    assert said.startswith(f"the kernel keeps the name {socket.gethostname()} until the next boot: ")
    assert CloneTree(tmp_path).read("/etc/hostname") == "vm1\n"


def drop_capabilities() -> None:
    """Take CAP_SYS_ADMIN from this process: capset(2), _LINUX_CAPABILITY_VERSION_3."""
    import ctypes
    import struct

    libc = ctypes.CDLL(None, use_errno=True)
    header = struct.pack("II", 0x20080522, 0)
    held = ctypes.create_string_buffer(24)
    assert libc.capget(header, held) == 0
    low = [word & ~(1 << 21) for word in struct.unpack("6I", held.raw)[:3]]
    assert libc.capset(header, struct.pack("6I", *low, *struct.unpack("6I", held.raw)[3:])) == 0


def test_a_power_cut_anywhere_is_made_good_by_the_next_boot(tmp_path: Path) -> None:
    cut = 0
    for vm in every_cut(clone_tree, lambda vm: vm.run(STEP, hostname="vm1"), tmp_path):
        cut += 1
        assert vm.entry("/etc/hostname") in (File("localhost\n"), File("vm1\n"))
        assert vm.entry("/etc/hosts") in (File(HOSTS), File(DEBIAN_HOSTS))
        assert vm.run(STEP, hostname="vm1").memory == memory("vm1", "vm1")
        assert vm.entry("/etc/hostname") == File("vm1\n")
        assert vm.entry("/etc/hosts") == File(DEBIAN_HOSTS)
        assert vm.leftovers() == []
    assert cut >= 6


def test_a_full_disk_leaves_both_files_as_they_are(tmp_path: Path) -> None:
    def run() -> str:
        vm = on_full_disk(tmp_path)
        before = read(tmp_path)
        with pytest.raises(GuestError, match="No space left"):
            vm.run(STEP, hostname="vm1")
        return str(read(tmp_path) == before)

    assert in_child(run, namespaces=NEW_MOUNTS) == "True"
