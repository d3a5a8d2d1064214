"""Sealing the running machine: what it still writes until it is off is swept at its shutdown.

Shells write their history when they are hung up, journald and rsyslog write until they
are stopped, systemd saves a random seed. So the running machine is sealed twice: now,
and by guestseal-finalize.service, whose ExecStop runs when everything else has ended.
Only that sweep writes the seal record.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from guestseal.errors import CommandError, GuestError, Refused
from guestseal.guest import seal_record as record
from guestseal.guest.boot import fstab
from guestseal.guest.root import Root
from guestseal.guest.seal_record import Preparation, Stage
from guestseal.machine.host import Machine
from guestseal.machine.runtime import ARMED, Runtime
from guestseal.report import Entry, Report
from guestseal.scrub import canaries
from guestseal.scrub.canaries import Planted
from guestseal.scrub.scrub import Level, Scrub
from guestseal.seal.preflight import concerns, require, sentences
from guestseal.seal.sealing import Progress, Sealing, outcomes

FINALIZE = "guestseal-finalize.service"
UNSWEPT = (
    "systemd does not run here, so nothing can sweep what is written until power-off; "
    "seal the powered-off disk with --root, or --force to seal without the sweep"
)
STOP_WITHIN = 60.0
"""Seconds for the units that write logs and leases to stop."""

Say = Callable[[str], None]


@dataclass
class LiveSealing:
    """One seal of the running machine. ``settings``: Settings.set_values, for the sweep."""

    sealing: Sealing
    machine: Machine
    settings: dict[str, str]
    level: Level
    say: Say

    def preflight(self, *, force: bool) -> None:
        """Raise Refused, with every concern and its remedy, unless this machine may be sealed now."""
        require(concerns(self.sealing.guest, self.machine), force=force)
        if not self.machine.services.managed and not force:
            raise Refused(UNSWEPT)

    def objections(self) -> list[str]:
        """Why ``preflight`` would refuse without force, each with its remedy; nothing is raised."""
        found = sentences(concerns(self.sealing.guest, self.machine))
        return found if self.machine.services.managed else [*found, UNSWEPT]

    def run(self, root: Root, progress: Progress) -> Report:
        """Seal what can be sealed now, and arm the final sweep."""
        preparation = Preparation(settings=self.settings, scrub=self.level.value)
        preparation = self.sealing.begin(root, preparation, self.machine.firmware.uuid)
        self._stop_writers()
        scrub = Scrub(root, self.machine, self.level)
        planted = scrub.plant(self.sealing.secrets())
        runtime = Runtime(self.machine.runtime_directory)
        runtime.write_secret(ARMED, planted.to_bytes())  # whatever ends this seal, `disarm` knows what to take away
        entries = self.sealing.perform(root, progress)
        problem = self.sealing.problem(entries)
        if problem is not None or not self.machine.services.managed:
            canaries.tidy(root, canaries.delete(root, planted))
            runtime.forget(ARMED)
        if problem is not None:
            return self.sealing.unfinished(entries, problem)
        if not self.machine.services.managed:
            record.finish(root, preparation, outcomes(entries), swept=False)
            return self._report(entries, "sealed, but nothing sweeps what is written from now until power-off")
        record.begin(root, replace(preparation, stage=Stage.PREPARED))
        self._keep_mounts(root)
        self.machine.services.start([FINALIZE], wait=STOP_WITHIN)
        return self._report(entries, "prepared; the machine is sealed at its shutdown: power it off now")

    def power_off(self) -> None:
        """Ask for the shutdown whose last act is the sweep. Raises CommandError."""
        self.machine.commands.run(["systemctl", "--no-block", "poweroff"], timeout=STOP_WITHIN)

    def _stop_writers(self) -> None:
        """Stop what writes where operations clean. A unit that stays is the sweep's business."""
        services = self.machine.services
        wanted = {unit for item in self.sealing.items for unit in item.value.stop}
        running = sorted(unit for unit in wanted if services.active(unit)) if services.managed else []
        if not running:
            return
        self.say(f"stopping {', '.join(running)}")
        try:
            services.stop(running, wait=STOP_WITHIN)
        except CommandError as error:
            self.say(str(error))

    def _keep_mounts(self, root: Root) -> None:
        """Keep mounted until the sweep what a shutdown unmounts at any time: systemd.mount(5), nofail, noauto."""
        try:
            points = [mount.point for mount in fstab.read(root) or () if mount.local and not mount.awaited]
            if points:
                self.machine.services.stop_before_unmounting(FINALIZE, points, wait=STOP_WITHIN)
        except (GuestError, CommandError, OSError) as error:
            self.say(f"what fstab mounts with nofail may be unmounted before the sweep: {error}")

    def _report(self, entries: Sequence[Entry], message: str) -> Report:
        return Report(
            "seal",
            message,
            tuple(entries),
            changed=True,
            warnings=self.sealing.warnings(entries),
            facts={**self.sealing.facts, "next": "poweroff"},
        )


def disarm(root: Root, machine: Machine | None) -> Report:
    """Take the arming back: the shutdown seals nothing. What the seal removed stays removed.

    ``machine``: None where ``root`` is not the running machine's, whose own arming then stays.
    """
    preparation = record.read_preparation(root)
    if preparation is None:
        return Report("disarm", "nothing is armed")
    root.remove(record.SEALING)
    root.sync(record.DIRECTORY)
    if machine is not None:
        runtime = Runtime(machine.runtime_directory)
        armed = runtime.read_secret(ARMED)
        canaries.tidy(root, Planted() if armed is None else Planted.from_bytes(armed))
        runtime.forget(ARMED)
    return Report("disarm", "disarmed: this machine is no template now; what was removed stays removed", changed=True)
