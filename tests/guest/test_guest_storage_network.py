"""What a guest boots from, and how it comes to an initiator name."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.trees import File, build

from guestseal.guest.boot.iscsi import generates_on_request, generates_when_missing
from guestseal.guest.boot.root_disk import on_iscsi, on_nvme_fabrics
from guestseal.guest.tree import Tree

UNITS = "/usr/lib/systemd/system"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("/boot/loader/entries/a.conf", "options root=UUID=1 netroot=iscsi:192.0.2.1::::iqn.x\n"),
        ("/boot/grub2/grub.cfg", "linux /vmlinuz rd.iscsi.firmware=1\n"),
        ("/etc/kernel/cmdline", "ip=ibft\n"),
        ("/etc/default/grub.d/x.cfg", 'GRUB_CMDLINE_LINUX="iscsi_initiator=iqn.x"\n'),
        ("/etc/fstab", "/dev/disk/by-path/pci-0-ip-192.0.2.1:3260-iscsi-iqn.x-lun-1 / ext4 defaults 0 1\n"),
        ("/etc/iscsi/iscsi.initramfs", ""),
    ],
)
def test_a_root_on_iscsi(tmp_path: Path, path: str, text: str) -> None:
    build(tmp_path, {path: File(text)})
    with Tree(str(tmp_path)) as tree:
        assert on_iscsi(tree)
        assert not on_nvme_fabrics(tree)


def test_a_local_root(tmp_path: Path) -> None:
    files = {
        "/etc/fstab": "# -iscsi-\nUUID=1 / ext4 defaults 0 1\n",
        "/etc/default/grub": 'GRUB_CMDLINE_LINUX="quiet"\n',
    }
    build(tmp_path, {path: File(text) for path, text in files.items()})
    with Tree(str(tmp_path)) as tree:
        assert not on_iscsi(tree)
        assert not on_nvme_fabrics(tree)


def test_a_root_on_nvme_over_a_network(tmp_path: Path) -> None:
    build(tmp_path, {"/etc/cmdline.d/nvme.conf": File("rd.nvmf.discover=tcp,192.0.2.1\n")})
    with Tree(str(tmp_path)) as tree:
        assert on_nvme_fabrics(tree)


def test_debians_script_makes_a_name_on_request_only(tmp_path: Path) -> None:
    build(tmp_path, {"/lib/open-iscsi/startup-checks.sh": File("#!/bin/sh\n", 0o755)})
    with Tree(str(tmp_path)) as tree:
        assert generates_on_request(tree)
        assert not generates_when_missing(tree)


@pytest.mark.parametrize(
    "files",
    [
        {f"{UNITS}/iscsi-init.service": "[Unit]\n", f"{UNITS}/iscsid.service": "[Unit]\nRequires=iscsi-init.service\n"},
        {f"{UNITS}/iscsi-init.service": "[Unit]\n", "/etc/systemd/system/a.wants/iscsi-init.service": "[Unit]\n"},
        {"/etc/init.d/iscsid": 'echo "InitiatorName=${IQN}" >> "${INITIATORNAME_FILE}"\n'},
    ],
)
def test_a_missing_name_is_made(tmp_path: Path, files: dict[str, str]) -> None:
    build(tmp_path, {path: File(text) for path, text in files.items()})
    with Tree(str(tmp_path)) as tree:
        assert generates_when_missing(tree)


def test_a_unit_that_nothing_starts_makes_none(tmp_path: Path) -> None:
    build(tmp_path, {f"{UNITS}/iscsi-init.service": File("[Unit]\n"), f"{UNITS}/iscsid.service": File("[Unit]\n")})
    with Tree(str(tmp_path)) as tree:
        assert not generates_when_missing(tree)
