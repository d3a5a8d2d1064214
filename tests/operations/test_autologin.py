"""Logins that happen by themselves."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import File

GDM = File("[daemon]\nAutomaticLoginEnable=True\nAutomaticLogin=kim\n")
LIGHTDM = File("[Seat:*]\nautologin-user=kim\n")
SDDM = File("[Theme]\nCurrent=x\n[Autologin]\nSession=plasma\nUser=kim\n")
GETTY = File("[Service]\nExecStart=\nExecStart=-/sbin/agetty --autologin kim --noclear %I $TERM\n")
DESKTOPS = {
    "/etc/gdm3/daemon.conf": GDM,
    "/etc/lightdm/lightdm.conf": LIGHTDM,
    "/etc/lightdm/lightdm.conf.d/50-kiosk.conf": LIGHTDM,
    "/etc/lxdm/lxdm.conf": File("[base]\nautologin=kim\n"),
    "/etc/default/nodm": File("NODM_ENABLED=true\n"),
}
CONSOLES = {
    "/etc/gdm/custom.conf": GDM,
    "/etc/sddm.conf": SDDM,
    "/etc/sddm.conf.d/kiosk.conf": SDDM,
    "/etc/greetd/config.toml": File('[initial_session]\ncommand = "sway"\n'),
    "/etc/systemd/system/getty@tty1.service.d/autologin.conf": GETTY,
    "/etc/systemd/system/serial-getty@ttyS0.service": GETTY,
}

CASES = (
    Case("desktops", DEBIAN, DESKTOPS, found=tuple(DESKTOPS)),
    Case("desktops and consoles", REDHAT, CONSOLES, found=tuple(CONSOLES)),
    Case(
        "SUSE's setting",
        SUSE,
        {"/etc/sysconfig/displaymanager": File('DISPLAYMANAGER_AUTOLOGIN="kim"\n')},
        found=("/etc/sysconfig/displaymanager",),
    ),
    Case(
        "inittab",
        ALPINE,
        {"/etc/inittab": File("tty1::respawn:/sbin/agetty -a root tty1\n")},
        found=("/etc/inittab",),
    ),
    Case(
        "everybody is asked",
        SUSE,
        {
            "/etc/sysconfig/displaymanager": File('DISPLAYMANAGER_AUTOLOGIN=""\n'),
            "/etc/gdm/custom.conf": File("[daemon]\n#AutomaticLoginEnable=true\nTimedLoginEnable=false\n"),
            "/etc/sddm.conf": File("[Autologin]\nSession=x\n[Users]\nUser=kim\n"),
            "/etc/inittab": File("#tty1::respawn:/sbin/agetty -a root tty1\ntty1::respawn:/sbin/getty 38400 tty1\n"),
            "/etc/systemd/system/getty@tty1.service.d/clear.conf": File("[Service]\nTTYVTDisallocate=no\n"),
        },
    ),
)
