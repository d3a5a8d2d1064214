"""The rpm: what is in it, and that installing, upgrading and erasing it leaves nothing.

Fedora and Enterprise Linux are not at hand: the spec is read with their macros, and the
package that Debian's rpmbuild makes is installed by Debian's rpm.
"""

from __future__ import annotations

import filecmp
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.debian import PROJECT, base, changed, run, snapshot, view
from support.packages import ENABLED, UNITS, build, enabled, files

from guestseal import __version__

SPEC = PROJECT / "packaging/guestseal.spec"
FEDORA = Path(__file__).with_name("fedora.macros")
OWN = {
    f"/usr/share/doc/guestseal-{__version__}/README.md",
    f"/usr/share/licenses/guestseal-{__version__}/LICENSE",
}
"""What only an rpm has, where Debian's rpm puts it."""
DATABASE = "/var/lib/rpm"
FEDORAS = (DATABASE, "/usr/share/licenses")
"""What Fedora has without this package."""
SEALED = "var/lib/guestseal/sealed.json"


@pytest.fixture(scope="module")
def newer(rpm: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same package as the next release."""
    directory = tmp_path_factory.mktemp("newer")
    (source,) = rpm.parent.glob("*.src.rpm")
    run("rpm", "--define", f"_topdir {directory}", "--nodeps", "-i", source)
    spec = directory / "SPECS/guestseal.spec"
    spec.write_text(spec.read_text().replace("\nRelease:        1\n", "\nRelease:        2\n"))
    run("rpmbuild", "--define", f"_topdir {directory}", "-bb", spec)
    (built,) = directory.glob("RPMS/noarch/*.rpm")
    return built


@pytest.fixture
def tree(tmp_path: Path) -> Iterator[Path]:
    """A Debian with what guestseal needs, for want of a Fedora."""
    with view(base(), tmp_path / "view") as shown:
        yield shown


def test_it_holds_every_file_and_no_other(rpm: Path) -> None:
    listed = run("rpm", "--query", "--package", "--list", "--verbose", rpm).stdout.splitlines()
    held = {line.split()[8] for line in listed if not line.startswith("d")}
    assert held == files(units="/usr/lib/systemd/system", zsh="/usr/share/zsh/site-functions") | OWN


def test_it_is_for_every_python_from_3_9(rpm: Path) -> None:
    wanted = run("rpm", "--query", "--package", "--requires", rpm).stdout.splitlines()
    assert "python3 >= 3.9" in wanted
    assert not [line for line in wanted if line.startswith(("python(abi)", "python3.", "python3-netifaces"))]


def test_rpmlint_finds_no_error_and_warns_of_nothing(rpm: Path) -> None:
    words = ["rpmlint", "--config", PROJECT / "packaging/rpmlint.toml", SPEC, *rpm.parent.glob("*.rpm")]
    assert " 0 errors, 0 warnings" in run(*words).stdout


def test_two_builds_are_equal(rpm: Path, tmp_path: Path) -> None:
    assert filecmp.cmp(rpm, build("rpm", tmp_path), shallow=False)


def test_the_spec_is_understood_with_fedoras_macros() -> None:
    said = run("rpmspec", "--load", FEDORA, "--parse", SPEC)
    assert said.stderr == ""
    assert "BuildRequires:  systemd-rpm-macros" in said.stdout
    for act in ("install", "remove"):
        (units,) = re.findall(rf"systemd-update-helper {act}-system-units (.*)", said.stdout)
        assert {*ENABLED} <= {*units.split()} == {*UNITS} - {"guestseal-finalize.service"}


def test_a_bare_root_takes_it_and_gives_it_back(rpm: Path, tmp_path: Path) -> None:
    rpm_there = ["rpm", "--root", tmp_path, "--dbpath", DATABASE, "--nodeps", "--noscripts"]
    run(*rpm_there, "--install", rpm)
    assert run(*rpm_there, "--verify", "guestseal").stdout == ""
    (tmp_path / "usr/bin/seal").unlink()
    with pytest.raises(AssertionError, match="missing +/usr/bin/seal"):
        run(*rpm_there, "--verify", "guestseal")
    run(*rpm_there, "--erase", "guestseal")
    assert not [path for path in tmp_path.rglob("*") if path.match("*guestseal*") or path.name == "seal"]


@pytest.mark.system
def test_an_erasure_leaves_only_what_was_edited_and_sealed(tree: Path, rpm: Path, newer: Path) -> None:
    rpm_there = ["rpm", "--root", tree, "--dbpath", DATABASE, "--nodeps"]
    before = snapshot(tree)
    run(*rpm_there, "--install", rpm)
    assert enabled(tree) == list(ENABLED)
    assert run("chroot", tree, "guestseal", "--version").stdout == f"guestseal {__version__}\n"
    assert list((tree / "usr/share/guestseal/guestseal/__pycache__").glob("settings.*.pyc"))
    assert run(*rpm_there, "--verify", "guestseal").stdout == ""

    (tree / "etc/guestseal/guestseal.conf").write_text("[seal]\nroot-password = lock\n")
    (tree / SEALED).parent.mkdir(exist_ok=True)
    (tree / SEALED).write_text("{}")
    run("systemctl", "--root", tree, "disable", "guestseal-firstboot.service")
    run(*rpm_there, "--upgrade", newer)
    assert enabled(tree) == ["guestseal-local.service"]

    run(*rpm_there, "--erase", "guestseal")
    left = {path for path in changed(before, snapshot(tree)) if not path.startswith(FEDORAS)}
    assert left == {
        "/etc/guestseal",
        "/etc/guestseal/guestseal.conf.rpmsave",
        "/var/lib/guestseal",
        f"/{SEALED}",
    }
