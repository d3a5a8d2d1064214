"""Report encrypted volumes, and the files that open them

Clones of an encrypted volume share its key: whoever opens one, or keeps its header and a
passphrase, opens all of them, also after the passphrase was changed. A key file beside the volume opens
it for everybody.

Nothing is changed: without them the system does not boot. Remedy: build the template without
encryption and encrypt in each clone, or have each clone run `cryptsetup reencrypt`.

Not reported is swap with a random key, which is another one at each boot. What a key slot is bound to
(clevis, systemd-cryptenroll) is in the volume's header, of which a file tree tells nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.guest.facts import Guest
from guestseal.guest.signs import Sign, signs
from guestseal.guest.text_files import texts
from guestseal.report import Finding
from guestseal.seal.operation import Kind, Operation

_KEYS = ("/etc/cryptsetup-keys.d/*.key", "/etc/keys/*", "/etc/luks-keys/*")
_OPENS, _REMEDY = "opens an encrypted volume of every clone", "have each clone make a key of its own"
_known = signs(Sign(_KEYS, _OPENS, _REMEDY))


def _found(guest: Guest) -> Iterator[Finding]:
    found = {finding.path: finding for finding in _known(guest)}
    for path, text in texts(guest.tree, "/etc/crypttab"):
        # crypttab(5): volume, device, key file ("none", "-"), options.
        volumes = [line.split() for line in text.split("\n") if line.strip() and not line.lstrip().startswith("#")]
        keys = [words[2] if len(words) > 2 else "none" for words in volumes]
        if any(not key.startswith("/dev/") for key in keys):
            found[path] = Finding(path, "names encrypted volumes whose key all clones share", "encrypt in each clone")
        for key in keys:
            if key.startswith("/") and not key.startswith("/dev/") and guest.tree.is_file(key):
                found[key] = Finding(key, _OPENS, _REMEDY)
    yield from found.values()


OPERATION = Operation(kind=Kind.SECRET, findings=_found)
