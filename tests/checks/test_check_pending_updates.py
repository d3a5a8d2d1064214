"""Is a security update waiting, by what the package manager last looked up?"""

from __future__ import annotations

import gzip
import os
from pathlib import Path
from typing import Callable

import pytest
from support.check_cases import CHECKS, CheckCase, looked
from support.machine import FakeCommands, machine
from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, UBUNTU
from support.trees import Dir, Entry, File, Tree, build

from guestseal.check.check import Inapplicable
from guestseal.guest.tree import Tree as GuestTree
from guestseal.machine.commands import Completed
from guestseal.machine.host import Machine

LISTS, STATUS = "/var/lib/apt/lists", "/var/lib/dpkg/status"
DEBIANS = f"{LISTS}/deb.debian.org_debian-security_dists_bookworm-security_main_binary-amd64_Packages"
UBUNTUS = f"{LISTS}/archive.ubuntu.com_ubuntu_dists_noble-security_universe_binary-amd64_Packages"
ORDINARY = f"{LISTS}/deb.debian.org_debian_dists_bookworm_main_binary-amd64_Packages"


def packages(*versions: str, status: str = "") -> str:
    """A file of packages as apt and dpkg write it: "name version", or "name version architecture"."""
    stanzas = []
    for each in versions:
        name, version, architecture = [*each.split(), "amd64"][:3]
        head = f"Package: {name}\n" + (f"Status: {status}\nPriority: optional\n" if status else "")
        stanzas.append(f"{head}Architecture: {architecture}\nVersion: {version}\nDescription: x\n Version: 99\n")
    return "\n".join(stanzas)


def apt(*installed: str, index: Tree | None = None) -> dict[str, Entry]:
    kept = packages("held 1", status="hold ok installed"), packages("gone 1", status="deinstall ok config-files")
    status = "\n".join((packages(*installed, status="install ok installed"), *kept))
    fetched = {f"{LISTS}/partial": Dir(0o700)}
    return {STATUS: File(status), f"{LISTS}/lock": File(mode=0o640), **fetched, **(index or {})}


OPENSSL = packages("openssl 3.0.17-1~deb12u3", "held 2", "gone 2", "absent 1", "tzdata 2025b-0+deb12u2 all")
NEW = apt("openssl 3.0.17-1~deb12u3", "tzdata 2025b-0+deb12u2 all", index={DEBIANS: File(OPENSSL)})
OLD = apt("openssl 3.0.17-1~deb12u2", "tzdata 2025b-0+deb12u2 all", index={DEBIANS: File(OPENSSL)})
CLOSED = "cannot be read here"


def said(program: str, status: int) -> Callable[[], Machine]:
    return lambda: machine(commands=FakeCommands({program: Completed(status, b"", b"")}))


DNF: Tree = {"/usr/bin/dnf": File(mode=0o755), "/var/cache/dnf/baseos-0123/repodata/repomd.xml": File("<repomd/>")}
DNF5: Tree = {"/usr/bin/dnf5": File(mode=0o755), "/var/cache/libdnf5/baseos-01/repodata/repomd.xml": File("<repomd/>")}
ZYPPER: Tree = {"/usr/bin/zypper": File(mode=0o755), "/var/cache/zypp/raw/oss/repodata/repomd.xml": File("<repomd/>")}

CASES = (
    CheckCase("Debian, with all of them", DEBIAN, NEW),
    CheckCase("newer than the archive's", DEBIAN, apt("openssl 3.0.18-1", index={DEBIANS: File(OPENSSL)})),
    CheckCase(
        "another architecture's, which is not installed",
        DEBIAN,
        apt("openssl 3.0.1-1", index={DEBIANS: File(packages("openssl 3.0.2-1 arm64"))}),
    ),
    CheckCase("RHEL, with all of them", REDHAT, DNF, machine=said("/usr/bin/dnf", 0)),
    CheckCase("SUSE, with others than of security", SUSE, ZYPPER, machine=said("/usr/bin/zypper", 100)),
    CheckCase("sealed: no lists", DEBIAN, apt("openssl 1"), skipped="no index of security updates"),
    CheckCase("ordinary updates only", DEBIAN, apt("openssl 1", index={ORDINARY: File(OPENSSL)}), skipped="no index"),
    CheckCase("RHEL that does not run", REDHAT, DNF, skipped="only a guest that runs"),
    CheckCase("dnf that has looked up nothing", REDHAT, DNF, skipped="never", machine=said("/usr/bin/dnf", 1)),
    CheckCase("Alpine", ALPINE, {"/sbin/apk": File(mode=0o755)}, skipped="does not tell security updates"),
    CheckCase(
        "Debian",
        DEBIAN,
        OLD,
        ("security updates wait for 1 package: openssl",),
        fails=False,
        mended=apt("openssl 3.0.17-1~deb12u3", "tzdata 2025b-0+deb12u2 all"),
    ),
    CheckCase("where it is refused", DEBIAN, OLD, ("openssl",), mended={STATUS: NEW[STATUS]}, profile="digitalocean"),
    CheckCase(
        "a compressed index",
        UBUNTU,
        apt(
            "openssl 1",
            "zlib1g 1",
            index={f"{UBUNTUS}.gz": File(gzip.compress(packages("openssl 2", "zlib1g 1.1").encode()))},
        ),
        ("2 packages: openssl, zlib1g",),
        fails=False,
        mended={f"{UBUNTUS}.gz": File(gzip.compress(packages("openssl 1").encode()))},
    ),
    CheckCase(
        "RHEL",
        REDHAT,
        DNF5,
        ("wait",),
        fails=False,
        machine=said("/usr/bin/dnf5", 100),
        mended_machine=said("/usr/bin/dnf5", 0),
    ),
    CheckCase(
        "SUSE",
        SUSE,
        ZYPPER,
        ("wait",),
        fails=False,
        machine=said("/usr/bin/zypper", 101),
        mended_machine=said("/usr/bin/zypper", 0),
    ),
)


@pytest.mark.parametrize(
    ("tree", "place", "make"),
    [(NEW, f"{LISTS}/partial", None), (DNF, "/var/cache/dnf/baseos-0123/repodata/repomd.xml", said("/usr/bin/dnf", 0))],
    ids=["apt", "dnf"],
)
def test_what_was_looked_up_long_ago_tells_nothing(tree: Tree, place: str, make: Callable[[], Machine], tmp_path: Path):
    case = CheckCase("old", DEBIAN, tree, machine=make)
    build(tmp_path, case.start)
    os.utime(f"{tmp_path}{place}", (0, 86400 * 365))
    with GuestTree(str(tmp_path)) as opened, pytest.raises(Inapplicable, match="days ago: run"):
        looked(CHECKS["pending-updates"].value, case.subject(opened))


def test_no_program_may_go_to_the_network(tmp_path: Path) -> None:
    for tree, program, word in ((DNF, "/usr/bin/dnf", "--cacheonly"), (ZYPPER, "/usr/bin/zypper", "--no-refresh")):
        commands = FakeCommands({program: b""})
        case = CheckCase("asked", REDHAT, tree, machine=lambda commands=commands: machine(commands=commands))
        root = tmp_path / word
        root.mkdir()
        build(root, case.start)
        with GuestTree(str(root)) as opened:
            looked(CHECKS["pending-updates"].value, case.subject(opened))
        assert [words for words in commands.ran if word not in words] == []
        assert commands.ran
