"""OpenPegasus's certificates go only where its start makes others."""

from __future__ import annotations

from support.certificates import PRIVATE_KEY, SELF_SIGNED
from support.operation_cases import REDHAT, Case
from support.trees import Dir, File, Link

ONLY = (REDHAT,)

MAKER = {"/usr/share/Pegasus/scripts/genOpenPegasusSSLCerts": File("#!/bin/sh\n", 0o755)}
CONFIGURATION = {"/etc/Pegasus/access.conf": File("-: ALL\n"), "/etc/Pegasus/cimserver_planned.conf": File("x=y\n")}
MADE = {
    f"/etc/{directory}/{name}": File(f"{SELF_SIGNED}{PRIVATE_KEY}", 0o600)
    for directory in ("Pegasus", "pki/Pegasus")
    for name in ("ssl-ca.cnf", "ca.crt", "server.csr", "server.pem", "ca.srl")
}
LINK = {"/etc/Pegasus/client.pem": Link("/srv/client.pem"), "/srv/client.pem": File(SELF_SIGNED)}

CASES = (
    Case(
        "Enterprise Linux",
        REDHAT,
        {**MAKER, **CONFIGURATION, **MADE, **LINK},
        {**MAKER, **CONFIGURATION, **LINK, "/etc/pki/Pegasus": Dir()},
    ),
    Case("nothing makes others", REDHAT, {**CONFIGURATION, **MADE}, kept="genOpenPegasusSSLCerts"),
    Case("not started yet", REDHAT, CONFIGURATION),
)
