"""Cookies and locks of sessions; the configuration beside them stays."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, Entry, File, Link

KIM = (1000, 1000)
HOME = "/home/kim"
MACHINE_ID = "0123456789abcdef" * 2
LEFT: dict[str, Entry] = {
    **{
        f"{HOME}/{name}": File("MIT-MAGIC-COOKIE-1\n", 0o600, KIM)
        for name in (
            *(".Xauthority", ".Xauthority-c", ".ICEauthority", ".ICEauthority-l", ".serverauth.1234", ".pulse-cookie"),
            *(f".dbus/session-bus/{MACHINE_ID}-0", ".config/pulse/cookie", ".esd_auth", ".xsession-errors.old"),
            *(f".config/pulse/{MACHINE_ID}-device-volumes.tdb", f".pulse/{MACHINE_ID}-default-sink"),
            *(".mozilla/firefox/x.default/.parentlock", ".local/share/xorg/Xorg.0.log"),
        )
    },
    f"{HOME}/.config/chromium/SingletonLock": Link("master-1234", KIM),
    f"{HOME}/.config/google-chrome/SingletonCookie": Link("1234567890", KIM),
    f"{HOME}/.mozilla/firefox/x.default/lock": Link("192.0.2.1:+1234", KIM),
}
KEPT: dict[str, Entry] = {
    f"{HOME}/.config/pulse/daemon.conf": File("; ours\n", owner=KIM),
    f"{HOME}/.config/chromium/Local State": File("{}\n", owner=KIM),
    f"{HOME}/.mozilla/firefox/x.default/prefs.js": File("//\n", owner=KIM),
    f"{HOME}/.Xresources": File("xterm*font: x\n", owner=KIM),
    f"{HOME}/.config/Singleton": File("a game\n", owner=KIM),
}
EMPTIED = {
    f"{HOME}/{name}": Dir() for name in (".dbus/session-bus", ".pulse", ".config/google-chrome", ".local/share/xorg")
}

CASES = (
    Case("a desktop ran", DEBIAN, {**LEFT, **KEPT}, {**KEPT, **EMPTIED}),
    Case("Enterprise Linux", REDHAT, {"/root/.Xauthority": File("x"), **KEPT}, {"/root": Dir(), **KEPT}),
    Case("SUSE", SUSE, KEPT),
    Case("Alpine", ALPINE, {"/root/.profile": File("PATH=/bin\n")}),
)
