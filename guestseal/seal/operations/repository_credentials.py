"""Report passwords for package repositories

Repositories that want a password have it in apt's auth.conf (apt_auth.conf(5)), in the
address of the repository, or as a setting of dnf (dnf.conf(5)) or zypper. Everybody who
gets a clone can read it; but clones may need it, so it is reported and stays.

Also reported is what Ubuntu's installer leaves behind of apt's configuration: the sources
of the installation and the proxy of the place where the template was installed.
"""

from __future__ import annotations

from guestseal.guest.signs import Sign, signs
from guestseal.seal.operation import Kind, Operation

REMEDY = "remove it, or have each clone given its own"

OPERATION = Operation(
    kind=Kind.SECRET,
    findings=signs(
        Sign(
            ("/etc/apt/auth.conf", "/etc/apt/auth.conf.d/*"),
            "holds a password for a package repository",
            REMEDY,
            holds=rb"^\s*machine\s+(?!esm\.ubuntu\.com)",  # Ubuntu Pro's: see ubuntu-pro
        ),
        Sign(
            ("/etc/apt/sources.list", "/etc/apt/sources.list.d/*", "/etc/zypp/repos.d/*", "/etc/yum.repos.d/*"),
            "has a password in the address of a repository",
            REMEDY,
            holds=rb"^[^#\n]*\w+://[^/\s:@]+:[^/\s@]+@",
        ),
        Sign(
            ("/etc/yum.repos.d/*", "/etc/dnf/dnf.conf", "/etc/yum.conf"),
            "holds a password for a package repository",
            REMEDY,
            holds=rb"^\s*(proxy_)?password[ \t]*=[ \t]*\S",
        ),
        Sign(("/etc/zypp/credentials.cat",), "holds passwords for package repositories", REMEDY),
        Sign(
            ("/etc/apt/sources.list.curtin.old", "/etc/apt/apt.conf.d/90curtin-aptproxy"),
            "was left behind by the installer",
            "remove it, unless clones run in the same place",
        ),
    ),
)
