"""Configure the network as the platform says, where no DHCP does it.

Only what the platform gives a fixed address is configured: everything else stays with the
template and DHCP. By the setting ``network``, ``auto`` writes the addresses where no
interface has one within five seconds although one has a carrier, ``always`` writes them in
any case, and ``never`` leaves them alone.

The files are those of the tool that the guest uses: netplan, ifupdown, NetworkManager,
systemd-networkd, wicked or Red Hat's network-scripts. Files of our own have guestseal in
their names and come before the template's; where the tool knows no such order, only the
template's lines for the same card are changed, and the rest keeps every byte. The tool then
takes them over within thirty seconds, and the addresses are looked for on the machine.

The network is written when the platform says something else than was applied last. A file
that an administrator has edited since then stays as it is; when the platform's
configuration changes as well, that is a warning. A configuration for a card that this
machine does not have is refused as a whole, and where the tool refuses the files, what was
there is put back.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from guestseal.errors import Changed, CommandError, GuestsealError, Malformed
from guestseal.firstboot.step import Clone, Result, Step, When
from guestseal.guest.root import Root
from guestseal.machine.clock import Deadline
from guestseal.machine.selinux import relabel

# Most platforms give no fixed address: what writes one is imported when one does.
if TYPE_CHECKING:
    from guestseal.guest.network.network_config import NetworkConfig
    from guestseal.guest.network.renderers.renderer import Command, Names, Renderer

WAIT = 5.0
"""Seconds for DHCP to bring an address, where a carrier is there."""
COMMANDS_WITHIN = 30.0
"""Seconds for the tool to take the files."""
ADDRESSES_WITHIN = 10.0
"""Seconds from then on for the addresses to be on their interfaces."""

_PLATFORM = "platform"
_FILE = "file:"

log = logging.getLogger(__name__)


def run(clone: Clone) -> Result:
    """Write, apply and verify. Raises Malformed for what is no configuration, GuestError when it is not written."""
    from guestseal.guest.network.renderers.choice import renderer_of

    config = _said(clone)
    said = hashlib.sha256(repr(config).encode()).hexdigest()
    why = _why_not(clone, config, said)
    if why is not None:
        return why
    renderer = renderer_of(clone.root)
    if renderer is None:
        return _refused(clone, "nothing that configures its network was recognised: netplan, ifupdown, …")
    names = _names(clone, config)
    if isinstance(names, str):
        return _refused(clone, names)
    if not clone.memory.get(_PLATFORM) and clone.live and clone.settings.network == "auto" and _comes_up(clone):
        return Result(False, "an interface has an address without it", memory=clone.memory)
    return _configure(clone, renderer, config, names, said)


def _said(clone: Clone) -> NetworkConfig:
    """The links with fixed addresses, checked once more: they become lines of files."""
    from guestseal.firstboot.network_values import Values
    from guestseal.guest.network.network_config import NetworkConfig

    metadata = clone.metadata
    if metadata is None or metadata.network is None:
        raise Malformed("metadata", "says nothing of the network")
    config = NetworkConfig(tuple(link for link in metadata.network.links if link.addresses))
    Values(metadata.address).require_safe(config)
    return config


def _why_not(clone: Clone, config: NetworkConfig, said: str) -> Result | None:
    """The result where nothing is to be done; None: there is."""
    if clone.settings.network == "never":
        return Result(False, "left alone, as the setting `network` says", memory=clone.memory)
    if not config.links:
        written = ", ".join(_written(clone.memory))
        warning = f"the platform gives no fixed address any more; {written} still does: remove it to go back to DHCP"
        warnings = (warning,) if written else ()
        return Result(False, "no fixed address: DHCP brings them", memory=clone.memory, warnings=warnings)
    edited = [path for path, digest in _written(clone.memory).items() if _digest(clone.root.read(path)) != digest]
    if clone.memory.get(_PLATFORM) == said:
        detail = f"{', '.join(edited)}: edited on this machine, stays" if edited else "as before"
        return Result(False, detail, memory=clone.memory)
    if edited:
        path = edited[0]
        warning = f"the platform's network configuration changed, and so did {path} on this machine: it stays as it is"
        return Result(False, "edited on this machine, stays", memory=clone.memory, warnings=(warning,))
    return None


def _refused(clone: Clone, why: str) -> Result:
    return Result(False, "nothing was changed", memory=clone.memory, warnings=(f"the platform's network: {why}",))


def _names(clone: Clone, config: NetworkConfig) -> Names | str:
    """The machine's interface of each link; or why the configuration is not this machine's."""
    from guestseal.firstboot.network_values import Values

    if not clone.live:
        return {}
    cards = clone.machine.network.cards()
    found = {}
    for link in config.links:
        meant = [name for name, mac in cards.items() if (mac == link.mac if link.mac else name == link.name)]
        if len(meant) != 1:
            card = link.mac or link.name
            return f"it is for {card}, {'which this machine does not have' if not meant else 'which several have'}"
        Values("this machine").name(meant[0])
        found[link.mac or str(link.name)] = meant[0]
    if len(set(found.values())) < len(found):
        return "it configures one interface twice"
    return found


def _comes_up(clone: Clone) -> bool:
    """Whether an interface gets an address by itself; without a carrier nobody waits."""
    network, deadline = clone.machine.network, Deadline.after(clone.machine.clock, WAIT)
    while not network.ready():
        if deadline.passed or not network.interfaces():
            return False
        clone.machine.clock.pause(0.25)
    return True


def _configure(clone: Clone, renderer: Renderer, config: NetworkConfig, names: Names, said: str) -> Result:
    files = {path: text.encode() for path, text in renderer.files(clone.root, config, names).items()}
    before = {path: clone.root.read(path) for path in files}
    deadline = Deadline.after(clone.machine.clock, COMMANDS_WITHIN)
    releasing = renderer.release(config, names) if clone.live and before != files else ()
    for trouble in _run(clone, releasing, deadline):
        log.info("%s", trouble)
    try:
        _write(clone, files, before, renderer.mode)
        _check(clone, renderer.check(config, names), deadline)
    except GuestsealError:
        _put_back(clone.root, before)
        if releasing:
            _run(clone, renderer.apply(config, names), deadline)
        raise
    warnings = _applied(clone, renderer, config, names, deadline) if clone.live else []
    if clone.live:
        warnings += relabel(clone.machine.commands, [path for path in files if before[path] is None])
    memory = {f"{_FILE}{path}": _digest(content) for path, content in files.items() if path not in renderer.shared}
    _remove_stale(clone, memory)
    addresses = ", ".join(str(own) for link in config.links for own in link.addresses)
    detail = f"{addresses}, by {renderer.name}"
    return Result(before != files, detail, memory={_PLATFORM: said, **memory}, warnings=tuple(warnings))


def _write(clone: Clone, files: Mapping[str, bytes], before: Mapping[str, bytes | None], mode: int) -> None:
    """Write what is different, and read it back. A file of the template's keeps its rights."""
    for path, content in files.items():
        if before[path] != content:
            clone.root.replace(path, content, mode=mode if before[path] is None else None, expected=before[path])
        if clone.root.read(path) != content:
            raise Changed(path, "not what was written to it a moment ago")


