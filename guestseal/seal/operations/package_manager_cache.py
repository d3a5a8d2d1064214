"""Empty the caches of package managers

Packages that were downloaded are installed and take space for nothing. Emptied are the
caches of apt, dnf, dnf5, yum, PackageKit, zypper, apk and pacman, what flatpak and snapd
keep of downloads, and debconf's second copies of its databases.

Directories stay, and apt's lock and its directory for downloads, which belongs to the
account _apt. Left on purpose: what says which packages are installed and why; the apk
cache that /etc/apk/cache leads to elsewhere, from which a diskless Alpine installs its
packages at every boot; apt's lists: see apt-lists.
"""

from __future__ import annotations

from guestseal.seal.operation import Kind, Operation

OPERATION = Operation(
    kind=Kind.CLUTTER,
    remove=(
        *("/var/cache/apt/archives/*.deb", "/var/cache/apt/archives/partial/*", "/var/cache/apt/*.bin"),
        "/var/cache/debconf/[ct]*.dat-old",
        "/var/tmp/flatpak-cache-*",  # noqa: S108 - where flatpak builds its caches
    ),
    empty=(
        *("/var/cache/dnf", "/var/cache/libdnf5", "/var/cache/yum", "/var/cache/PackageKit"),
        *("/var/cache/zypp", "/var/cache/apk", "/var/cache/pacman/pkg"),
        *("/var/lib/flatpak/repo/tmp", "/var/lib/snapd/cache"),
    ),
)
