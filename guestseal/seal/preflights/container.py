"""This is a machine, not a container

In a container there is no kernel, no disk and no shutdown of its own to seal, and in a
chroot "the machine" is another one: its services would be stopped. Looked at are
systemd-detect-virt, init's own environment, the marks that Docker, Podman and systemd
leave, and whether init sees the same root directory.

Containers and chroots are templates, too (LXC, systemd-nspawn, image builders), hence
it can be forced.

Remedy: seal from outside, with guestseal --root DIR seal.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from guestseal.guest.facts import Guest
from guestseal.guest.services.runtime_files import runtime
from guestseal.machine.host import Machine
from guestseal.seal.preflight import Concern, Preflight

_REMEDY = "seal it from outside, with `guestseal --root DIR seal`, unless it is the template itself"
_DETECT = "systemd-detect-virt"


def _look(guest: Guest, machine: Machine) -> Iterator[Concern]:
    if machine.processes.chrooted():
        yield Concern("this is a chroot: init has another root directory", _REMEDY)
    kind = _marked(guest) or machine.processes.container() or _detected(guest, machine)
    if kind:
        yield Concern(f"this is a container ({kind})", _REMEDY)


def _marked(guest: Guest) -> str:
    if guest.tree.exists("/.dockerenv"):
        return "docker"
    with runtime(guest) as run:
        if run is None:
            return ""
        if run.exists("/.containerenv"):
            return "podman"
        # systemd(1) writes what its manager called it: CONTAINER_INTERFACE.
        return (run.read_text("/systemd/container") or "").strip()


def _detected(guest: Guest, machine: Machine) -> str:
    if not guest.tree.is_file(f"/usr/bin/{_DETECT}"):
        return ""
    # Exit status 1: none.
    said = machine.commands.run([_DETECT, "--container"], timeout=5.0, accept=(0, 1)).stdout
    return os.fsdecode(said).strip().replace("none", "")


PREFLIGHT = Preflight(_look)
