"""Package managers: section 1H of the catalogue."""

from __future__ import annotations

from planted.seed import asked, at, folder, gone, kept, link, told

KEY = "-----BEGIN PRIVATE KEY-----\nMIIEvMARK\n-----END PRIVATE KEY-----\n"
UNTIL = (42, 0)

SECTION = "1H"
SEEDS = [
    *gone(
        "pm.apt.cache",
        at("/var/cache/apt/archives/{vim_MARK_amd64.deb,partial/less_MARK_amd64.deb}", b"!<arch>\nMARK", on="D"),
        at("/var/cache/apt/{pkgcache,srcpkgcache}.bin", b"\x98\xfeMARK", on="D"),
        at("/var/cache/debconf/{config,templates}.dat-old", "Name: x\nValue: MARK\n", on="D"),
    ),
    *kept(
        "pm.apt.cache",
        folder("/var/cache/apt/archives/partial", 0o700, UNTIL, on="D"),
        at("/var/cache/apt/archives/lock", "", 0o640, on="D"),
        at("/var/cache/debconf/{config,templates}.dat", "Name: tzdata/Areas\n", on="D"),
    ),
    *asked("pm.apt.lists", at("/var/lib/apt/lists/MARK.example.net_dists_bookworm_InRelease", "Origin: x\n", on="D")),
    *kept(
        "pm.apt.lists",
        folder("/var/lib/apt/lists/partial", 0o700, UNTIL, on="D"),
        at("/var/lib/apt/lists/lock", "", 0o640, on="D"),
        folder("/var/lib/apt/lists/auxfiles", on="D"),
    ),
    *told(
        "pm.apt.auth",
        at("/etc/apt/auth.conf", "machine repo.example.net login u password MARK\n", 0o600, on="D"),
        at("/etc/apt/auth.conf.d/site.conf", "machine r login u password MARK\n", 0o600, on="D"),
        at(
            "/etc/apt/sources.list.d/site.list", "deb https://user:MARK@repo.example.net/debian bookworm main\n", on="D"
        ),
        at(
            "/etc/apt/sources.list.d/site.sources",
            "Types: deb\nURIs: https://user:MARK@repo.example.net/debian\nSuites: bookworm\n",
            on="D",
        ),
        at("/etc/apt/sources.list.curtin.old", "deb http://MARK.example.net/debian bookworm main\n", on="D"),
        at("/etc/apt/apt.conf.d/90curtin-aptproxy", 'Acquire::http::Proxy "http://MARK:3142";\n', on="D"),
    ),
    *kept(
        "pm.apt.auth",
        at("/etc/apt/sources.list", "deb http://deb.debian.org/debian bookworm main\n", on="D"),
        at("/etc/apt/trusted.gpg.d/site.asc", "-----BEGIN PGP PUBLIC KEY BLOCK-----\n", on="D"),
    ),
    *gone(
        "pm.debconf",
        at(
            "/var/cache/debconf/{passwords.dat,passwords.dat-old}",
            "Name: mysql-server/root_password\nTemplate: x\nValue: MARK\nOwners: x\nFlags: seen\n\n",
            0o600,
            on="D",
        ),
    ),
    *gone(
        "pm.dnf",
        at("/var/cache/dnf/baseos-MARK/repodata/repomd.xml", "<repomd/>\n", on="R"),
        at("/var/cache/yum/x86_64/7/base/MARK.sqlite", b"SQLite MARK", on="R"),
        at("/var/cache/libdnf5/fedora-MARK/solv/fedora.solv", b"SOLV", on="R"),
        at("/var/cache/PackageKit/39/metadata/MARK.xml", "<x/>\n", on="RS"),
        at("/var/lib/dnf/repos/baseos-5eed/countme", '{"epoch":1,"budget":4,"MARK":0}\n', on="R"),
        at("/var/lib/yum/uuid", "UUID\n", on="R"),
        at("/var/log/{dnf.log,dnf.rpm.log,yum.log,hawkey.log}", "MARK\n", on="R"),
    ),
    *kept(
        "pm.dnf",
        at("/var/lib/dnf/history.sqlite", b"SQLite format 3\x00", on="R"),
        at("/usr/lib/sysimage/libdnf5/packages.toml", "version = '1.0'\n", on="R"),
        at("/etc/dnf/vars/infra", "stock\n", on="R"),
        folder("/var/cache/dnf", on="R"),
    ),
    *gone("pm.rpmdb", at("/var/lib/rpm/{__db.001,__db.002}", b"MARK", on="RS")),
    *kept(
        "pm.rpmdb",
        at(
            "/var/lib/rpm/{Packages,rpmdb.sqlite,rpmdb.sqlite-wal,rpmdb.sqlite-shm,.rpm.lock}",
            b"SQLite format 3\x00",
            on="R",
        ),
        at("/usr/lib/sysimage/rpm/{Packages.db,Index.db}", b"RpmP", on="S"),
        at("/var/lib/dpkg/{status,status-old,diversions}", "Package: bash\n", on="D"),
        at("/var/lib/dpkg/info/bash.list", "/.\n", on="D"),
        at("/lib/apk/db/{installed,scripts.tar}", "P:musl\n", on="A"),
        at("/etc/apk/world", "alpine-base\n", on="A"),
    ),
    *gone(
        "pm.zypp",
        at("/var/cache/zypp/{raw,solv,packages}/repo-oss/MARK", b"MARK", on="S"),
        at("/var/lib/zypp/AnonymousUniqueId", "UUID\n", on="S"),
        at("/var/log/zypp/history", "# MARK\n", on="S"),
    ),
    *kept(
        "pm.zypp",
        at("/var/lib/zypp/AutoInstalled", "# Autoinstalled\n", on="S"),
        at("/etc/zypp/zypp.conf", "[main]\n", on="S"),
        at("/etc/zypp/repos.d/repo-oss.repo", "[repo-oss]\nbaseurl=http://download.opensuse.org/\n", on="S"),
    ),
    *gone(
        "pm.apk",
        at("/var/cache/apk/{APKINDEX.5eed0001.tar.gz,curl-MARK.apk}", b"\x1f\x8bMARK", on="A"),
        at("/etc/apk/keys/kim-5eed.rsa", KEY, 0o600, on="A"),
    ),
    *kept(
        "pm.apk",
        at(
            "/etc/apk/keys/{kim-5eed.rsa.pub,alpine-devel@lists.alpinelinux.org-4a6a0840.rsa.pub}",
            "-----BEGIN PUBLIC KEY-----\n",
            on="A",
        ),
        at("/etc/apk/repositories", "https://dl-cdn.alpinelinux.org/alpine/v3.19/main\n", on="A"),
        folder("/var/cache/apk", on="A"),
    ),
    *gone("pm.apk", at("/srv/apk-cache/curl-MARK.apk", b"\x1f\x8bMARK", on="A")),
    *kept("pm.apk", link("/etc/apk/cache", "/srv/apk-cache", on="A")),
    *gone("pm.pacman.cache", at("/var/cache/pacman/pkg/vim-MARK-x86_64.pkg.tar.zst", b"\x28\xb5MARK", on="X")),
    *gone(
        "pm.pacman.gnupg",
        at("/etc/pacman.d/gnupg/private-keys-v1.d/MARK.key", b"(11:private-key MARK)", 0o600, on="X"),
        at("/etc/pacman.d/gnupg/secring.gpg", b"\x95MARK", 0o600, on="X"),
        at("/etc/pacman.d/gnupg/openpgp-revocs.d/MARK.rev", "x\n", 0o600, on="X"),
    ),
    *kept(
        "pm.pacman.gnupg",
        at("/etc/pacman.d/mirrorlist", "Server = https://geo.mirror.pkgbuild.com/\n", on="X"),
        at("/var/lib/pacman/local/bash-5.2-1/desc", "%NAME%\nbash\n", on="X"),
    ),
    *gone(
        "pm.popcon",
        at("/etc/popularity-contest.conf", 'MY_HOSTID="MARK"\n', on="D"),
        at("/var/lib/popularity-contest/lastsub", "MARK\n", on="D"),
    ),
    *kept("pm.popcon", at("/etc/popularity-contest.conf", 'PARTICIPATE="yes" # STAY\n', on="D")),
    *gone(
        "pm.whoopsie",
        at("/var/lib/whoopsie/whoopsie-id", "MARK" * 12, 0o600, on="D"),
        at("/var/crash/_usr_bin_x.1000.uploaded", "MARK\n", 0o640, on="D"),
    ),
    *gone(
        "pm.ubuntu-report",
        at("{home}/.cache/ubuntu-report/ubuntu.22.04", '{"MARK":1}\n', 0o600),
        at("/var/lib/update-notifier/updates-available", "12 updates MARK\n", on="D"),
        at("/var/lib/ubuntu-release-upgrader/release-upgrade-available", "New release MARK\n", on="D"),
        at("/var/cache/motd-news", " * MARK\n", on="D"),
    ),
    *kept(
        "pm.ubuntu-report",
        folder("/var/lib/update-notifier", on="D"),
        at("/etc/update-motd.d/50-motd-news", "#!/bin/sh\n", 0o755, on="D"),
    ),
    *gone("pm.snap", at("/var/lib/snapd/cache/MARK", b"hsqsMARK", 0o600, on="D")),
    *told(
        "pm.snap",
        at(
            "/var/lib/snapd/state.json",
            '{"data":{"auth":{"device":{"serial":"MARK","brand":"generic","model":"generic-classic"}}}}\n',
            0o600,
            on="D",
        ),
        at("/var/lib/snapd/device/private-keys-v1/MARK", b"MARK", 0o600, on="D"),
    ),
    *kept(
        "pm.snap",
        at("/var/lib/snapd/assertions/asserts-v0/model/16/generic/generic-classic/active", "type: model\n", on="D"),
        at("/var/lib/snapd/seed/seed.yaml", "snaps:\n", on="D"),
    ),
    *gone(
        "pm.flatpak",
        at("/var/lib/flatpak/repo/tmp/cache/MARK", b"MARK", on="DR"),
        at("/var/tmp/flatpak-cache-MARK/x", b"MARK", 0o600, on="DR"),
    ),
    *kept(
        "pm.flatpak",
        at("/var/lib/flatpak/repo/objects/5e/ed.filez", b"\x00", on="DR"),
        at("/var/lib/flatpak/repo/config", "[core]\nrepo_version=1\n", on="DR"),
    ),
    *gone(
        "pm.lang",
        at("/root/.cache/pip/http/MARK", b"cc=4,MARK", 0o600),
        at("/root/.npm/_cacache/content-v2/MARK", b"MARK"),
        at("/var/cache/{swcatalog,app-info}/cache/MARK.xb", b"MARK", on="DRS"),
    ),
    *kept(
        "pm.lang",
        folder("/var/cache/{nginx,samba,bind}", 0o750, (33, 33)),
        at("/var/cache/cracklib/cracklib_dict.pwd", b"\x00", on="D"),
        at("/var/cache/bind/managed-keys.bind", "$ORIGIN .\n", 0o644, (113, 119)),
    ),
    *told(
        "pm.src",
        at("/usr/src/app-MARK/main.c", "int main;\n"),
        at("/usr/local/src/tool-MARK/Makefile", "all:\n"),
        at("/var/lib/shim-signed/mok/MOK.priv", KEY, 0o600, on="D"),
        at("/var/lib/dkms/mok.key", KEY, 0o600, on="DR"),
        at("/etc/pki/akmods/private/private_key.priv", KEY, 0o600, on="R"),
        at("/var/lib/dkms/zfs/2.1/build/MARK.o", b"\x7fELF", on="D"),
    ),
    *kept(
        "pm.src",
        at("/var/lib/shim-signed/mok/MOK.der", b"\x30\x82", on="D"),
        at("/usr/src/linux-headers-6.1.0-18-amd64/Makefile", "# kbuild\n", on="D"),
    ),
]
