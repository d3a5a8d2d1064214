"""The Debian package: what is in it, and that installing, upgrading and removing it starts and leaves nothing."""

from __future__ import annotations

import filecmp
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.containers import Container
from support.debian import PROJECT, base, changed, run, snapshot, view
from support.packages import ENABLED, UNITS, build, enabled, files, inside

from guestseal import __version__

RELEASES = ["bookworm", *(pytest.param(name, marks=pytest.mark.packages) for name in ("bullseye", "trixie"))]
OWN = {
    "/usr/share/doc/guestseal/README.md.gz",
    "/usr/share/doc/guestseal/changelog.Debian.gz",
    "/usr/share/doc/guestseal/copyright",
    "/usr/share/lintian/overrides/guestseal",
    "/usr/share/python3/runtime.d/guestseal.rtupdate",
}
"""What only a Debian package has."""
DPKG = ("/var/lib/dpkg", "/var/log/dpkg.log", "/var/cache/debconf", "/var/lib/systemd/catalog")
"""What dpkg and systemd's trigger write for any package."""
SEALED = "var/lib/guestseal/sealed.json"

PROBE = """#!/bin/sh
# What the package manager does on a running machine, with the state of all units after each act.
look() {
    systemctl show -p Id -p ActiveState -p InvocationID -p ConditionTimestampMonotonic UNITS > /probe/$1
    journalctl -b -o cat -t guestseal >> /probe/$1
}
mkdir /probe
dpkg -i /first.deb && look install
dpkg -i /second.deb && look upgrade
dpkg -r guestseal && look remove
dpkg -P guestseal && look purge
dpkg -i /first.deb
guestseal seal --yes --force --scrub none
guestseal status --format json > /probe/armed
systemctl is-active guestseal-finalize > /probe/finalize
dpkg -r guestseal
systemctl --no-block poweroff
"""
PROBE_UNIT = """[Unit]
After=multi-user.target
[Service]
Type=oneshot
ExecStart=/probe.sh
[Install]
WantedBy=graphical.target
"""


