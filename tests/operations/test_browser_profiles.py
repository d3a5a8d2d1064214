"""Saved passwords and sessions of browsers are reported."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import File

MOZILLA = (".mozilla/firefox/x.default", ".thunderbird/x.default", "snap/firefox/common/.mozilla/firefox/x.default")
CHROMIUM = (
    *(".config/google-chrome/Default", ".config/chromium/Default", ".config/microsoft-edge/Default"),
    *(".config/BraveSoftware/Brave-Browser/Default", "snap/chromium/common/chromium/Default"),
)
SAVED = {
    f"/root/{directory}/{name}": File("SQLite format 3\n", 0o600)
    for directories, names in (
        (MOZILLA, ("logins.json", "cookies.sqlite")),
        (CHROMIUM, ("Login Data", "Cookies", "Network/Cookies")),
    )
    for directory in directories
    for name in names
}
HARMLESS = {
    "/root/.mozilla/firefox/profiles.ini": File("[General]\n"),
    "/root/.mozilla/firefox/x.default/prefs.js": File("//\n"),
    "/root/.config/chromium/Default/Bookmarks": File("{}\n"),
    "/root/.config/chromium/Default/Login Data-journal": File(""),
}

CASES = (
    Case("every browser", DEBIAN, {**SAVED, **HARMLESS}, found=tuple(SAVED)),
    Case("nothing saved", REDHAT, HARMLESS),
    Case("an empty file", SUSE, {"/root/.mozilla/firefox/x.default/logins.json": File("")}),
    Case("no browser", ALPINE, {"/root/.profile": File("PATH=/bin\n")}),
)
