"""Remove the certificates that CUPS makes for itself

CUPS makes a certificate and a private key for each name it is asked for, in /etc/cups/ssl:
every clone would have the same ones, for the template's names. Keys are overwritten first.
cupsd makes new ones as soon as somebody connects (cups-files.conf(5): CreateSelfSignedCerts).

They are kept where that is switched off: then somebody put them there. Left on purpose: the
directory, which cupsd expects with its owner and mode, and anything else in it.
"""

from __future__ import annotations

import re

from guestseal.guest.facts import Guest
from guestseal.guest.regular_files import says
from guestseal.seal.operation import Guard, Kind, Operation

FILES = ("/etc/cups/ssl/*.key", "/etc/cups/ssl/*.crt")
CONFIGURATION = "/etc/cups/cups-files.conf"

# cupsd takes each of these words for "no".
_SWITCHED_OFF = re.compile(rb"^\s*CreateSelfSignedCerts\s+(no|off|false|disabled)\b", re.IGNORECASE | re.MULTILINE)


def _are_made_again(guest: Guest) -> bool:
    return not guest.tree.is_file(CONFIGURATION) or not says(guest.tree, CONFIGURATION, _SWITCHED_OFF)


OPERATION = Operation(
    kind=Kind.SECRET,
    remove=FILES,
    needs=(Guard(_are_made_again, "CUPS was told to make none itself (CreateSelfSignedCerts), and would have none"),),
)
