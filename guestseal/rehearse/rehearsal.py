"""One rehearsal, from the view of the template to the verdict on its clones."""

from __future__ import annotations

import json
import os
import secrets
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import guestseal
from guestseal.errors import CommandError, GuestsealError, Refused
from guestseal.guest.identity import Identity, read_identity
from guestseal.guest.tree import Tree
from guestseal.machine.commands import PATH, Commands
from guestseal.machine.namespaces import Namespace, leave
from guestseal.rehearse.lab import METADATA, ROUTER, Lab, Seat
from guestseal.rehearse.matrix import Matrix
from guestseal.rehearse.views import View, Views
from guestseal.render import paths, size
from guestseal.report import Report
from guestseal.simulate.ec2 import MetadataService
from guestseal.simulate.instance import Instance
from guestseal.simulate.router import VirtualRouter
from guestseal.simulate.server import Simulator

PROGRAMS = ("ip", "mount", "umount", "unshare", "ssh-keygen")
SEAL_TIMEOUT = 600.0

Say = Callable[[str], None]


class Rehearsal:
    """Seal and clone the guest whose files are in ``source``, and leave no trace of it there."""

    def __init__(self, source: str, *, clones: int, platform: str, say: Say) -> None:
        self.source, self.clones, self.platform, self.say = source, clones, platform, say
        package = str(Path(guestseal.__file__).parent.parent)
        self._commands = Commands({"PYTHONPATH": package, "PYTHONDONTWRITEBYTECODE": "1"})
        self._lab = Lab(self._commands)

    def run(self) -> Report:
        """The whole rehearsal. Raises Refused, with what is missing, where it cannot be held."""
        directory = self._leave_the_machine()
        views = Views(self.source, directory, self._commands)
        with Tree(self.source) as tree:
            before = read_identity(tree)
        self.say(f"sealing a copy-on-write view of {self.source}")
        template = views.make("template")
        sealed = self._seal(template)
        views.hide(template)
        identities = []
        with self._platform() as (router, seats):
            for seat in seats:
                self.say(f"first boot of {seat.name} at {seat.address}")
                identities.append(self._boot(views.make(seat.name, template), seat, directory))
                if router is not None and router.pending(seat.address):
                    raise GuestsealError(f"{seat.name}: its password was set and not acknowledged")
        return self._verdict(sealed, Matrix.of(before, identities))

    def _leave_the_machine(self) -> Path:
        """Namespaces of our own, and a tmpfs in them; nothing outside can see or keep what follows."""
        missing = [name for name in PROGRAMS if not _found(name)]
        if os.geteuid() != 0:
            missing.insert(0, "root's privileges")
        if missing:
            raise Refused(f"a rehearsal needs {', '.join(missing)}: nothing was changed")
        try:
            leave(Namespace.MOUNT | Namespace.UTS | Namespace.NETWORK)
            self._commands.run(["mount", "-t", "tmpfs", "-o", "mode=0755", "tmpfs", "/run"], timeout=30)
            self._lab.build([ROUTER] if self.platform == "cloudstack" else [ROUTER, METADATA])
        except CommandError as error:
            raise Refused(f"a rehearsal needs mount and network namespaces of its own: {error}") from error
        directory = Path("/run/rehearsal")
        directory.mkdir()
        return directory

    def _seal(self, view: View) -> dict[str, Any]:
        """The real command, on the view."""
        arguments = ["--root", str(view.path), "--format", "json", "seal", "--yes"]
        done = self._commands.run(
            [sys.executable, "-m", "guestseal", *arguments], timeout=SEAL_TIMEOUT, accept=(0, 1, 2, 3)
        )
        result: dict[str, Any] = json.loads(done.stdout)
        if done.status:
            raise GuestsealError(f"the view was not sealed: {result['msg']}")
        return result

    @contextmanager
    def _platform(self) -> Iterator[tuple[VirtualRouter | None, list[Seat]]]:
        """The simulated platform, its virtual router if it has one, and a seat for every clone."""
        seats = [self._lab.seat(number) for number in range(1, self.clones + 1)]
        instances = {seat.address: self._instance(seat, self._owner_key(seat)) for seat in seats}
        router = VirtualRouter(instances) if self.platform == "cloudstack" else None
        services = [((METADATA, 80), MetadataService(instances))] if router is None else router.listeners(ROUTER)
        with Simulator(services):
            yield router, seats

    def _instance(self, seat: Seat, key: str) -> Instance:
        cloudstack = self.platform == "cloudstack"
        return Instance(
            instance_id=str(uuid.uuid4()) if cloudstack else f"i-{secrets.token_hex(8)}",
            hostname=seat.name,
            ssh_keys=(key,),
            password=secrets.token_urlsafe(12) if cloudstack else None,
            local_ipv4=seat.address,
        )

    def _owner_key(self, seat: Seat) -> str:
        """The key of a clone's imagined owner, made for this rehearsal."""
        path = f"/run/rehearsal/owner-of-{seat.name}"
        self._commands.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "owner", "-f", path], timeout=30)
        return Path(f"{path}.pub").read_text(encoding="ascii").strip()

    def _boot(self, view: View, seat: Seat, directory: Path) -> Identity:
        """What PID 1 does for the machine-id, then the two stages as the units run them."""
        root = ["--root", str(view.path)]
        if Path(view.path, "etc/machine-id").exists() and _found("systemd-machine-id-setup"):
            self._commands.run(["systemd-machine-id-setup", *root], timeout=30)
        runtime = ["--runtime-directory", str(directory / seat.name / "run")]
        for stage in ("local", "network"):
            done = self._lab.run(seat, [*root, "--format", "json", "firstboot", "--stage", stage, *runtime])
            result = json.loads(done.stdout)
            if done.status or result.get("status") != "done":
                failed = "; ".join(f"{e['name']}: {e['detail']}" for e in result["entries"] if e["status"] == "failed")
                raise GuestsealError(f"{seat.name}: {result['msg']}: {failed or done.stderr.decode(errors='replace')}")
        with Tree(str(view.path)) as tree:
            return read_identity(tree)

    def _verdict(self, sealed: dict[str, Any], matrix: Matrix) -> Report:
        shared = matrix.shared
        message = f"SHARED by two of them: {', '.join(shared)}" if shared else "all clones differ"
        done = [entry for entry in sealed["entries"] if entry["count"]]
        count, taken = (sum(entry[what] for entry in done) for what in ("count", "bytes"))
        widest = max((len(entry["name"]) for entry in done), default=0)
        summary = [f"sealed: {paths(count)}, {size(taken)}, in {len(done)} operations:"]
        summary += [f"  {entry['name']:<{widest}} {entry['count']:>6}  {entry['description']}" for entry in done]
        return Report(
            "rehearse",
            message,
            failed=bool(shared),
            exit_code=int(bool(shared)),
            warnings=tuple(sealed["warnings"]),
            facts={"matrix": matrix.to_json(), "verdict": message, "source": self.platform},
            text=(*summary, "", *matrix.lines(), ""),
        )


def _found(program: str) -> bool:
    return any(os.access(f"{directory}/{program}", os.X_OK) for directory in PATH.split(":"))
