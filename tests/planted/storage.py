"""Storage, boot and snapshots: section 1D of the catalogue."""

from __future__ import annotations

from planted.seed import asked, at, folder, gone, kept, link, told

KEY = "-----BEGIN PRIVATE KEY-----\nMIIEvMARK\n-----END PRIVATE KEY-----\n"

# mkswap(8): version 1, one page after the first; then what was swapped out.
SWAP = (
    (b"\x00" * 1024 + b"\x01\x00\x00\x00\x03").ljust(4086, b"\x00")
    + b"SWAPSPACE2"
    + b"MARK".rjust(4096)
    + b"\x00" * 8188
)

SECTION = "1D"
SEEDS = [
    *gone(
        "st.iscsi.iqn",
        at(
            "/etc/iscsi/initiatorname.iscsi",
            "## DO NOT EDIT OR REMOVE THIS FILE!\nInitiatorName=iqn.1993-08.org.debian:01:MARK\n",
            0o600,
        ),
    ),
    *gone(
        "st.iscsi.nodes",
        at(
            "/var/lib/iscsi/nodes/iqn.2003-01.org.example:MARK/192.0.2.60,3260,1/default",
            "node.session.auth.password = MARK\n",
            0o600,
            on="RS",
        ),
        at("/var/lib/iscsi/{send_targets,ifaces}/MARK", "discovery.type = sendtargets\n", 0o600, on="RS"),
        at("/etc/iscsi/{nodes,send_targets}/MARK", "node.name = iqn.MARK\n", 0o600, on="D"),
    ),
    *told(
        "st.iscsi.nodes",
        at(
            "/etc/iscsi/iscsid.conf",
            "node.startup = manual\nnode.session.auth.username = u\nnode.session.auth.password = MARK\n",
            0o600,
        ),
    ),
    *kept(
        "st.iscsi.nodes",
        folder("/var/lib/iscsi/nodes", 0o700, on="RS"),
        folder("/var/lib/iscsi/send_targets", 0o700, on="RS"),
    ),
    *gone(
        "st.nvme", at("/etc/nvme/hostnqn", "nqn.2014-08.org.nvmexpress:uuid:UUID\n"), at("/etc/nvme/hostid", "UUID\n")
    ),
    *told(
        "st.nvme",
        at(
            "/etc/nvme/config.json", '[{"hostnqn":"nqn.2014-08.org.nvmexpress:uuid:UUID","dhchap_key":"MARK"}]\n', 0o600
        ),
        at("/etc/nvme/discovery.conf", "--transport=tcp --traddr=192.0.2.61 # MARK\n"),
    ),
    *asked("st.multipath", at("/etc/multipath/{bindings,wwids}", "# Multipath bindings\n/MARK/\n", 0o600)),
    *kept(
        "st.multipath",
        at("/etc/multipath/conf.d/site.conf", "defaults { user_friendly_names yes }\n"),
        at("/etc/multipath.conf", "defaults { }\n"),
    ),
    *gone(
        "st.lvm.devices",
        at(
            "/etc/lvm/devices/system.devices",
            "# LVM uses devices listed in this file.\nVERSION=1.1.2\n"
            "IDTYPE=devname IDNAME=/dev/vda2 DEVNAME=/dev/vda2 PVID=MARK PART=2\n",
            0o600,
        ),
    ),
    *gone(
        "st.lvm.devices",
        at("/etc/lvm/devices/backup/system.devices-20260101.120000.0001", "IDTYPE=devname PVID=MARK\n", 0o600, on="R"),
    ),
    *gone(
        "st.lvm.state",
        at("/etc/lvm/archive/vg0_MARK.vg", 'vg0 { id = "MARK" }\n', 0o600),
        at("/etc/lvm/cache/.cache", 'valid_devices=["MARK"]\n', 0o600),
    ),
    *kept(
        "st.lvm.state",
        at("/etc/lvm/backup/vg0", "vg0 { }\n", 0o600),
        at("/etc/lvm/lvm.conf", "config { }\n"),
        folder("/etc/lvm/archive", 0o700),
    ),
    *told(
        "st.mdadm",
        at(
            "/etc/mdadm/mdadm.conf",
            "HOMEHOST NAME\nMAILADDR root\nARRAY /dev/md/0 metadata=1.2 UUID=x name=NAME:0\n",
            on="D",
        ),
        at("/etc/mdadm.conf", "HOMEHOST NAME\nMAILADDR MARK@example.net\n", on="RSA"),
    ),
    *told("st.zfs", at("/etc/zfs/keys/tank.key", "MARK\n", 0o400, on="D")),
    *gone(
        "st.blkid",
        at("/etc/{blkid.tab,blkid.tab.old}", '<device UUID="MARK">/dev/vda1</device>\n', on="R"),
        at("/etc/blkid/blkid.tab", "<device>MARK</device>\n", on="S"),
    ),
    *kept("st.blkid", link("/etc/blkid.tab", "/dev/.blkid.tab", on="D"), at("/etc/blkid.conf", "EVALUATE=udev\n")),
    *told(
        "st.luks",
        at("/etc/crypttab", "data UUID=1-2-3 /etc/keys/data.key luks # MARK\n", 0o600),
        at("/etc/keys/data.key", b"\x00\xfeMARK", 0o400),
        at("/etc/cryptsetup-keys.d/home.key", b"\x00\xfdMARK", 0o400),
    ),
    *gone("st.swap", at("/swap.img", SWAP, 0o600)),
    *kept("st.swap", at("/etc/fstab", "UUID=1111 / ext4 defaults 0 1 # STAY\n/swap.img none swap sw 0 0 # STAY\n")),
    *told("st.fstab", at("/etc/fstab", "//nas/share /mnt/share cifs username=u,password=MARK 0 0\n")),
    *asked("st.fstab", at("/etc/fstab", "/dev/sdb /mnt auto defaults,nofail,comment=cloudconfig 0 2 # MARK\n")),
    *told(
        "st.snap",
        at("/.snapshots/1/snapshot/etc/ssh/ssh_host_rsa_key", KEY, 0o600, on="S"),
        at("/timeshift/snapshots/2026-01-01_00-00-01/localhost/etc/shadow", "root:MARK:1::::::\n", 0o640, on="D"),
        at("/var/lib/snapd/snapshots/1_lxd_MARK.zip", b"PK\x03\x04MARK", 0o600, on="D"),
    ),
    *told("st.lostfound", at("/lost+found/#1234", "password MARK\n", 0o600)),
    *kept("st.lostfound", folder("/lost+found", 0o700)),
    *asked(
        "st.rescue",
        at("/boot/vmlinuz-0-rescue-5eed55550000111122223333444455bb", b"\x7fMARK", 0o755, on="R"),
        at("/boot/initramfs-0-rescue-5eed55550000111122223333444455bb.img", b"\x1f\x8bMARK", 0o600, on="R"),
    ),
    *kept(
        "st.initramfs",
        at("/boot/initrd.img-6.1.0-18-amd64", b"\x1f\x8b\x08", on="D"),
        at("/boot/initramfs-6.1.0.img", b"\x1f\x8b\x08", 0o600, on="R"),
        at("/boot/grub/grub.cfg", "set timeout=5\n", 0o444, on="DA"),
        at("/boot/grub2/grub.cfg", "set timeout=5\n", 0o600, on="RS"),
    ),
    *told(
        "st.cifs",
        at("/root/.smbcredentials", "username=u\npassword=MARK\n", 0o600),
        at("/etc/samba/creds-nas", "username=u\npassword=MARK\n", 0o600),
        at("/etc/cifs-utils/nas.cred", "username=u\npassword=MARK\n", 0o600, on="RS"),
        at(
            "/etc/autofs_ldap_auth.conf",
            '<autofs_ldap_sasl_conf usetls="no" authtype="LOGIN" user="u" secret="MARK"/>\n',
            0o600,
        ),
    ),
    *kept("st.cifs", at("/etc/autofs.conf", "[ autofs ]\ntimeout = 300\n")),
    *asked(
        "st.quota/nfs",
        at("/var/lib/nfs/{sm/client-MARK,sm.bak/client-MARK}", "00000001\n", 0o600, (100, 65534), on="DRS"),
        at("/var/lib/nfs/rmtab", "MARK.example.net:/srv:0x1\n", on="DRS"),
    ),
    *kept(
        "st.quota/nfs", folder("/var/lib/nfs/sm", 0o700, (100, 65534), on="DRS"), at("/var/lib/nfs/etab", "", on="DRS")
    ),
]
