"""A whole first boot of a clone's tree against a simulated platform, and what every one of them has to keep.

``boot`` checks by itself, whatever the platform does: the time, that nothing secret is
told anywhere, and that doing it again with the same answers changes nothing. The tests
say what else they expect.
"""

from __future__ import annotations

import contextlib
import io
import json
import logging
import os
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from support.clones import CloneTree, clone_tree
from support.clouds import Cloud, cloudstack, nobody_but, say_again
from support.machine import FakeCommands
from support.platforms import PASSWORD, WEB, Platform
from support.trees import Entry as TreeEntry
from support.trees import File, fingerprint, read

from guestseal.firstboot.boot import Boot
from guestseal.guest.accounts.shadow import entry as shadow_entry
from guestseal.guest.root import Root
from guestseal.guest.seal_record import SEALED, SealRecord
from guestseal.guest.ssh.authorized_keys import keys_of
from guestseal.guest.ssh.private_keys import public_half
from guestseal.machine.commands import Commands, Completed
from guestseal.machine.crypt import verify
from guestseal.render import to_json, to_text
from guestseal.report import Entry, Report
from guestseal.simulate.ec2 import TOKEN_HEADER
from guestseal.simulate.journal import Exchange

BUDGET = 1.5
"""Seconds for the metadata. Nothing on loopback needs them, and what hangs is waited for that long."""
SLACK = 2.0
"""Seconds that a boot may take on top of its budget."""
STATE = "/var/lib/guestseal/state.json"
HOST_KEY = "/etc/ssh/ssh_host_ed25519_key"
TEMPLATES_HOST_KEY = "the template's private key\n"
AUTHORIZED_KEYS = "/root/.ssh/authorized_keys"
OWN = (HOST_KEY, f"{HOST_KEY}.pub", STATE)
"""What a clone makes its own without a word from anybody."""
SEAL = SealRecord("seal-1", "2024-10-04T00:00:00Z", "1", {}, "00" * 16)
_PASSWORD = 6
_WORDS = 12
"""Characters of a faulty answer that nobody says by chance."""


class Watched(Commands):
    """The programs of this machine, for real, and a note of every argument list and environment."""

    def __init__(self, inner: Commands) -> None:
        super().__init__()
        self.inner = inner
        self.started: list[tuple[str, ...]] = []

    def run(
        self,
        arguments: Sequence[str],
        *,
        timeout: float,
        stdin: bytes = b"",
        descriptors: Sequence[int] = (),
        accept: Sequence[int] = (0,),
    ) -> Completed:
        """As Commands.run."""
        self.started.append((*arguments, *(f"{name}={value}" for name, value in self.inner.environment.items())))
        return self.inner.run(arguments, timeout=timeout, stdin=stdin, descriptors=descriptors, accept=accept)


@dataclass
class Outcome:
    """What one boot came to. The attributes without a text are as guestseal tells them."""

    status: str
    """``done``, ``degraded`` or ``error``: of the last stage that ran."""
    reports: Mapping[str, Report]
    """By stage."""
    entries: Mapping[str, Entry]
    """By step, of both stages."""
    facts: Mapping[str, Any]
    """Of the last stage."""
    attempts: Sequence[Mapping[str, Any]]
    journal: Sequence[Exchange]
    """What the platform was asked during this boot."""
    seconds: float
    """Of both stages together."""
    said: str
    """All that was told: log, standard output and error, program arguments, status, state, reports."""
    changed: frozenset[str]
    """Files of the tree that are others than before."""
    console: str = ""
    """What the unit prints."""
    again: Outcome | None = field(default=None, repr=False)
    """The second boot, with the same answers."""

    @property
    def remarks(self) -> str:
        """What the network stage says was refused or is missing."""
        return "\n".join(self.facts.get("remarks", ()))

    @property
    def answers(self) -> dict[str, str]:
        """Address to what was answered, of those who were asked."""
        return {each["address"]: each["answer"] for each in self.attempts}

    @property
    def targets(self) -> list[str]:
        """Method and target of every request, in order."""
        return [f"{exchange.method} {exchange.target}" for exchange in self.journal]

    def asked(self, header: str | None = None, *, host: str | None = None) -> list[Exchange]:
        """The requests with this value of DomU_Request, or to this host."""
        found = (item for item in self.journal if header in (None, item.header("DomU_Request")))
        return [item for item in found if host in (None, item.listener[0])]


def sealed_clone(path: Path, changes: Mapping[str, TreeEntry | None] | None = None, **settings: str) -> CloneTree:
    """A sealed Debian's clone with the host key of its template, of which sshd uses that type only: RSA takes time."""
    sealed = {
        SEALED: File(SEAL.to_json(), 0o600),
        HOST_KEY: File(TEMPLATES_HOST_KEY, 0o600),
        "/etc/ssh/sshd_config": File(f"UsePAM yes\nHostKey {HOST_KEY}\n"),
    }
    return clone_tree(path, {**sealed, **(changes or {})}, **settings)


