"""Keys of certificate authorities are reported, certificates are not."""

from __future__ import annotations

from support.certificates import AUTHORITY, PRIVATE_KEY
from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import File

KEYS = {
    path: File(PRIVATE_KEY, 0o600)
    for path in (
        *("/etc/pki/CA/private/cakey.pem", "/etc/ssl/CA/private/ca.key", "/etc/ssl/CA/ca.key"),
        *("/etc/ssl/demoCA/private/cakey.pem", "/etc/easy-rsa/pki/private/ca.key"),
        *("/etc/openvpn/easy-rsa/pki/private/ca.key", "/etc/openvpn/easy-rsa/keys/ca.key"),
        *("/usr/share/easy-rsa/pki/private/ca.key", "/root/ca/private/ca.key", "/root/ca/root.key"),
        *("/root/demoCA/private/cakey.pem", "/root/pki/private/ca.key", "/root/easy-rsa/pki/private/ca.key"),
        *("/root/openvpn-ca/pki/private/ca.key", "/root/openvpn-ca/keys/ca.key"),
    )
}
PUBLIC = {
    "/etc/pki/CA/cacert.pem": File(AUTHORITY),
    "/etc/pki/CA/private/.rnd": File("\x01seed"),
    "/etc/easy-rsa/pki/ca.crt": File(AUTHORITY),
    "/root/ca/index.txt": File("V\t\n"),
}

CASES = (
    Case("every place", DEBIAN, {**KEYS, **PUBLIC}, found=tuple(KEYS)),
    Case("certificates alone", REDHAT, PUBLIC),
    Case("SUSE", SUSE, {"/root/ca": File("a note\n")}),
    Case("Alpine", ALPINE, {"/etc/ssl/openssl.cnf": File("dir = ./demoCA\n")}),
)
