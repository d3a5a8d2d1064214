"""Caches of package managers, and what looks like one."""

from __future__ import annotations

from support.operation_cases import ALPINE, ARCH, DEBIAN, REDHAT, SUSE, UBUNTU, Case
from support.trees import Dir, File, Hardlink, Link

PACKAGE = File(b"\x00package" * 9)
APT, DEBCONF = "/var/cache/apt", "/var/cache/debconf"
PARTIAL = Dir(0o700, (42, 0))

CASES = (
    Case(
        "apt and debconf",
        DEBIAN,
        {
            f"{APT}/archives/bash_5.2-1_amd64.deb": PACKAGE,
            f"{APT}/archives/lock": File("", 0o640),
            f"{APT}/archives/partial": PARTIAL,
            f"{APT}/archives/partial/curl_8-1_amd64.deb": PACKAGE,
            f"{APT}/pkgcache.bin": PACKAGE,
            f"{APT}/srcpkgcache.bin": PACKAGE,
            f"{DEBCONF}/config.dat": File("Name: a/b\n"),
            f"{DEBCONF}/config.dat-old": File("Name: a/b\n"),
            f"{DEBCONF}/templates.dat": File("Name: a/b\nType: string\n"),
            f"{DEBCONF}/templates.dat-old": File("Name: a/b\nType: string\n"),
            "/var/lib/dpkg/status": File("Package: bash\n"),
            "/var/cache/nginx": Dir(0o755, (33, 33)),
            "/srv/mirror/bash_5.2-1_amd64.deb": PACKAGE,
        },
        {
            f"{APT}/archives/lock": File("", 0o640),
            f"{APT}/archives/partial": PARTIAL,
            f"{DEBCONF}/config.dat": File("Name: a/b\n"),
            f"{DEBCONF}/templates.dat": File("Name: a/b\nType: string\n"),
            "/var/lib/dpkg/status": File("Package: bash\n"),
            "/var/cache/nginx": Dir(0o755, (33, 33)),
            "/srv/mirror/bash_5.2-1_amd64.deb": PACKAGE,
        },
    ),
    Case(
        "dnf, dnf5, yum and PackageKit beside dnf's history",
        REDHAT,
        {
            "/var/cache/dnf/baseos-0123/repodata/primary.xml.gz": PACKAGE,
            "/var/cache/libdnf5/fedora-0123/solv/fedora.solv": PACKAGE,
            "/var/cache/yum/x86_64/7/base/cachecookie": File(""),
            "/var/cache/PackageKit/9/metadata/x": PACKAGE,
            "/var/lib/dnf/history.sqlite": PACKAGE,
            "/usr/lib/sysimage/libdnf5/packages.toml": File("[packages]\n"),
        },
        {
            **{path: Dir() for path in ("/var/cache/dnf", "/var/cache/libdnf5", "/var/cache/yum")},
            "/var/cache/PackageKit": Dir(),
            "/var/lib/dnf/history.sqlite": PACKAGE,
            "/usr/lib/sysimage/libdnf5/packages.toml": File("[packages]\n"),
        },
    ),
    Case(
        "zypper",
        SUSE,
        {
            "/var/cache/zypp/packages/repo-oss/x86_64/bash.rpm": PACKAGE,
            "/var/cache/zypp/solv/@System/solv": PACKAGE,
            "/var/lib/zypp/AutoInstalled": File("bash\n"),
        },
        {"/var/cache/zypp": Dir(), "/var/lib/zypp/AutoInstalled": File("bash\n")},
    ),
    Case(
        "apk",
        ALPINE,
        {
            "/var/cache/apk/APKINDEX.0123.tar.gz": PACKAGE,
            "/lib/apk/db/installed": File("P:bash\n"),
            "/etc/apk/world": File("bash\n"),
        },
        {
            "/var/cache/apk": Dir(),
            "/lib/apk/db/installed": File("P:bash\n"),
            "/etc/apk/world": File("bash\n"),
        },
    ),
    Case(
        "the cache of a diskless Alpine",
        ALPINE,
        {"/etc/apk/cache": Link("/media/sda1/cache"), "/media/sda1/cache/bash-5.2-r0.apk": PACKAGE},
    ),
    Case(
        "pacman",
        ARCH,
        {
            "/var/cache/pacman/pkg/bash-5.2-1-x86_64.pkg.tar.zst": PACKAGE,
            "/var/lib/pacman/local/bash-5.2-1/desc": File("%NAME%\nbash\n"),
        },
        {"/var/cache/pacman/pkg": Dir(), "/var/lib/pacman/local/bash-5.2-1/desc": File("%NAME%\nbash\n")},
    ),
    Case(
        "flatpak and snapd",
        UBUNTU,
        {
            "/var/lib/flatpak/repo/tmp/cache/summaries/flathub": PACKAGE,
            "/var/lib/flatpak/repo/objects/01/23.file": PACKAGE,
            "/var/tmp/flatpak-cache-0123/x": PACKAGE,
            "/var/lib/snapd/cache/0123": File("snap"),
            "/var/lib/snapd/snaps/core_1.snap": Hardlink("/var/lib/snapd/cache/0123"),
        },
        {
            "/var/lib/flatpak/repo/tmp": Dir(),
            "/var/lib/flatpak/repo/objects/01/23.file": PACKAGE,
            "/var/tmp": Dir(),
            "/var/lib/snapd/cache": Dir(),
            "/var/lib/snapd/snaps/core_1.snap": File("snap"),
        },
    ),
)
