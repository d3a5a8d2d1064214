"""Clones whose template master has guestseal from a package, and by nothing else."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from support.containers import INTERFACES, Container, network, platform, ssh
from support.debian import base, dirty, run, view
from support.packages import inside

pytestmark = pytest.mark.system

NAME = "web1"
INSTANCE = "i-0123456789abcdef0"


@pytest.mark.parametrize("kind", ["deb", "rpm"])
def test_a_clone_is_made_a_machine_of_its_own(request: pytest.FixtureRequest, tmp_path: Path, kind: str) -> None:
    package: Path = request.getfixturevalue(kind)
    key = tmp_path / "owner"
    run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key)
    said = {"instance_id": INSTANCE, "hostname": NAME, "ssh_keys": [key.with_suffix(".pub").read_text().strip()]}
    with view(base(), tmp_path / "template") as tree:
        INSTALL[kind](tree, package)
        dirty(tree)
        (tree / "etc/network/interfaces").write_text(INTERFACES)
        inside(tree, "seal", "--yes", "--force")
        with network() as (lab, clone), platform(lab, tmp_path, "ec2", **said), Container(tree, namespace=clone) as box:
            box.expect("-----END SSH HOST KEY FINGERPRINTS-----")
            box.expect(f"{NAME} login: ")
            done = ssh(lab, key, "hostname; guestseal query instance-id; guestseal status --format json; poweroff")
            box.wait()
    name, instance, status = done.stdout.split("\n", 2)
    assert (name, instance, json.loads(status)["status"]) == (NAME, INSTANCE, "done")


def _with_dpkg(tree: Path, package: Path) -> None:
    shutil.copy(package, tree / "guestseal.deb")
    run("chroot", tree, "dpkg", "-i", "guestseal.deb")


def _with_rpm(tree: Path, package: Path) -> None:
    run("rpm", "--root", tree, "--dbpath", "/var/lib/rpm", "--nodeps", "-i", package)


INSTALL: dict[str, Callable[[Path, Path], None]] = {"deb": _with_dpkg, "rpm": _with_rpm}