def boot(
    tree: CloneTree,
    platform: Platform,
    *,
    stages: Sequence[str] = ("local", "network"),
    budget: float = BUDGET,
    again: bool = True,
) -> Outcome:
    """Boot ``tree`` beside ``platform``, then once more with the same answers unless ``again`` is off.

    ``tree`` is the clone's disk, ``platform`` its settings, its machine and who answers. What
    the clone's DHCP clients left is looked for below the tree. Fails when a boot takes more than
    ``SLACK`` seconds longer than its ``budget``; when it says a password, a private key, a token,
    what a faulty answer holds, or one of the cloud's ``secrets``; and when the second one changes
    a byte that the first one wrote.
    """
    outcome = _once(tree, platform, stages, budget)
    _tells_no_secret(tree, platform, outcome)
    if again:
        before, whole = fingerprint(tree.path), read(tree.path)
        say_again(platform)
        outcome.again = _once(tree, platform, stages, budget)
        _tells_no_secret(tree, platform, outcome.again)
        assert outcome.again.status == outcome.status
        _is_the_same(tree, before, whole)
    return outcome


@contextlib.contextmanager
def as_the_running_system(tree: CloneTree, programs: Mapping[str, bytes] | None = None) -> Iterator[Cloud]:
    """A router beside ``tree`` after its local stage, for the network stage in namespaces of the test's own only.

    The kernel gets the name and the files their SELinux labels. There are no programs but ``programs``.
    """
    with cloudstack(grow_root=False) as cloud:
        boot(tree, cloud, stages=["local"], again=False)
        cloud.live, cloud.machine.commands = True, FakeCommands(dict(programs or {}))
        yield cloud


def password_is(tree: CloneTree, password: str | bytes, account: str = "root") -> bool:
    """Whether ``password`` opens the account."""
    value = password if isinstance(password, bytes) else password.encode()
    found = shadow_entry(Path(f"{tree.path}/etc/shadow").read_bytes(), account)
    assert found is not None
    return verify(value, found.password)


def keys_in(tree: CloneTree, path: str = AUTHORIZED_KEYS) -> set[Any]:
    """The SSH keys that open the account, without their comments."""
    place = Path(f"{tree.path}{path}")
    return set(keys_of(place.read_bytes())) if place.exists() else set()


def has_own_host_key(tree: CloneTree) -> bool:
    """Whether its host key is one, and not the template's."""
    return public_half(tree.read(HOST_KEY).encode()) is not None


def only_local(tree: CloneTree, outcome: Outcome) -> bool:
    """Whether the clone has made its own what needs no platform, and nothing else was touched."""
    return has_own_host_key(tree) and outcome.changed <= set(OWN)


def is_web(tree: CloneTree, *, with_password: bool) -> bool:
    """Whether the clone is what ``WEB`` says: its name, its keys, and its password where the platform has one."""
    keys = keys_of("\n".join(WEB.ssh_keys).encode())
    named = tree.read("/etc/hostname") == "web\n" and keys_in(tree) == set(keys)
    return named and has_own_host_key(tree) and password_is(tree, PASSWORD) is with_password


def _once(tree: CloneTree, platform: Platform, stages: Sequence[str], budget: float) -> Outcome:
    settings = replace(nobody_but(platform), budget=budget, later_budget=budget)
    machine = platform.machine
    inner = machine.commands.inner if isinstance(machine.commands, Watched) else machine.commands
    machine.commands = watched = Watched(inner)
    before, seen = read(tree.path), _seen(platform)
    environment = dict(os.environ)
    reports: dict[str, Report] = {}
    with (
        tempfile.TemporaryDirectory() as runtime,
        _listening() as heard,
        Root(str(tree.path)) as root,
    ):
        machine.runtime_directory, machine.root_directory = runtime, str(tree.path)
        start = machine.clock.monotonic(), time.monotonic()
        for stage in stages:
            made = Boot(root, machine, settings, live=isinstance(platform, Cloud) and platform.live)
            reports[stage] = made.local() if stage == "local" else made.network()
        seconds = max(machine.clock.monotonic() - start[0], time.monotonic() - start[1])
        written = [path.read_text() for path in sorted(Path(runtime).iterdir())]
    assert seconds <= budget + SLACK, f"{seconds:.2f} s, with a budget of {budget} s"
    assert dict(os.environ) == environment
    last = list(reports.values())[-1]
    told = [text for report in reports.values() for text in (to_json(report), to_text(report, verbose=True))]
    arguments = [" ".join(words) for words in watched.started]
    return Outcome(
        status=last.facts["status"],
        reports=reports,
        entries={entry.name: entry for report in reports.values() for entry in report.entries},
        facts=last.facts,
        attempts=last.facts.get("attempts", ()),
        journal=_seen(platform)[len(seen) :],
        seconds=seconds,
        said="\n".join((*heard, *arguments, *environment.values(), *written, *told, _state(tree))),
        changed=frozenset(_differing(before, read(tree.path))),
        console=to_text(last),
    )


