"""fstab(5): its lines, and one of them changed."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from guestseal.guest.boot.fstab import Mount, mounts, read, unmounted, with_spec
from guestseal.guest.tree import Tree

TEXT = """# /etc/fstab
UUID=1\t/   ext4 errors=remount-ro 0 1

 LABEL=my\\040data /mnt/my\\040data auto defaults,nofail 0 2
/dev/sr0 /media/cdrom0
incomplete
UUID=5 none swap sw 0 0\r
"""


def test_lines_are_fields_between_spaces_and_tabs() -> None:
    assert list(mounts(TEXT)) == [
        Mount(2, "UUID=1", "/", "ext4", ("errors=remount-ro",)),
        Mount(4, "LABEL=my data", "/mnt/my data", "auto", ("defaults", "nofail")),
        Mount(5, "/dev/sr0", "/media/cdrom0", "auto", ("defaults",)),
        Mount(7, "UUID=5", "none", "swap", ("sw",)),
    ]


def test_a_type_alone_has_default_options() -> None:
    assert list(mounts("UUID=1 / xfs\n")) == [Mount(1, "UUID=1", "/", "xfs", ("defaults",))]


@pytest.mark.parametrize(
    ("options", "awaited", "automatic"),
    [
        ("defaults", True, True),
        ("rw,nofail", False, True),
        ("noauto,user", False, False),
        ("x-systemd.automount", False, True),
        ("x-systemd.device-timeout=5", True, True),
    ],
)
def test_a_boot_waits_unless_it_is_told_not_to(options: str, awaited: bool, automatic: bool) -> None:
    mount = next(mounts(f"UUID=1 /data ext4 {options} 0 0"))
    assert (mount.awaited, mount.automatic) == (awaited, automatic)


def test_another_device_leaves_all_else_as_it_is() -> None:
    changed = with_spec(TEXT, 4, "LABEL=a b#c")
    assert changed == TEXT.replace("LABEL=my\\040data ", "LABEL=a\\040b\\043c ")
    assert with_spec(TEXT, 7, "UUID=6") == TEXT.replace("UUID=5", "UUID=6")


def test_no_fstab_is_not_an_empty_one(tmp_path: Path) -> None:
    with Tree(str(tmp_path)) as tree:
        assert read(tree) is None
        (tmp_path / "etc").mkdir()
        (tmp_path / "etc/fstab").write_bytes(b"\xff\n")
        assert read(tree) == ()


def test_what_a_boot_mounts_and_is_not_mounted_is_named(tmp_path: Path) -> None:
    lines = (
        "UUID=1 / ext4 defaults 0 1",
        "UUID=2 /var xfs defaults 0 2",
        "/data/home /home none bind 0 0",
        "UUID=3 /boot/efi vfat umask=0077 0 1",
        "UUID=4 /usr ext4 defaults 0 2",  # its files are in this tree
        "UUID=5 /data auto nofail 0 2",
        "server:/x /srv nfs defaults 0 0",
        "tmpfs /tmp tmpfs defaults 0 0",
        "UUID=6 none swap sw 0 0",
        "/dev/sr0 /media/cdrom udf,iso9660 user,noauto 0 0",
    )
    for name in ("etc", "var", "home", "boot", "usr/bin", "data", "srv", "tmp"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "etc/fstab").write_text("\n".join(lines))
    with Tree(str(tmp_path)) as tree:
        found = dict(unmounted(tree))
    assert list(found) == ["/var", "/home", "/boot/efi"]
    assert found["/var"] == "not mounted, so nothing on UUID=2 was looked at: mount it there and run the command again"


def test_an_empty_filesystem_that_is_mounted_is_no_missing_one(tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    (tmp_path / "var").mkdir()
    (tmp_path / "etc/fstab").write_text("UUID=2 /var ext4 defaults 0 2\n")
    subprocess.run(["mount", "--bind", tmp_path / "var", tmp_path / "var"], check=True)
    try:
        with Tree(str(tmp_path)) as tree:
            assert dict(unmounted(tree)) == {}
    finally:
        subprocess.run(["umount", tmp_path / "var"], check=True)
    with Tree(str(tmp_path)) as tree:
        assert list(dict(unmounted(tree))) == ["/var"]


def test_an_fstab_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    (tmp_path / "etc/fstab").mkdir(parents=True)
    with Tree(str(tmp_path)) as tree:
        assert dict(unmounted(tree)) == {"/etc/fstab": "not a regular file: never opened"}