def _check(clone: Clone, commands: Sequence[Command], deadline: Deadline) -> None:
    """Have the tool read the files. Raises CommandError where it refuses them: it would at the next boot, too."""
    if clone.live:
        for command in commands:
            clone.machine.commands.run(command, timeout=max(1.0, deadline.remaining))


def _applied(clone: Clone, renderer: Renderer, config: NetworkConfig, names: Names, deadline: Deadline) -> list[str]:
    """Have the tool take the files; warnings. What fails is done at the next boot, when the tool reads them anyway."""
    warnings = [f"{why}; the next boot will do it" for why in _run(clone, renderer.apply(config, names), deadline)]
    return warnings + _missing(clone, config, names)


def _remove_stale(clone: Clone, memory: Mapping[str, str]) -> None:
    """Remove the files of our own for cards that the platform does not speak of any more."""
    for path in _written(clone.memory):
        if f"{_FILE}{path}" not in memory and "guestseal" in path.rpartition("/")[2]:
            clone.root.remove(path)


def _put_back(root: Root, before: Mapping[str, bytes | None]) -> None:
    for path, content in before.items():
        if content is None:
            root.remove(path)
        elif root.read(path) != content:
            root.replace(path, content)


def _run(clone: Clone, commands: Sequence[Command], deadline: Deadline) -> list[str]:
    """Run all of them, each at most until ``deadline``; what went wrong."""
    trouble = []
    for command in commands:
        try:
            clone.machine.commands.run(command, timeout=max(1.0, deadline.remaining))
        except CommandError as error:
            trouble.append(str(error))
    return trouble


def _missing(clone: Clone, config: NetworkConfig, names: Names) -> list[str]:
    """Wait for the addresses; a warning for those that are not there."""
    deadline = Deadline.after(clone.machine.clock, ADDRESSES_WITHIN)
    wanted = {(names[link.mac or str(link.name)], own.ip) for link in config.links for own in link.addresses}
    while True:
        there = {(each.name, own.ip) for each in clone.machine.network.interfaces() for own in each.addresses}
        if wanted <= there:
            return []
        if deadline.passed:
            return [f"{name} has no address {address}" for name, address in sorted(wanted - there, key=str)]
        clone.machine.clock.pause(0.25)


def _written(memory: Mapping[str, str]) -> dict[str, str]:
    """The files that were written last, with their digests."""
    return {key[len(_FILE) :]: digest for key, digest in memory.items() if key.startswith(_FILE)}


def _digest(content: bytes | None) -> str:
    return hashlib.sha256(content or b"").hexdigest()


STEP = Step(run=run, when=When.PER_BOOT, needs=("network",))
