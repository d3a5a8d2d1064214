"""Report proxies that programs are told to use

The proxy of the place where a template is built is often unreachable from its clones, and every
download then fails; a proxy's address may hold a user name and a password. Looked at are the
environment, apt, yum and dnf, SUSE's /etc/sysconfig/proxy, wget, curl, pip, containerd's and Docker's.

Nothing is changed: many sites have a proxy that clones are to use.
Remedy: take out a proxy that only the build needed, and each password.
"""

from __future__ import annotations

from guestseal.guest.signs import Sign, signs
from guestseal.seal.operation import Kind, Operation

FILES = (
    *("/etc/environment", "/etc/environment.d/*", "/etc/profile.d/*", "/etc/sysconfig/proxy"),
    *("/etc/apt/apt.conf", "/etc/apt/apt.conf.d/*", "/etc/yum.conf", "/etc/dnf/dnf.conf"),
    *("/etc/wgetrc", "/etc/pip.conf", "/etc/systemd/system/*.d/*.conf", "/etc/systemd/system.conf.d/*"),
    *("/etc/docker/daemon.json", "{home}/.docker/config.json", "{home}/.curlrc", "{home}/.wgetrc"),
    *("{home}/.config/pip/pip.conf", "{home}/.pip/pip.conf"),
)

# A proxy that is set, in any of these languages: after its name comes an address or a host with a port.
_NAME = rb"^(?![ \t]*(?:[#;]|//))[^\n]*?[Pp][Rr][Oo][Xx](?:[Yy]|[Ii][Ee][Ss])\w*[\"']?[ \t]*[=:{ \t][ \t]*[\"']?"
_SET = _NAME + rb"(?:[a-z0-9+]+://|[\w.-]+:\d)"
_PASSWORD = _NAME + rb"(?:[a-z0-9+]+://)?[^\s:@/\"']+:[^\s@/\"']+@|^[ \t]*proxy_password[ \t]*=[ \t]*\S"

OPERATION = Operation(
    kind=Kind.SECRET,
    findings=signs(
        Sign(FILES, "sets a proxy", "remove it unless clones can reach it", _SET),
        Sign(FILES, "holds the password of a proxy", "remove it", _PASSWORD),
    ),
)
