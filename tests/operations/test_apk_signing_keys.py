"""Private keys among apk's public ones."""

from __future__ import annotations

from support.operation_cases import ALPINE, Case
from support.trees import File

ONLY = (ALPINE,)  # apk

KEYS = "/etc/apk/keys"
PUBLIC = {
    f"{KEYS}/alpine-devel@lists.alpinelinux.org-6165ee59.rsa.pub": File("-----BEGIN PUBLIC KEY-----\n"),
    f"{KEYS}/kim-0123abcd.rsa.pub": File("-----BEGIN PUBLIC KEY-----\n"),
}
PRIVATE = File("-----BEGIN RSA PRIVATE KEY-----\nMIIE\n", 0o600)

CASES = (
    Case("copied with its public half", ALPINE, {**PUBLIC, f"{KEYS}/kim-0123abcd.rsa": PRIVATE}, PUBLIC),
    Case(
        "a builder's",
        ALPINE,
        {"/root/.abuild/kim-0123abcd.rsa": PRIVATE, "/root/.abuild/abuild.conf": File("PACKAGER_PRIVKEY=x\n")},
        found=("/root/.abuild/kim-0123abcd.rsa",),
    ),
    Case("public keys only", ALPINE, PUBLIC),
)
