"""Remove the self-signed certificate of Cockpit

Cockpit's web server makes 0-self-signed.cert and .key, and with sscg(1) the authority
0-self-signed-ca.pem, when it is first used: every clone would have the same private key. It
is overwritten first. cockpit-certificate-ensure makes all of them again when they are missing.

Left on purpose: certificates of other names in /etc/cockpit/ws-certs.d, which Cockpit prefers
and an administrator put there.
"""

from __future__ import annotations

from guestseal.seal.operation import Kind, Operation

DIRECTORY = "/etc/cockpit/ws-certs.d"

OPERATION = Operation(
    kind=Kind.SECRET,
    remove=tuple(f"{DIRECTORY}/0-self-signed{end}" for end in (".key", ".cert", ".crt", ".pem", "-ca.pem")),
)
