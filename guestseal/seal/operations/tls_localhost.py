"""Remove the certificate that Enterprise Linux makes for httpd

/etc/pki/tls/private/localhost.key and certs/localhost.crt are the certificate of mod_ssl's
default site, made at httpd's first start with the name that the machine has then. Every
clone would have the same private key. The key is overwritten first.

They go only where httpd.service makes new ones when it starts: it wants httpd-init.service,
whose httpd-ssl-gencerts runs sscg(1) as long as ssl.conf names both files. Enterprise Linux 7
makes them when mod_ssl is installed, and never again: there they are kept.

Left on purpose: a certificate that an authority has issued, and links to one.
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.guest.actions import Action
from guestseal.guest.facts import Guest
from guestseal.guest.services import units
from guestseal.guest.services.certificates import self_made_pair
from guestseal.seal.operation import Guard, Kind, Operation

KEY = "/etc/pki/tls/private/localhost.key"
CERTIFICATE = "/etc/pki/tls/certs/localhost.crt"
CONFIGURATION = "/etc/httpd/conf.d/ssl.conf"
MAKER = "/usr/libexec/httpd-ssl-gencerts"
UNIT = "httpd-init.service"


def _pair(guest: Guest) -> Iterator[Action]:
    return self_made_pair(guest.tree, KEY, CERTIFICATE)


def _is_made_again(guest: Guest) -> bool:
    tree = guest.tree
    if units.fragment(tree, UNIT) is None or UNIT not in units.pulled_in(tree, "httpd.service"):
        return False
    lines = (tree.read_text(CONFIGURATION) or "").split("\n") if tree.is_file(CONFIGURATION) else []
    named = {f"SSLCertificateFile {CERTIFICATE}", f"SSLCertificateKeyFile {KEY}"}
    return tree.is_file(MAKER) and tree.is_file("/usr/bin/sscg") and named <= {line.rstrip() for line in lines}


OPERATION = Operation(
    kind=Kind.IDENTITY,
    also=_pair,
    needs=(
        Guard(
            lambda guest: not any(_pair(guest)) or _is_made_again(guest),
            "httpd would not make a new one when it starts: it needs httpd-init.service, sscg and the default ssl.conf",
        ),
    ),
)