@pytest.fixture(scope="module")
def newer(deb: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same package as the next revision."""
    directory = tmp_path_factory.mktemp("newer")
    run("dpkg-deb", "--raw-extract", deb, directory / "tree")
    control = directory / "tree/DEBIAN/control"
    control.write_text(control.read_text().replace(f"Version: {__version__}-1\n", f"Version: {__version__}-2\n"))
    run("dpkg-deb", "--build", "--root-owner-group", directory / "tree", directory / "newer.deb")
    return directory / "newer.deb"


@pytest.fixture(params=RELEASES)
def tree(request: pytest.FixtureRequest, tmp_path: Path, deb: Path, newer: Path) -> Iterator[Path]:
    """A Debian with what guestseal needs, and both revisions of the package at hand."""
    with view(base(request.param), tmp_path / "view") as shown:
        shutil.copy(deb, shown / "first.deb")
        shutil.copy(newer, shown / "second.deb")
        yield shown


def test_it_holds_every_file_and_no_other(deb: Path) -> None:
    listed = run("dpkg-deb", "--contents", deb).stdout.splitlines()
    held = {line.split()[5][1:] for line in listed if not line.startswith("d")}
    unit_directory = run("pkg-config", "--variable=systemdsystemunitdir", "systemd").stdout.strip()
    assert held == files(units=unit_directory, zsh="/usr/share/zsh/vendor-completions") | OWN


def test_lintian_finds_no_error_and_warns_of_nothing(deb: Path) -> None:
    (changes,) = deb.parent.glob("*.changes")
    said = run("lintian", "--allow-root", "--pedantic", "--display-info", "--fail-on", "none", changes).stdout
    # The rest are remarks: no init script, no home page.
    assert [line for line in said.splitlines() if line.startswith(("E: ", "W: "))] == []


def test_two_builds_are_equal(deb: Path, tmp_path: Path) -> None:
    again = build("deb", tmp_path)
    for first in (deb, *deb.parent.glob("*.tar.*"), *deb.parent.glob("*.dsc")):
        assert filecmp.cmp(first, again.parent / first.name, shallow=False), first.name


def test_who_has_unpacked_the_sources_builds_the_same_without_git(deb: Path, tmp_path: Path) -> None:
    (sources,) = deb.parent.glob("*.orig.tar.gz")
    run("tar", "--extract", "--file", sources, "--directory", tmp_path)
    (unpacked,) = tmp_path.iterdir()
    run("bash", unpacked / "packaging/build-package", "deb", unpacked / "build", timeout=300)
    assert filecmp.cmp(deb, unpacked / "build" / deb.name, shallow=False)


def test_both_packages_have_the_version_of_the_program() -> None:
    changelog = (PROJECT / "packaging/debian/changelog").read_text()
    spec = (PROJECT / "packaging/guestseal.spec").read_text()
    assert changelog.startswith(f"guestseal ({__version__}-1) ")
    assert f"\nVersion:        {__version__}\nRelease:        1\n" in spec
    assert spec.partition("%changelog\n")[2].splitlines()[0].endswith(f" - {__version__}-1")


@pytest.mark.system
def test_a_purge_leaves_nothing(tree: Path) -> None:
    before = snapshot(tree)
    run("chroot", tree, "dpkg", "-i", "first.deb")
    assert enabled(tree) == list(ENABLED)
    assert run("chroot", tree, "guestseal", "--version").stdout == f"guestseal {__version__}\n"
    assert list((tree / "usr/share/guestseal/guestseal/__pycache__").glob("settings.*.pyc"))

    (tree / "etc/guestseal/guestseal.conf").write_text("[seal]\nroot-password = lock\n")
    (tree / SEALED).parent.mkdir()
    (tree / SEALED).write_text("{}")
    run("systemctl", "--root", tree, "disable", "guestseal-firstboot.service")
    run("chroot", tree, "dpkg", "-i", "second.deb")
    assert enabled(tree) == ["guestseal-local.service"]

    run("chroot", tree, "dpkg", "-r", "guestseal")
    assert (tree / "etc/guestseal/guestseal.conf").read_text() == "[seal]\nroot-password = lock\n"
    assert (tree / SEALED).exists()
    assert not list((tree / "usr/share").glob("guestseal"))

    run("chroot", tree, "dpkg", "-P", "guestseal")
    assert [path for path in changed(before, snapshot(tree)) if not path.startswith(DPKG)] == []


@pytest.mark.system
def test_every_systemd_takes_the_units_without_a_remark(tree: Path) -> None:
    run("chroot", tree, "dpkg", "-i", "first.deb")
    said = inside(tree, "systemd-analyze", "verify", "--man=no", *UNITS)
    assert "guestseal" not in said.stdout + said.stderr


@pytest.mark.system
def test_nothing_is_started_or_sealed_on_a_running_machine(tree: Path) -> None:
    (tree / "probe.sh").write_text(PROBE.replace("UNITS", " ".join(UNITS)))
    (tree / "probe.sh").chmod(0o755)
    (tree / "etc/systemd/system/probe.service").write_text(PROBE_UNIT)
    run("systemctl", "--root", tree, "enable", "probe.service")
    with Container(tree) as box:
        box.wait()
    seen = {path.name: path.read_text() for path in (tree / "probe").iterdir()}
    quiet = {"InvocationID=", "ConditionTimestampMonotonic=0", "ActiveState=inactive", ""}
    for act in ("install", "upgrade", "remove", "purge"):
        assert {line for line in seen[act].splitlines() if not line.startswith("Id=")} == quiet, act

    assert '"status": "prepared"' in seen["armed"], seen
    assert seen["finalize"] == "active\n"
    assert not list((tree / "var/lib/guestseal").glob("seal*.json"))
