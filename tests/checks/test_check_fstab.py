"""Mounts that a clone can do, and those that stop it."""

from __future__ import annotations

from pathlib import Path

from support.block_devices import GPT, Part, blkid, with_disks
from support.check_cases import CheckCase
from support.disks import EXT4, as_root, disk
from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, UBUNTU
from support.trees import File

from guestseal.check.check import Subject
from guestseal.check.checks.fstab import CHECK
from guestseal.check.readiness import profiles
from guestseal.guest.facts import Guest
from guestseal.guest.root import Root

FSTAB = "/etc/fstab"
ROOT = {"DEVNAME": "/dev/sda1", "UUID": "aaaa", "TYPE": "ext4"}
ESP = {"DEVNAME": "/dev/sda15", "UUID": "12-34", "LABEL": "UEFI", "TYPE": "vfat"}
DATA = {"DEVNAME": "/dev/sdb1", "UUID": "dddd", "LABEL": "my\\ data", "TYPE": "xfs"}
PARTS = (Part("sda1", point="/"), Part("sda15", point="/boot/efi"))
MACHINE = with_disks({"sda": GPT}, *PARTS, commands=blkid(ROOT, ESP))
TWO_DISKS = with_disks({"sda": GPT, "sdb": GPT}, *PARTS, Part("sdb1"), commands=blkid(ROOT, ESP, DATA))


def fstab(*lines: str) -> File:
    return File("# made by the installer\n" + "".join(f"{line}\n" for line in lines))


CLOUD = fstab("UUID=aaaa / ext4 rw,discard,errors=remount-ro 0 1", "LABEL=UEFI /boot/efi vfat umask=0077 0 1")

