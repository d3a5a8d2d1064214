"""Remove what graphical sessions leave behind

Cookies of X, ICE, PulseAudio and EsounD let whoever knows them into a session; .dbus and
PulseAudio keep files by the machine-id. A browser's lock names the template: in a clone, which
has another name, Chromium says that its profile is in use on another computer. Files are
overwritten, and the next session makes all of them again.

Left on purpose: PulseAudio's configuration; browsers' profiles, see browser-profiles.
"""

from __future__ import annotations

from guestseal.seal.operation import Kind, Operation

MACHINE_ID = "[0-9a-f]" * 32

NAMES = (
    *(".Xauthority", ".Xauthority-[cln]", ".ICEauthority", ".ICEauthority-[cln]", ".serverauth.*"),
    *(".dbus/session-bus/*", ".pulse-cookie", ".config/pulse/cookie", ".esd_auth"),
    *(f".config/pulse/{MACHINE_ID}-*", f".pulse/{MACHINE_ID}-*"),
    *(".config/*/Singleton[CLS]*", ".mozilla/firefox/*/lock", ".mozilla/firefox/*/.parentlock"),
    *(".xsession-errors*", ".local/share/xorg/*.log*"),
)

OPERATION = Operation(kind=Kind.SECRET, remove=tuple(f"{{home}}/{name}" for name in NAMES))
