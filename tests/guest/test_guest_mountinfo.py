"""Which mounts are the guest's, judged by the text the kernel gives."""

from __future__ import annotations

import pytest

from guestseal.guest.mounts import Mount, judge, parse_mounts

ROOT = b"27 1 254:0 / / rw,relatime - ext4 /dev/vda rw,discard\n"


def judged(text: bytes, point: str = "/") -> dict[str, str | None]:
    """Mount point inside the root → why it is foreign, for each mount below the root."""
    mounts = parse_mounts(text)
    root = [mount for mount in mounts if mount.point == point][-1]
    return {inside: foreign and foreign.why for _, inside, foreign in judge(mounts, root, point)}


def test_a_line_is_parsed() -> None:
    line = b"36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 propagate_from:2 - ext3 /dev/root rw,errors=continue\n"
    assert parse_mounts(line) == [Mount(36, 35, "98:0", "/mnt1", "/mnt2", "ext3", "rw,errors=continue")]


@pytest.mark.parametrize(
    ("escaped", "point"),
    [
        (rb"/a\040b", "/a b"),
        (rb"/a\011b\012c", "/a\tb\nc"),
        (rb"/a\134040b", "/a\\040b"),
        (rb"/a\134\040", "/a\\ "),
        ("/a\u00a0b\u2028c".encode(), "/a\u00a0b\u2028c"),
        (b"/a\rb\x0bc\x1cd\x85", "/a\rb\x0bc\x1cd\udc85"),
        (b"/\xff", "/\udcff"),
        (b"/-", "/-"),
    ],
)
def test_a_mount_point_may_have_any_name(escaped: bytes, point: str) -> None:
    text = ROOT + b"40 27 0:50 / " + escaped + b" rw shared:1 - fuse.sshfs alice@host: rw,user_id=0\n"
    assert parse_mounts(text)[1] == Mount(40, 27, "0:50", "/", point, "fuse.sshfs", "rw,user_id=0")


def test_an_empty_source_shifts_nothing() -> None:
    text = b"40 27 0:50 / /x rw -  tmpfs  rw\n".replace(b"-  ", b"- ")
    assert parse_mounts(text)[0].kind == "tmpfs"
    assert parse_mounts(text)[0].options == "rw"


@pytest.mark.parametrize("kind", ["ext4", "xfs", "btrfs", "zfs", "f2fs", "vfat"])
def test_a_whole_local_filesystem_is_the_guests(kind: str) -> None:
    text = ROOT + b"40 27 254:1 / /home rw - " + kind.encode() + b" /dev/vdb rw\n"
    assert judged(text) == {"/home": None}


@pytest.mark.parametrize(
    "kind",
    (
        *("nfs", "nfs4", "cifs", "smb3", "9p", "virtiofs", "ceph", "glusterfs", "fuse", "fuse.sshfs", "fuseblk", "afs"),
        *("autofs", "proc", "sysfs", "devtmpfs", "efivarfs", "cgroup2", "bpf", "debugfs", "squashfs", "iso9660", "new"),
    ),
)
def test_what_is_no_local_disk_is_not(kind: str) -> None:
    text = ROOT + b"40 27 0:50 / /home rw - " + kind.encode() + b" server:/home rw\n"
    assert "not a local disk" in str(judged(text)["/home"])


@pytest.mark.parametrize("kind", ["tmpfs", "ramfs"])
def test_a_tmpfs_holds_nothing_that_stays(kind: str) -> None:
    mounts = parse_mounts(ROOT + b"40 27 0:50 / /tmp rw - " + kind.encode() + b" tmpfs rw\n")
    assert [foreign and foreign.volatile for _, _, foreign in judge(mounts, mounts[0], "/")] == [True]


@pytest.mark.parametrize(("kind", "volatile"), [("proc", True), ("sysfs", True), ("devtmpfs", True), ("nfs4", False)])
def test_what_the_kernel_makes_up_holds_nothing_that_anybody_has_to_be_told_of(kind: str, volatile: bool) -> None:
    mounts = parse_mounts(ROOT + b"40 27 0:50 / /place rw - " + kind.encode() + b" none rw\n")
    assert [foreign and foreign.volatile for _, _, foreign in judge(mounts, mounts[0], "/")] == [volatile]


def test_an_automount_that_was_triggered_is_what_is_mounted_on_it() -> None:
    text = ROOT + (
        b"40 27 0:50 / /boot/efi rw - autofs systemd-1 rw\n41 40 254:15 / /boot/efi rw - vfat /dev/vda15 rw\n"
    )
    assert judged(text) == {"/boot/efi": None}


def test_a_bind_mount_is_not_the_guests() -> None:
    text = ROOT + b"40 27 254:0 /srv/x /home/alice/x rw - ext4 /dev/vda rw\n"
    assert "bind mount of /srv/x" in str(judged(text)["/home/alice/x"])


