"""Remove the key with which fwupd signs what it reports

fwupd makes a key and a certificate for this machine in /var/lib/fwupd/pki and signs its
reports to the vendor firmware service with it: clones would all report as one machine. Both
are overwritten; fwupd makes others when it next signs something (libjcat, jcat-pkcs7-engine.c).

Left on purpose: the authorities in /etc/pki/fwupd, by which fwupd trusts firmware.
"""

from __future__ import annotations

from guestseal.seal.operation import Kind, Operation

OPERATION = Operation(kind=Kind.SECRET, remove=("/var/lib/fwupd/pki/secret.key", "/var/lib/fwupd/pki/client.pem"))
