"""What belongs to the template's TPM."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, Entry, File

SRK: dict[str, Entry] = {
    "/var/lib/systemd/tpm2-srk-public-key.pem": File("-----BEGIN PUBLIC KEY-----\n", 0o444),
    "/var/lib/systemd/tpm2-srk-public-key.tpm2b_public": File(b"\0\x5a", 0o444),
}
LOCK: dict[str, Entry] = {
    "/var/lib/systemd/pcrlock.json": File('{"pcrBank":"sha256"}\n'),
    "/var/lib/pcrlock.d/600-gpt.pcrlock": File("{}\n"),
}

CASES = (
    Case("systemd's", DEBIAN, {**SRK, **LOCK}, LOCK, found=("/var/lib/systemd/pcrlock.json",)),
    Case(
        "stores of others",
        REDHAT,
        {
            "/var/lib/tpm2-tss/system/keystore/P_RSA2048SHA256": Dir(),
            "/etc/tpm2_pkcs11/tpm2_pkcs11.sqlite3": File("SQLite"),
            "/root/.tpm2_pkcs11/tpm2_pkcs11.sqlite3": File("SQLite"),
            "/etc/tpm2-tss/fapi-config.json": File("{}\n"),
        },
        found=(
            "/var/lib/tpm2-tss/system/keystore/P_RSA2048SHA256",
            "/etc/tpm2_pkcs11/tpm2_pkcs11.sqlite3",
            "/root/.tpm2_pkcs11/tpm2_pkcs11.sqlite3",
        ),
    ),
    Case(
        "TrouSerS and software TPMs",
        SUSE,
        {
            "/var/lib/tpm/system.data": File(b"\x01", 0o600),
            "/var/lib/swtpm-localca/signkey.pem": File("-----BEGIN RSA PRIVATE KEY-----\n", 0o600),
            "/var/lib/libvirt/swtpm/1234/tpm2/tpm2-00.permall": File(b"\x01"),
        },
        found=("/var/lib/tpm/system.data", "/var/lib/swtpm-localca/signkey.pem", "/var/lib/libvirt/swtpm/1234"),
    ),
    Case("no TPM", ALPINE, {"/var/lib/systemd/random-seed.keep": File("x"), "/var/lib/tpm": Dir(0o700)}),
)
