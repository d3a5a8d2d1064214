"""Random seeds of systemd, of other inits, of boot loaders and of accounts."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File

SEED = File(b"\x00\x01seed", 0o600)

CASES = (
    Case(
        "systemd and its boot loader",
        DEBIAN,
        {
            "/var/lib/systemd/random-seed": SEED,
            "/var/cache/pollinate/seeded": File(""),
            "/var/lib/systemd/timers/stamp-x.timer": File(""),
            "/boot/efi/loader/random-seed": SEED,
            "/efi/loader/random-seed": SEED,
            "/boot/loader/random-seed": SEED,
            "/boot/loader/loader.conf": File("timeout 3\n"),
        },
        {
            "/var/lib/systemd/timers/stamp-x.timer": File(""),
            "/var/cache/pollinate": Dir(),
            "/boot/efi/loader": Dir(),
            "/efi/loader": Dir(),
            "/boot/loader/loader.conf": File("timeout 3\n"),
        },
    ),
    Case(
        "RHEL 6", REDHAT, {"/var/lib/random-seed": SEED, "/etc/random-seed": SEED}, {"/var/lib": Dir(), "/etc": Dir()}
    ),
    Case(
        "SUSE and Debian with sysvinit",
        SUSE,
        {"/var/lib/misc/random-seed": SEED, "/var/lib/urandom/random-seed": SEED, "/var/lib/haveged/entropy": SEED},
        {"/var/lib/misc": Dir(), "/var/lib/urandom": Dir(), "/var/lib/haveged": Dir()},
    ),
    Case(
        "Alpine",
        ALPINE,
        {
            "/var/lib/seedrng/seed.credit": SEED,
            "/var/lib/seedrng/seed.no-credit": SEED,
            "/etc/seedrng/seed.credit": SEED,
            "/etc/conf.d/seedrng": File("skip_credit=no\n"),
        },
        {"/var/lib/seedrng": Dir(), "/etc/seedrng": Dir(), "/etc/conf.d/seedrng": File("skip_credit=no\n")},
    ),
    Case(
        "seeds of programs",
        REDHAT,
        {"/root/.rnd": SEED, "/etc/ssl/.rnd": SEED, "/root/.gnupg": Dir(0o700), "/root/.gnupg/random_seed": SEED},
        {"/etc/ssl": Dir(), "/root/.gnupg": Dir(0o700)},
    ),
    Case("no seed yet", ALPINE, {"/var/lib/seedrng": Dir(0o700), "/var/lib/systemd": Dir()}),
)
