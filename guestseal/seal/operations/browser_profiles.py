"""Report the passwords and sessions that browsers have saved

Profiles of Firefox, Thunderbird, Chromium and its relatives hold saved passwords and the cookies
of sessions that are still open. They are somebody's own, with bookmarks and settings, so they
are reported and stay.
"""

from __future__ import annotations

from guestseal.guest.signs import Sign, signs
from guestseal.seal.operation import Kind, Operation

MOZILLA = (".mozilla/firefox/*", ".thunderbird/*", "snap/firefox/common/.mozilla/firefox/*")
CHROMIUM = (
    *(".config/google-chrome/*", ".config/chromium/*", ".config/microsoft-edge/*"),
    *(".config/BraveSoftware/Brave-Browser/*", "snap/chromium/common/chromium/*"),
)
REMEDY = "remove the profile, unless every clone is to have it"


def _files(profiles: tuple[str, ...], *names: str) -> tuple[str, ...]:
    return tuple(f"{{home}}/{profile}/{name}" for profile in profiles for name in names)


OPERATION = Operation(
    kind=Kind.SECRET,
    findings=signs(
        Sign((*_files(MOZILLA, "logins.json"), *_files(CHROMIUM, "Login Data")), "holds saved passwords", REMEDY),
        Sign(
            (*_files(MOZILLA, "cookies.sqlite"), *_files(CHROMIUM, "Cookies", "Network/Cookies")),
            "holds the cookies of a browser's sessions",
            REMEDY,
        ),
    ),
)
