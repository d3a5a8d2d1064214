"""Report login banners that name the template

Some tools write a machine's name and address into the text shown before or after a login, and
everybody who connects to a clone would read the template's. The text is somebody's own and stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guestseal.guest.facts import Guest
from guestseal.guest.network.hosts import is_local
from guestseal.guest.regular_files import regular_files, says
from guestseal.report import Finding
from guestseal.seal.operation import Kind, Operation

_BANNERS = ("/etc/issue", "/etc/issue.net", "/etc/motd", "/etc/issue.d/*", "/etc/motd.d/*")
_BYTE = rb"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
_ADDRESS = rb"(?<![\w.])(?!(?:127|0)\.)" + rb"\.".join([_BYTE] * 4) + rb"(?![\w.]*\d)"


def _found(guest: Guest) -> Iterator[Finding]:
    wanted = [_ADDRESS]
    if guest.tree.is_file("/etc/hostname"):
        name = (guest.tree.read_text("/etc/hostname", limit=1 << 16) or "").strip()
        names = {each for each in (name, name.partition(".")[0]) if len(each) > 2 and not is_local(each)}
        wanted += [
            rb"(?<![\w-])" + re.escape(each.encode("utf-8", "surrogateescape")) + rb"(?![\w-])" for each in names
        ]
    for path in regular_files(guest.tree, _BANNERS):
        if says(guest.tree, path, re.compile(b"|".join(wanted))):
            yield Finding(path, "names the template or an IP address", "write it without them")


OPERATION = Operation(kind=Kind.CLUTTER, findings=_found)
