"""Which security updates wait, by what apt and dpkg have on the guest's disk: nothing is fetched.

apt keeps the index of each archive in /var/lib/apt/lists, under its address (apt.conf(5), Dir::State);
the archives of security updates have "security" in it, which is how unattended-upgrades and
image checkers know them, too. dpkg's status says what is installed: deb822(5).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from guestseal.guest.packages.debian_versions import newer
from guestseal.guest.tree import Tree

LISTS = "/var/lib/apt/lists"
STATUS = "/var/lib/dpkg/status"
LIMIT = 64 << 20
_FIELD = re.compile(r"^(Package|Version|Architecture|Status): (.*)$", re.MULTILINE)


def security_indexes(tree: Tree) -> list[str]:
    """The indexes of archives with security updates, some of them compressed: Acquire::GzipIndexes."""
    return [path for path in tree.glob(f"{LISTS}/*security*_Packages*") if tree.is_file(path)]


def fetched(tree: Tree) -> float:
    """When apt last looked for updates, in seconds since the epoch; 0: never."""
    # Indexes have the time of the archive's. What apt fetches goes through this directory.
    info = tree.stat(f"{LISTS}/partial")
    return 0.0 if info is None else info.st_mtime


def waiting(status: str, indexes: Iterable[str]) -> list[str]:
    """The names of installed packages of which an index has a newer version, sorted; held ones left out."""
    installed = {
        (fields["Package"], fields.get("Architecture", "")): fields.get("Version", "")
        for fields in _stanzas(status)
        if fields.get("Status") == "install ok installed"
    }
    found = set()
    for index in indexes:
        for fields in _stanzas(index):
            has = installed.get((fields["Package"], fields.get("Architecture", "")))
            if has is not None and newer(fields.get("Version", ""), has):
                found.add(fields["Package"])
    return sorted(found)


def _stanzas(text: str) -> Iterator[dict[str, str]]:
    for stanza in text.split("\n\n"):
        fields = dict(_FIELD.findall(stanza))
        if "Package" in fields:
            yield fields
