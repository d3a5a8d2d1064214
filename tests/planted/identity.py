"""The machine's identity: section 1A of the catalogue."""

from __future__ import annotations

from planted.seed import asked, at, fifo, folder, gone, kept, link, told


def _environment(text: str) -> str:
    """GRUB's block of 1024 bytes, once the marker has its number."""
    return ("# GRUB Environment Block\n" + text).ljust(1024 - len("0000"), "#")


SECTION = "1A"
SEEDS = [
    *gone("id.machine-id", at("/etc/machine-id", "HEX\n", 0o444)),
    *told(
        "id.machine-id.alt",
        at("/etc/kernel/cmdline", "root=UUID=1f0e ro console=ttyS0 systemd.machine_id=HEX\n", on="RS"),
        at("/etc/default/grub", 'GRUB_TIMEOUT=5\nGRUB_CMDLINE_LINUX="quiet systemd.machine_id=HEX"\n', on="DRS"),
    ),
    *gone("id.dbus", at("/var/lib/dbus/machine-id", "HEX\n", on="RSA")),
    *kept("id.dbus", link("/var/lib/dbus/machine-id", "/etc/machine-id", on="D")),
    *gone(
        "id.machine-info",
        at(
            "/etc/machine-info",
            'PRETTY_HOSTNAME="Golden MARK"\nDEPLOYMENT=staging-MARK\nLOCATION="rack MARK"\n'
            'HARDWARE_ASSET_TAG="MARK"\nCHASSIS=vm\n',
            on="DRS",
        ),
    ),
    *kept("id.machine-info", at("/etc/machine-info", "ICON_NAME=STAY\n", on="DRS")),
    *gone(
        "id.hostname",
        at("/etc/hostname", "NAME\n", on="DRSA"),
        at("/etc/HOSTNAME", "NAME.example.net\n", on="S"),
        at("/etc/nodename", "NAME\n", on="S"),
        at("/etc/sysconfig/network", "NETWORKING=yes\nHOSTNAME=NAME.example.net\n", on="R"),
        at("/etc/conf.d/hostname", '# Set to the hostname of this machine\nhostname="NAME"\n', on="A"),
    ),
    *kept("id.hostname", at("/etc/sysconfig/network", "GATEWAYDEV=STAY\n", on="R")),
    *kept("id.hosts", at("/etc/hosts", "127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback # STAY\n")),
    *gone("id.hosts", at("/etc/hosts", "127.0.1.1\tNAME.example.net NAME\n192.0.2.44 NAME\n")),
    *kept("id.hosts", at("/etc/hosts", "192.0.2.10\tnas.example.net nas # STAY\n192.0.2.11 goldener # STAY\n")),
    *told(
        "id.mailname",
        at("/etc/mailname", "NAME.example.net\n", on="D"),
        at(
            "/etc/exim4/update-exim4.conf.conf",
            "dc_eximconfig_configtype='local'\ndc_other_hostnames='NAME.example.net'\n",
            on="D",
        ),
        at(
            "/etc/postfix/main.cf",
            "myhostname = NAME.example.net\nmydestination = $myhostname, NAME, localhost\n",
            on="RS",
        ),
        at("/etc/nullmailer/me", "NAME.example.net\n", on="D"),
        at(
            "/etc/msmtprc",
            "account default\nhost smtp.example.net\nmaildomain NAME.example.net\npassword MARK\n",
            0o640,
            on="A",
        ),
    ),
    *gone("id.hostid", at("/etc/hostid", b"\x5e\xedMARK"[:2] + b"MARK", on="RSA")),
    *gone("id.seed.systemd", at("/var/lib/systemd/random-seed", b"\x00\x9fMARK\xff" * 60, 0o600, on="DRS")),
    *gone(
        "id.seed.other",
        at("/var/lib/random-seed", b"\x01MARK", 0o600, on="R"),
        at("/var/lib/urandom/random-seed", b"\x02MARK", 0o600, on="D"),
        at("/var/lib/misc/random-seed", b"\x03MARK", 0o600, on="SA"),
        at("/etc/random-seed", b"\x03MARK", 0o600, on="S"),
        at("/var/lib/seedrng/{seed.credit,seed.no-credit}", b"\x04MARK", 0o400, on="A"),
        at("/etc/seedrng/seed.no-credit", b"\x05MARK", 0o400, on="A"),
        at("/var/lib/haveged/entropy", b"\x06MARK", 0o600, on="D"),
    ),
    *kept(
        "id.seed.other",
        folder("/var/lib/seedrng", 0o700, on="A"),
        at("/etc/conf.d/seedrng", 'seed_dir="/var/lib/seedrng"\n', on="A"),
    ),
    *gone(
        "id.seed.esp",
        at("/boot/efi/loader/random-seed", b"\x07MARK", 0o600, on="DR"),
        at("/efi/loader/random-seed", b"\x08MARK", 0o600, on="S"),
        at("/boot/loader/random-seed", b"\x09MARK", 0o600, on="A"),
    ),
    *kept(
        "id.seed.esp",
        at("/boot/efi/loader/loader.conf", "timeout 3\n", on="DR"),
        at("/boot/efi/EFI/BOOT/BOOTX64.EFI", b"MZ\x90", on="DR"),
    ),
    *gone("id.seed.user", at("{home}/.rnd", b"\x0aMARK", 0o600), at("/etc/ssl/.rnd", b"\x0bMARK", 0o600)),
    *gone("id.seed.user", at("{home}/.gnupg/random_seed", b"\x0cMARK", 0o600)),
    *gone("id.credential", at("/var/lib/systemd/credential.secret", b"sHe5eed\x00MARK", 0o400, on="RD")),
    *told(
        "id.credstore",
        at("/etc/credstore/db.password", "MARK\n", 0o600, on="RS"),
        at("/etc/credstore.encrypted/web.tls-MARK.cred", "DHzAexF2RZGcSwvqCLwgMARK\n", 0o600, on="D"),
        at("/var/lib/credstore/mail.token", "MARK\n", 0o600, on="R"),
    ),
    *gone(
        "id.tpm",
        at("/var/lib/systemd/tpm2-srk-public-key.tpm2b_public", b"\x00MARK", on="DRS"),
        at(
            "/var/lib/systemd/tpm2-srk-public-key.pem",
            "-----BEGIN PUBLIC KEY-----\nMARK\n-----END PUBLIC KEY-----\n",
            on="DRS",
        ),
        at("/var/lib/systemd/pcrlock.json", '{"nvIndex":25165824,"pcrBank":"MARK"}\n', on="R"),
    ),
    *told(
        "id.tpm",
        at("/var/lib/tpm/system.data", b"\x01MARK", 0o600, (59, 59), on="R"),
        at(
            "/var/lib/swtpm-localca/signkey.pem",
            "-----BEGIN PRIVATE KEY-----\nMARK\n-----END PRIVATE KEY-----\n",
            0o640,
            on="D",
        ),
        at("/var/lib/tpm2-tss/system/keystore/HS/SRK/object.json", '{"objectType":2,"digest":"MARK"}\n', on="S"),
    ),
    *told(
        "id.entrytoken",
        at(
            "/boot/loader/entries/5eed77770000111122223333444455aa-6.4.0.conf",
            "title Linux\nlinux /vmlinuz-6.1.0\n",
            on="S",
        ),
    ),
    *kept(
        "id.entrytoken",
        at("/etc/kernel/entry-token", "5eed77770000111122223333444455aa\n", on="R"),
        at(
            "/boot/loader/entries/5eed77770000111122223333444455aa-6.1.0.conf",
            "title Linux\nlinux /vmlinuz-6.1.0\noptions root=/dev/vda1 ro\n",
            on="RS",
        ),
        at("/boot/5eed77770000111122223333444455aa/6.1.0/linux", b"\x7fvmlinuz", on="S"),
        at("/etc/kernel/install.conf", "layout=bls\n", on="RS"),
        at("/boot/vmlinuz-6.1.0", b"\x7fvmlinuz"),
        at("/etc/.pwd.lock", "", 0o600),
    ),
    *asked(
        "id.grubenv",
        at(
            "/boot/grub/grubenv",
            _environment("recordfail=1\nnext_entry=MARK\nsaved_entry=gnulinux-simple\n"),
            0o600,
            on="D",
        ),
        at(
            "/boot/grub2/grubenv",
            _environment("saved_entry=5eed7777-6.1.0\nnext_entry=MARK\nboot_indeterminate=1\n"),
            0o600,
            on="RS",
        ),
    ),
    *gone(
        "id.updated",
        at("/etc/.updated", "# This file was created by systemd-update-done. MARK\nTIMESTAMP_NSEC=1\n", on="DRS"),
        at("/var/.updated", "# MARK\nTIMESTAMP_NSEC=1\n", on="DRS"),
    ),
    *told(
        "id.firstboot-flags",
        at("/.unconfigured", "MARK", on="R"),
        at("/etc/reconfigSys", "MARK", on="R"),
        at("/var/lib/YaST2/reconfig_system", "MARK", on="S"),
        at("/usr/lib/systemd/system/initial-setup.service", "[Unit]\nDescription=Initial Setup MARK\n", on="R"),
    ),
    *kept(
        "id.firstboot-flags",
        link(
            "/etc/systemd/system/multi-user.target.wants/initial-setup.service",
            "/usr/lib/systemd/system/initial-setup.service",
            on="R",
        ),
    ),
    *kept("id.adjtime", at("/etc/adjtime", "0.0 0 0.0\n0\nLOCAL\n")),
    *kept(
        "id.neighbours",
        at("/etc/machine-id.conf", "# site\n"),
        at("/var/lib/dbus/README", "d-bus\n", on="RSA"),
        fifo("/var/lib/misc/queue", 0o640, on="DRS"),
    ),
]
