"""The deb and the rpm of this working tree, and the files that they should hold."""

from __future__ import annotations

import subprocess
from pathlib import Path

from support.debian import PROJECT, run

from guestseal import __version__

BUILD_TIMEOUT = 300
COMMANDS = ("guestseal", "seal")
CATALOGUES = ("guestseal-operations", "guestseal-checks")
"""Pages of the manual that belong to no command and no unit."""

UNITS = sorted(path.name for path in (PROJECT / "systemd").iterdir() if path.suffix in (".service", ".timer"))
ENABLED = ("guestseal-firstboot.service", "guestseal-local.service")


def build(kind: str, directory: Path) -> Path:
    """Build the ``deb`` or the ``rpm`` below ``directory``, as make does: the path of the package that is installed."""
    run("bash", PROJECT / "packaging/build-package", kind, directory, timeout=BUILD_TIMEOUT)
    name = f"guestseal_{__version__}-1_all.deb" if kind == "deb" else f"guestseal-{__version__}-1.noarch.rpm"
    return directory / name


def files(*, units: str, zsh: str) -> set[str]:
    """What both packages install, with units and zsh's completion in the directories that the distribution has."""
    return {
        f"{zsh}/_guestseal",
        *(f"/usr/share/bash-completion/completions/{name}" for name in COMMANDS),
        *(f"/usr/share/fish/vendor_completions.d/{name}.fish" for name in COMMANDS),
        "/usr/share/man/man5/guestseal.conf.5.gz",
        *(f"/usr/share/man/man8/{name}.8.gz" for name in (*COMMANDS, *UNITS, *CATALOGUES)),
        *(f"/usr/bin/{name}" for name in COMMANDS),
        "/etc/guestseal/guestseal.conf",
        "/usr/lib/systemd/catalog/guestseal.catalog",
        "/usr/lib/systemd/system-preset/90-guestseal.preset",
        *(f"{units}/{name}" for name in UNITS),
        *(f"/usr/share/guestseal/{path.relative_to(PROJECT)}" for path in (PROJECT / "guestseal").rglob("*.py")),
    }


def enabled(tree: Path) -> list[str]:
    """Which of guestseal's units the next boot of ``tree`` would start."""
    wanted = (tree / "etc/systemd/system").glob("*.wants/guestseal*")
    return sorted(path.name for path in wanted)


def inside(tree: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run a command of ``tree``, which is not booted, with a /proc and nothing of this machine."""
    options = ["--quiet", "--register=no", "--keep-unit", "--pipe", "--private-network"]
    unchanged = ["--resolv-conf=off", "--timezone=off", "--link-journal=no"]
    return run("systemd-nspawn", *options, *unchanged, "--directory", tree, *command)
