"""Remove the certificates that MySQL makes for itself

At its first start mysqld makes an authority, a server and a client certificate and an RSA key
pair in its data directory (auto_generate_certs, sha256_password_auto_generate_rsa_keys). Every
clone has the same ones. Files are overwritten, and mysqld makes others when all of a set are missing.

Not done unless it is asked for: clients and replicas may trust exactly this authority, and
MariaDB, which has the same data directory, makes none.
"""

from __future__ import annotations

from guestseal.seal.operation import Kind, Operation

NAMES = ("ca", "ca-key", "server-cert", "server-key", "client-cert", "client-key", "private_key", "public_key")

OPERATION = Operation(
    kind=Kind.SECRET,
    remove=tuple(f"/var/lib/mysql/{name}.pem" for name in NAMES),
    default=False,
)
