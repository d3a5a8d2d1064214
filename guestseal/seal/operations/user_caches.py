"""Empty the caches and the waste baskets of accounts

What programs keep in ~/.cache they can make again (XDG Base Directory Specification); it tells
what somebody did on the template, as do thumbnails, the search indexes of Tracker and Baloo, the
metadata of GVfs, and Visual Studio Code's logs and history of edited files.

Left on purpose: ~/.cache itself, and in it what is downloaded once and then run without a
network: models (huggingface, torch, whisper) and browsers (ms-playwright, puppeteer).
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.guest.actions import Action, Remove
from guestseal.guest.facts import Guest
from guestseal.guest.patterns import quote
from guestseal.seal.operation import Kind, Operation

DOWNLOADED = frozenset(("huggingface", "torch", "whisper", "ms-playwright", "puppeteer"))

CODE = ("data/logs", "data/User/History", "data/CachedExtensionVSIXs", ".*.token", ".*.log", ".*.pid")
CODE_CLI = ("cli/servers/*/log.txt", "cli/servers/*/pid.txt")  # where its server is started by the code CLI


def _caches(guest: Guest) -> Iterator[Action]:
    for home in guest.homes:
        for path in guest.tree.glob(f"{quote(home)}/.cache/*"):
            if path.rpartition("/")[2] not in DOWNLOADED:
                yield Remove(path)


OPERATION = Operation(
    kind=Kind.CLUTTER,
    remove=(
        *("{home}/.thumbnails", "{home}/.local/share/gvfs-metadata", "{home}/.local/share/baloo"),
        *("{home}/.local/share/tracker", "{home}/.local/share/tracker3", "{home}/.local/share/Trash/*/*"),
        *("{home}/.ansible/tmp", "{home}/.ansible/cp"),
        *(f"{{home}}/.vscode-server/{name}" for name in (*CODE, *CODE_CLI)),
    ),
    also=_caches,
)
