"""Labels: what is asked of restorecon, and that nothing is asked without SELinux."""

from __future__ import annotations

from pathlib import Path

import pytest

from guestseal.machine.commands import Commands
from guestseal.machine.selinux import relabel


def commands(directory: Path, script: str) -> Commands:
    """The machine's programs, with ``script`` for a restorecon."""
    program = directory / "restorecon"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    return Commands({"PATH": f"{directory}:/usr/bin:/bin"})


def test_new_files_are_given_to_restorecon_by_name(tmp_path: Path) -> None:
    asked = commands(tmp_path, f'printf "%s\\n" "$@" > {tmp_path}/asked')
    assert relabel(asked, ["/etc/hostname", "/home/a b/.ssh"], mounted=str(tmp_path)) == ()
    assert (tmp_path / "asked").read_text() == "--\n/etc/hostname\n/home/a b/.ssh\n"


@pytest.mark.parametrize("script", ["echo no policy >&2; exit 1", None])
def test_a_label_that_cannot_be_set_is_a_warning_with_the_remedy(tmp_path: Path, script: str | None) -> None:
    asked = Commands({"PATH": str(tmp_path)}) if script is None else commands(tmp_path, script)
    (warning,) = relabel(asked, ["/etc/hostname"], mounted=str(tmp_path))
    assert warning.startswith("SELinux labels not set (restorecon")
    assert warning.endswith("; run restorecon on /etc/hostname")


def test_without_selinux_and_without_files_nothing_is_run(tmp_path: Path) -> None:
    asked = commands(tmp_path, f"touch {tmp_path}/asked")
    assert relabel(asked, ["/etc/hostname"], mounted=str(tmp_path / "no-selinuxfs")) == ()
    assert relabel(asked, [], mounted=str(tmp_path)) == ()
    assert not (tmp_path / "asked").exists()
