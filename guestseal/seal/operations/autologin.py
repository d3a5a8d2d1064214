"""Report logins that happen by themselves

A console or a desktop that logs somebody in without a question opens every clone to whoever
sees its screen. Looked at are GDM, LightDM, SDDM, LXDM, greetd and nodm, and gettys with
--autologin in units and in /etc/inittab.

Nothing is changed: it is what a kiosk is for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guestseal.guest.facts import Guest
from guestseal.report import Finding
from guestseal.seal.operation import Kind, Operation

_FLAGS = re.MULTILINE | re.IGNORECASE
_GDM = re.compile(r"^[ \t]*(?:Automatic|Timed)LoginEnable[ \t]*=[ \t]*(?:true|1)\b", _FLAGS)
_LIGHTDM = re.compile(r"^[ \t]*autologin-user[ \t]*=[ \t]*\S", _FLAGS)
_SDDM = re.compile(r"^[ \t]*\[Autologin\][^\[]*^[ \t]*User[ \t]*=[ \t]*\S", _FLAGS)
_GETTY = re.compile(r"^(?![ \t]*[#;])[^\n]*getty\b[^\n]*\s(?:--autologin|-a)[ \t=]", _FLAGS)
LOGINS = {
    "/etc/gdm*/custom.conf": _GDM,  # Fedora, SUSE, Arch
    "/etc/gdm3/daemon.conf": _GDM,
    "/etc/lightdm/lightdm.conf": _LIGHTDM,
    "/etc/lightdm/lightdm.conf.d/*.conf": _LIGHTDM,
    "/etc/sddm.conf": _SDDM,
    "/etc/sddm.conf.d/*.conf": _SDDM,
    "/etc/lxdm/lxdm.conf": re.compile(r"^[ \t]*autologin[ \t]*=[ \t]*\S", _FLAGS),
    "/etc/greetd/config.toml": re.compile(r"^[ \t]*\[initial_session\]", _FLAGS),
    "/etc/default/nodm": re.compile(r"^[ \t]*NODM_ENABLED=[\"']?(?:true|yes|1)\b", _FLAGS),
    "/etc/sysconfig/displaymanager": re.compile(r"^[ \t]*DISPLAYMANAGER_AUTOLOGIN=[\"']?[^\"'\s]", _FLAGS),  # SUSE
    "/etc/systemd/system/*getty@*.service.d/*.conf": _GETTY,
    "/etc/systemd/system/*getty@*.service": _GETTY,
    "/etc/inittab": _GETTY,
}


def _found(guest: Guest) -> Iterator[Finding]:
    for pattern, says in LOGINS.items():
        for path in guest.tree.glob(pattern):
            if guest.tree.is_file(path) and says.search(guest.tree.read_text(path) or ""):
                yield Finding(path, "logs somebody in without a password", "take it out, unless clones are kiosks")


OPERATION = Operation(kind=Kind.SECRET, findings=_found)
