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

from guestseal.guest.facts import Guest
from guestseal.guest.services import units
from guestseal.guest.services.certificates import self_made_pair
from guestseal.seal.operation import Guard, Kind, Operation

KEY = "/etc/pki/tls/private/localhost.key"
CERTIFICATE = "/etc/pki/tls/certs/localhost.crt"
CONFIGURATION = "/etc/httpd/conf.d/ssl.conf"
MAKER = "/usr/libexec/httpd-ssl-gencerts"
UNIT = "httpd-init.service"


def _is_made_again(guest: Guest) -> bool:
    tree = guest.tree
    able = all(map(tree.is_file, (MAKER, "/usr/bin/sscg", CONFIGURATION)))
    if not able or not units.pulls_in(tree, "httpd.service", UNIT):
        return False
    lines = {line.rstrip() for line in (tree.read_text(CONFIGURATION) or "").split("\n")}
    return lines >= {f"SSLCertificateFile {CERTIFICATE}", f"SSLCertificateKeyFile {KEY}"}


OPERATION = Operation(
    kind=Kind.IDENTITY,
    also=self_made_pair(KEY, CERTIFICATE),
    needs=(
        Guard(
            _is_made_again,
            "httpd would not make a new one when it starts: it needs httpd-init.service, sscg and the default ssl.conf",
        ),
    ),
)