CASES = (
    CheckCase("as the cloud image has it", UBUNTU, {FSTAB: CLOUD}),
    CheckCase("as the cloud image has it, running", UBUNTU, {FSTAB: CLOUD}, machine=MACHINE),
    CheckCase("nothing in it", DEBIAN, {FSTAB: File("# UNCONFIGURED FSTAB FOR BASE SYSTEM\n")}),
    CheckCase(
        "volumes", REDHAT, {FSTAB: fstab("/dev/mapper/rl-root / xfs defaults 0 0", "UUID=1 /boot xfs defaults 0 0")}
    ),
    CheckCase(
        "what no boot waits for",
        DEBIAN,
        {
            FSTAB: fstab(
                "/dev/sr0 /media/cdrom0 udf,iso9660 user,noauto 0 0",
                "/dev/sdb1 /data ext4 defaults,nofail 0 2",
                "server:/export /srv nfs x-systemd.automount 0 0",
                "tmpfs /tmp tmpfs size=1G 0 0",
                "/srv/www /var/www none bind 0 0",
            )
        },
        machine=MACHINE,
    ),
    CheckCase("swap is another check's", DEBIAN, {FSTAB: fstab("/dev/sda5 none swap sw 0 0")}),
    CheckCase(
        "names that only a person can mend",
        SUSE,
        {FSTAB: fstab("/dev/sda1 / btrfs defaults 0 0", "/dev/disk/by-id/ata-QEMU_1-part3\t/home xfs defaults 0 0")},
        (
            "/ is on /dev/sda1, the name that the kernel gave it",
            "/home is on /dev/disk/by-id/ata-QEMU_1-part3, its serial",
        ),
        mended={FSTAB: fstab("UUID=1 / btrfs defaults 0 0", "UUID=2\t/home xfs defaults 0 0")},
    ),
    CheckCase(
        "names of what is mounted there",
        DEBIAN,
        {FSTAB: fstab("/dev/sda1\t/  ext4 errors=remount-ro 0 1", "\t/dev/sda15 /boot/efi/ vfat umask=0077 0 1")},
        ("/dev/sda1", "/dev/sda15"),
        mended={
            FSTAB: fstab("UUID=aaaa\t/  ext4 errors=remount-ro 0 1", "\tUUID=12-34 /boot/efi/ vfat umask=0077 0 1")
        },
        machine=MACHINE,
    ),
    CheckCase(
        "a disk that is not here",
        DEBIAN,
        {
            FSTAB: fstab(
                "UUID=aaaa / ext4 defaults 0 1", "UUID=ffff /data ext4 defaults 0 2", "/dev/old/vol /x ext4 auto 0 0"
            )
        },
        ("/data is on UUID=ffff, which no disk here", "/x is on /dev/old/vol, which no disk here"),
        mended={FSTAB: fstab("UUID=aaaa / ext4 defaults 0 1")},
        machine=MACHINE,
    ),
    CheckCase(
        "another disk",
        ALPINE,
        {FSTAB: fstab("UUID=aaaa / ext4 defaults 0 1", "/dev/disk/by-label/my\\x20data /data xfs defaults 0 2")},
        ("another disk than that of the root filesystem",),
        mended={FSTAB: fstab("UUID=aaaa / ext4 defaults 0 1", "LABEL=my\\040data /data xfs nofail 0 2")},
        machine=TWO_DISKS,
    ),
    CheckCase(
        "servers",
        REDHAT,
        {FSTAB: fstab("server:/export /srv nfs4 _netdev 0 0", "//server/share /mnt cifs guest 0 0")},
        ("/srv is on a server", "/mnt is on a server"),
        fails=False,
        mended={FSTAB: fstab("server:/export /srv nfs4 nofail 0 0")},
    ),
    CheckCase(
        "directories of the hypervisor",
        UBUNTU,
        {FSTAB: fstab("host /mnt 9p trans=virtio 0 0", "tag /srv virtiofs defaults")},
        ("/mnt is a directory of the template's hypervisor", "/srv is a directory"),
        mended={FSTAB: fstab("tag /srv virtiofs nofail")},
    ),
    CheckCase(
        "a password",
        DEBIAN,
        {FSTAB: fstab("//server/share /mnt cifs nofail,username=web,password=Geheim1 0 0")},
        ("the password for /mnt is in its options",),
        mended={FSTAB: fstab()},
    ),
    CheckCase(
        "a file with a password",
        DEBIAN,
        {
            FSTAB: fstab("//server/share /mnt cifs nofail,credentials=/root/.smb 0 0"),
            "/root/.smb": File("password=Geheim1"),
        },
        ("the password for /mnt goes with every clone",),
        fails=False,
        mended={"/root/.smb": None},
    ),
    CheckCase(
        "a name that no terminal shall show",
        DEBIAN,
        {FSTAB: fstab("/dev/sdb1 /data\\033[2J ext4 defaults 0 2")},
        ("/data\\x1b[2J is on /dev/sdb1",),
        mended={FSTAB: fstab()},
    ),
    CheckCase("no fstab", ALPINE, {}, skipped="no fstab"),
)


@as_root
def test_the_disk_of_a_mounted_image_is_named_by_its_uuid(tmp_path: Path) -> None:
    uuid = "11111111-2222-3333-4444-555555555555"
    with disk(tmp_path, 64, *EXT4, "-U", uuid) as image:

        def mend(top: Path) -> str:
            (top / "etc/fstab").write_text("/dev/sda1 / ext4 errors=remount-ro 0 1\n/dev/sda2 /home ext4 nofail 0 2\n")
            with Root(str(top)) as tree:
                subject = Subject(Guest(tree), profiles()["generic"].value)
                assert len(list(CHECK.look(subject))) == 1
                fix = CHECK.fix(subject) if CHECK.fix else None
                assert fix is not None
                for action in fix.actions:
                    action.perform(tree)
                assert list(CHECK.look(subject)) == []
            return (top / "etc/fstab").read_text()

        mended = image.mounted(mend)
    assert mended == f"UUID={uuid} / ext4 errors=remount-ro 0 1\n/dev/sda2 /home ext4 nofail 0 2\n"


def test_a_password_is_never_told(tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/fstab").write_text("//server/share /mnt cifs username=web,password=Geheim1 0 0\n")
    with Root(str(tmp_path)) as tree:
        told = [str(problem) for problem in CHECK.look(Subject(Guest(tree), profiles()["generic"].value))]
    assert len(told) == 2
    assert "Geheim1" not in "".join(told)
