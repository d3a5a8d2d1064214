"""Remove the registration with Spacewalk, Uyuni or Oracle's ULN

systemid is the signed certificate of the system's profile, and osad-auth.conf the password
of its push client: a clone that has them takes the profile over. The number that up2date
sends and what it has in its spool go as well.

Left on purpose: up2date, which names the server.
"""

from __future__ import annotations

from guestseal.seal.operation import Kind, Operation

OPERATION = Operation(
    kind=Kind.SECRET,
    remove=(
        *("/etc/sysconfig/rhn/systemid", "/etc/sysconfig/rhn/osad-auth.conf", "/etc/sysconfig/rhn/up2date-uuid"),
        "/var/spool/up2date/*",
    ),
)
