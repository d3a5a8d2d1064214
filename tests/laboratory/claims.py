"""What is proved of clones on a platform: one function a claim, which says what was seen and raises if it is not so."""

from __future__ import annotations

import re
import time

from laboratory.machines import ANSWER_TIMEOUT, Machine
from laboratory.proofs import Steps
from laboratory.rounds import Clone, Round
from support.debian import changed, snapshot

from guestseal.guest.identity import read_identity
from guestseal.guest.tree import Tree
from guestseal.rehearse.matrix import Matrix

KEPT = ("etc", "root", "var/lib/guestseal")
"""Relative to /: what a boot after the first must leave as it is."""
LATER = "nohup sh -c 'sleep 1; systemctl {}' > /dev/null 2>&1 < /dev/null &"
"""A shutdown that does not take the connection away with which it is asked for."""
OFF_WITHIN = 240.0
RECOVERED_WITHIN = 300.0
"""Seconds for two attempts: pauses of 15 and 30, 10 of chance each, two budgets of 30, and a busy host."""
HOST_KEYS = ["ecdsa", "ed25519", "rsa"]
BY_A_PASSWORD = {"/etc/shadow", "/etc/shadow-", "/root/.bash_history", "/var/lib/guestseal/state.json"}
"""What another password changes, and a login with it."""
NEW_PASSWORD = "Reset-Pa:ss 2"


def boot_at_once(clones: Round) -> str:
    """All of them come up, each under the platform's name for it."""
    clones.serve()

    def boot(clone: Clone) -> float:
        clone.machine.power_on()
        return clone.machine.until_login(clone.name)

    took = clones.together(boot)
    return f"after {_listed(took)} s"


def open_to_the_served_key(clones: Round) -> str:
    """Each is what its platform says, and done with it."""

    def enter(clone: Clone) -> None:
        clone.until_done(clones.platform.source)
        named = clone.ssh("hostname").strip()
        assert named == clone.name, f"{clone.name} calls itself {named}"

    clones.together(enter)
    return "under the host keys that the consoles show"


def closed_to_other_keys(clones: Round) -> str:
    """Each owner's key opens one clone. (A key that the master's administrator left there opens all of them.)"""
    keys = [clone.key for clone in clones.clones]

    def knock(clone: Clone) -> int:
        strange = [key for key in keys if key != clone.key]
        for key in strange:
            done = clones.network.ssh(clone.machine.seat, key, "true")
            assert done.returncode == 255, f"{clone.name}: opened by {key.name}"
            assert b"Permission denied" in done.stderr, done.stderr
        return len(strange)

    return f"{sum(clones.together(knock))} refused"


def open_to_the_served_password(clones: Round) -> str:
    """It is taken on each console, and the router, where there is one, has deleted it."""
    clones.together(lambda clone: _try_console(clone.machine, clone.password, clone.name))
    return _acknowledged(clones)


def unlike_each_other(clones: Round) -> str:
    """Powered off: nothing that tells one machine from another is the same on two disks, nor the master's."""
    clones.together(lambda clone: _end(clone, "reboot"))
    for clone in clones.clones:
        with Tree(str(clone.machine.files())) as tree:
            clone.identity = read_identity(tree)
        who = clone.identity
        assert (who.hostname, sorted(who.host_keys)) == (clone.name, HOST_KEYS), f"{clone.name}: {who}"
        assert who.machine_id, f"{clone.name}: no machine-id"
        clone.files = _kept(clone)
    matrix = Matrix.of(clones.master.identity, [clone.identity for clone in clones.clones])
    assert not matrix.shared, f"shared by two: {', '.join(matrix.shared)}"
    return f"{len(matrix.rows)} values, of the master and {len(clones.clones)}"


def unchanged_by_another_boot(clones: Round) -> str:
    """After another boot the files are what they were, and the same key opens the same host keys."""

    def boot(clone: Clone) -> float:
        clone.machine.power_on()
        took = clone.machine.until_login(clone.name)
        clone.until_done(clones.platform.source)
        _end(clone, "poweroff")
        return took

    took = clones.together(boot)
    for clone in clones.clones:
        different = changed(clone.files, _kept(clone))
        assert not different, f"{clone.name}: {', '.join(sorted(different))}"
    return f"login prompts after {_listed(took)} s; {sum(len(clone.files) for clone in clones.clones)} files as before"