@pytest.mark.parametrize(
    ("root", "mounts"),
    {
        "a directory": (ROOT, b"40 27 254:0 /usr /usr ro - ext4 /dev/vda rw\n"),
        "one upon the other": (
            ROOT,
            b"40 27 254:0 /usr /usr ro - ext4 /dev/vda rw\n41 40 254:0 /usr /usr rw - ext4 /dev/vda rw\n",
        ),
        "one in the other": (
            ROOT,
            b"40 27 254:0 /var /var ro - ext4 /dev/vda rw\n41 40 254:0 /var/lib /var/lib rw - ext4 /dev/vda rw\n",
        ),
        "a directory of a subvolume": (
            b"27 1 0:30 /@ / rw - btrfs /dev/vda2 rw,subvol=/@\n",
            b"40 27 0:30 /@/usr /usr ro - btrfs /dev/vda2 rw,subvol=/@\n",
        ),
        "a root that is a directory": (
            b"27 1 254:0 /images/web / rw - ext4 /dev/vda rw\n",
            b"40 27 254:0 /images/web/usr /usr ro - ext4 /dev/vda rw\n",
        ),
        "a directory of a separate filesystem": (
            ROOT + b"30 27 254:1 / /home rw - xfs /dev/vdb rw\n",
            b"40 30 254:1 /ada /home/ada ro - xfs /dev/vdb rw\n",
        ),
        "with what is mounted in it": (
            ROOT + b"30 27 254:1 / /var/log rw - xfs /dev/vdb rw\n",
            b"40 27 254:0 /var /var ro - ext4 /dev/vda rw\n41 40 254:1 / /var/log ro - xfs /dev/vdb rw\n",
        ),
        "a whole separate filesystem": (
            ROOT + b"30 27 254:1 / /home rw - xfs /dev/vdb rw\n",
            b"40 30 254:1 / /home ro - xfs /dev/vdb rw\n",
        ),
    }.values(),
)
def test_what_is_bound_onto_its_own_place_is_the_guests(root: bytes, mounts: bytes) -> None:
    assert set(judged(root + mounts).values()) == {None}


@pytest.mark.parametrize(
    "mounts",
    {
        "another directory": b"40 27 254:0 /srv/usr /usr ro - ext4 /dev/vda rw\n",
        "the same path of another filesystem": b"40 27 254:1 /usr /usr ro - ext4 /dev/vdb rw\n",
        "the same path within a lent directory": b"39 27 254:0 /srv/x /usr rw - ext4 /dev/vda rw\n"
        b"40 39 254:0 /srv/x/lib /usr/lib ro - ext4 /dev/vda rw\n",
        "the path that the directory has outside the lent one": b"39 27 254:0 /srv/x /usr rw - ext4 /dev/vda rw\n"
        b"40 39 254:0 /usr/lib /usr/lib ro - ext4 /dev/vda rw\n",
        "its own place in a tmpfs": b"39 27 0:50 / /usr rw - tmpfs tmpfs rw\n"
        b"40 39 254:0 /usr/lib /usr/lib ro - ext4 /dev/vda rw\n",
        "the directory above": b"40 27 254:0 /usr /usr/lib ro - ext4 /dev/vda rw\n",
        "a name that only begins alike": b"40 27 254:0 /usr2 /usr ro - ext4 /dev/vda rw\n",
        "a directory that was removed": b"40 27 254:0 /usr//deleted /usr ro - ext4 /dev/vda rw\n",
    }.values(),
)
def test_what_is_bound_onto_another_place_is_not(mounts: bytes) -> None:
    assert None not in judged(ROOT + mounts).values()


def test_the_guest_mounted_into_itself_is_not_a_part_of_itself() -> None:
    text = ROOT + b"40 27 254:0 / /tmp/look rw - ext4 /dev/vda rw\n"
    assert "second mount" in str(judged(text)["/tmp/look"])


def test_of_two_mounts_of_one_filesystem_the_first_counts() -> None:
    text = ROOT + b"40 27 254:1 / /data rw - xfs /dev/vdb rw\n41 27 254:1 / /tmp/data rw - xfs /dev/vdb rw\n"
    assert judged(text)["/data"] is None
    assert "/data" in str(judged(text)["/tmp/data"])


def test_what_is_mounted_outside_as_well_is_not_the_guests() -> None:
    text = ROOT + (
        b"40 27 7:0 / /mnt/image rw - ext4 /dev/loop0 rw\n"
        b"41 27 254:1 / /data rw - xfs /dev/vdb rw\n"
        b"42 40 254:1 / /mnt/image/data rw - xfs /dev/vdb rw\n"
        b"43 40 7:1 / /mnt/image/home rw - xfs /dev/loop1 rw\n"
        b"44 27 7:2 / /mnt/image2 rw - xfs /dev/loop2 rw\n"
        b"45 40 254:0 / /mnt/image/host rw - ext4 /dev/vda rw\n"
    )
    assert judged(text, "/mnt/image") == {
        "/data": "on a filesystem that is mounted outside this root as well",
        "/home": None,
        "/host": "on a filesystem that is mounted outside this root as well",
    }


BTRFS = (
    b"27 1 0:30 /root / rw - btrfs /dev/vda2 rw,subvolid=256,subvol=/root\n"
    b"40 27 0:30 /home /home rw - btrfs /dev/vda2 rw,subvolid=257,subvol=/home\n"
)


def test_a_btrfs_subvolume_is_the_guests_and_a_directory_of_one_is_not() -> None:
    text = BTRFS + b"41 27 0:30 /home/x /srv/x rw - btrfs /dev/vda2 rw,subvolid=257,subvol=/home\n"
    assert judged(text)["/home"] is None
    assert "bind mount" in str(judged(text)["/srv/x"])


def test_a_subvolume_below_the_roots_own_is_the_guests() -> None:
    text = (
        b"27 1 0:30 /@ / rw - btrfs /dev/vda2 rw,subvolid=256,subvol=/@\n"
        b"40 27 0:30 /@/home /home rw - btrfs /dev/vda2 rw,subvolid=257,subvol=/@/home\n"
    )
    assert judged(text) == {"/home": None}


def test_a_mount_that_holds_the_root_is_not_a_part_of_it() -> None:
    text = BTRFS + (
        b"41 27 0:30 / /mnt/top rw - btrfs /dev/vda2 rw,subvolid=5,subvol=/\n"
        b"42 27 0:30 /home /tmp/home rw - btrfs /dev/vda2 rw,subvolid=257,subvol=/home\n"
    )
    assert "second mount" in str(judged(text)["/mnt/top"])
    assert "/home" in str(judged(text)["/tmp/home"])