@contextlib.contextmanager
def _listening() -> Iterator[list[str]]:
    """What is logged at any level, with tracebacks, and written to standard output and error, also by programs."""
    heard: list[str] = []
    text, loggers = io.StringIO(), (logging.getLogger(), logging.getLogger("guestseal"))
    handler, levels = logging.StreamHandler(text), [logger.level for logger in loggers]
    with tempfile.TemporaryFile() as file, contextlib.redirect_stdout(text), contextlib.redirect_stderr(text):
        real = [os.dup(number) for number in (1, 2)]
        try:
            for logger in loggers:
                logger.addHandler(handler)
                logger.setLevel(logging.DEBUG)
            for number in (1, 2):
                os.dup2(file.fileno(), number)
            yield heard
        finally:
            for number, copy in zip((1, 2), real):
                os.dup2(copy, number)
                os.close(copy)
            for logger, level in zip(loggers, levels):
                logger.removeHandler(handler)
                logger.setLevel(level)
            file.seek(0)
            heard += [file.read().decode("utf-8", "replace"), text.getvalue()]


def _tells_no_secret(tree: CloneTree, platform: Platform, outcome: Outcome) -> None:
    private = [line for path in tree.path.glob("etc/ssh/ssh_host_*_key") for line in _private_lines(path)]
    tokens = [exchange.header(TOKEN_HEADER) or "" for exchange in outcome.journal]
    passwords = {PASSWORD, *_passwords(platform)}
    for secret in {text for text in (*passwords, *private, *tokens) if text} | _faulty(tree, platform):
        for form in (secret, json.dumps(secret)[1:-1]):
            assert form not in outcome.said, f"{form[:40]!r} is told"
    on_disk = b"\n".join(entry.content for entry in read(tree.path).values() if isinstance(entry, File))  # type: ignore[misc]
    for secret in (*passwords, *filter(None, tokens)):
        assert secret.encode() not in on_disk, f"{secret[:40]!r} is on the disk"


def _private_lines(path: Path) -> Iterator[str]:
    """The lines of a private key that are not part of its public half, which is in there as well."""
    public = path.with_suffix(".pub")
    known = public.read_text() if public.exists() else ""
    yield from (line for line in path.read_text().split("\n")[1:-2] if line not in known)


def _passwords(platform: Platform) -> Iterator[str]:
    """The passwords that the platform has for its clones, but for those that stand in every text by chance."""
    if not isinstance(platform, Cloud):
        return
    yield from platform.secrets
    for clones in platform.clones.values():
        yield from (instance.password for instance in clones.values() if len(instance.password or "") >= _PASSWORD)


def _faulty(tree: CloneTree, platform: Platform) -> set[str]:
    """What faulty answers say, as far as the clone did not believe it."""
    faults = platform.simulator.faults if platform.simulator is not None else ()
    bodies = (body.decode("utf-8", "replace").strip() for fault in faults for body in (fault.body, fault.raw) if body)
    believed = (tree.read("/etc/hostname").strip(), WEB.instance_id)
    return {text for text in bodies if len(text) >= _WORDS and not any(each in text for each in believed if each)}


def _is_the_same(tree: CloneTree, before: Mapping[str, tuple[object, ...]], whole: Mapping[str, TreeEntry]) -> None:
    """An acknowledgement is written down, so the file of the state may be another; what it says is not."""
    after = fingerprint(tree.path)
    rewritten = {path for path in {*before, *after} if before.get(path) != after.get(path)}
    assert rewritten <= {STATE, STATE.rpartition("/")[0]}, "a second boot changed something"
    assert _differing(whole, read(tree.path)) == set(), "a second boot changed something"


def _differing(before: Mapping[str, TreeEntry], after: Mapping[str, TreeEntry]) -> set[str]:
    return {
        path
        for path in {*before, *after}
        if before.get(path) != after.get(path) and not path.startswith("/.guestseal-")
    }


def _seen(platform: Platform) -> tuple[Exchange, ...]:
    return platform.simulator.journal.snapshot() if platform.simulator is not None else ()


def _state(tree: CloneTree) -> str:
    place = Path(f"{tree.path}{STATE}")
    return place.read_text() if place.exists() else ""