def taking_a_reset_password(clones: Round) -> str:
    """Reset at the router while it is off: then the console takes this one, and not the one before."""
    clone, router = clones.clones[0], clones.router
    assert router is not None, "no router"
    router.set_password(clone.machine.seat.address, NEW_PASSWORD)
    clone.machine.power_on()
    clone.machine.until_login(clone.name)
    clone.machine.console.say("root")
    clone.machine.console.expect("Password: ", timeout=ANSWER_TIMEOUT)
    clone.machine.console.say(clone.password)
    clone.machine.console.expect("Login incorrect", timeout=ANSWER_TIMEOUT)
    clone.machine.until_login(clone.name)
    _try_console(clone.machine, NEW_PASSWORD, clone.name)
    seen = _acknowledged(clones)
    _end(clone, "poweroff")
    different = changed(clone.files, _kept(clone)) - BY_A_PASSWORD
    assert not different, f"{clone.name}: {', '.join(sorted(different))}"
    return seen


def booting_without_metadata(clones: Round) -> str:
    """Nobody answers: a login prompt comes all the same, and the console says why the machine is not personalised."""

    def boot(clone: Clone) -> float:
        clone.machine.power_on()
        took = clone.machine.until_login("localhost")
        for said in ("nobody answered", "  cloudstack at 10.77.0.1", "access: the sealed template's password"):
            assert said in clone.machine.console.output, f"not on the console: {said}"
        return took

    return f"after {_listed(clones.together(boot))} s"


def recovering_by_itself(clones: Round) -> str:
    """The platform comes up: the machine, which nobody touches, asks again and becomes what it says."""
    clones.serve()
    started = time.monotonic()

    def recover(clone: Clone) -> float:
        clone.until_done(clones.platform.source, timeout=RECOVERED_WITHIN)
        took = time.monotonic() - started
        said = clone.ssh("hostname; systemctl is-active guestseal-retry.timer; true").split()
        assert said == [clone.name, "inactive"], f"{clone.name}: {said}"
        return took

    took = clones.together(recover)
    return f"after {_listed(took)} s; {_acknowledged(clones)}"


FIRST_BOOT: Steps[Round] = (
    ("boot at once, to login prompts with the platform's names", boot_at_once),
    ("are opened by the served SSH keys", open_to_the_served_key),
)
OTHER_KEYS: Steps[Round] = (("are not opened by the keys of each other's owners", closed_to_other_keys),)
SERVED_PASSWORD: Steps[Round] = (("are opened on the console by the served passwords", open_to_the_served_password),)
IDENTITY: Steps[Round] = (("share no identity", unlike_each_other),)
ANOTHER_BOOT: Steps[Round] = (("are not changed by another boot", unchanged_by_another_boot),)
RESET: Steps[Round] = (("take a password that is reset at the router", taking_a_reset_password),)
LATE: Steps[Round] = (
    ("reach a login prompt without metadata, and say why", booting_without_metadata),
    ("recover by themselves when the router appears", recovering_by_itself),
)


def _try_console(machine: Machine, password: str, hostname: str) -> None:
    seen = machine.log_in(password, hostname)
    assert not re.search("(?i)change your password|expired", seen), f"{machine.name}: a new password is asked for"
    machine.console.say("exit")
    machine.until_login(hostname)


def _acknowledged(clones: Round) -> str:
    if clones.router is None:
        return "this platform takes no acknowledgement"
    waiting = [clone.name for clone in clones.clones if clones.router.pending(clone.machine.seat.address)]
    assert not waiting, f"not acknowledged: {', '.join(waiting)}"
    return "acknowledged"


def _end(clone: Clone, how: str) -> None:
    clone.ssh(LATER.format(how))
    clone.machine.wait_until_off(timeout=OFF_WITHIN)


def _kept(clone: Clone) -> dict[str, tuple[object, ...]]:
    tree = clone.machine.files()
    return {f"/{top}{path}": what for top in KEPT for path, what in snapshot(tree / top).items()}


def _listed(seconds: list[float]) -> str:
    return ", ".join(f"{each:.0f}" for each in seconds)
