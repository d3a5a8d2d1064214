"""Keep the user data that the platform has for this machine, or run it.

By the setting `user-data`: `ignore` does nothing; `keep` writes it to
/var/lib/guestseal/user-data, for root alone; `run` does that, too, and runs it as root
when it is a script that begins with `#!`. Everything else that cloud-init knows under this
name (cloud-config, MIME archives, boothooks) is kept and reported as not run.

Both happen once per instance-id. A script is run at most once: that it is to be run is
on the disk before it starts, so that a power cut in between means that it never runs, and
not that it runs twice. What runs twice may format a disk twice; what did not run stands in
the file, and can be run by hand.

The script is a service of its own, guestseal-user-data.service, started when the boot has
come to its end (after multi-user.target and network-online.target). Nothing waits for it:
`systemctl status guestseal-user-data` and the journal tell what it does. It may reboot the
machine. Only systemd starts it.
"""

from __future__ import annotations

from guestseal.errors import Changed, CommandError
from guestseal.firstboot.step import Clone, Result, Step, When

USER_DATA = "/var/lib/guestseal/user-data"
UNIT = "guestseal-user-data"
TIMEOUT = 10.0
"""Seconds for handing the service to systemd, which does not wait for it."""

_KINDS = (  # cloud-init's documentation, "User-data formats"
    (b"#cloud-config", "cloud-config"),
    (b"#cloud-boothook", "a boothook"),
    (b"#include", "a list of addresses"),
    (b"## template:", "a template"),
    (b"Content-Type:", "a MIME archive"),
    (b"MIME-Version:", "a MIME archive"),
)


def run(clone: Clone) -> Result:
    """Keep it, or start it. Raises GuestError when it was not kept, CommandError when it was not started."""
    metadata, setting = clone.metadata, clone.settings.user_data
    content = None if metadata is None else metadata.user_data
    if metadata is None or content is None or setting == "ignore":
        return Result(False, "ignored", memory=clone.memory)
    memory = {"instance": metadata.instance_id or ""}
    if clone.memory.get("instance") == memory["instance"]:
        return Result(False, "done before for this instance", memory=clone.memory)
    why_not = _not_run(clone, content) if setting == "run" else None
    to_run = setting == "run" and why_not is None
    root = clone.root
    root.replace(USER_DATA, content, mode=0o700 if to_run else 0o600)
    if root.read(USER_DATA, limit=len(content) + 1) != content:
        raise Changed(USER_DATA, "not what was written to it a moment ago")
    if to_run:
        clone.remember(memory)
        _start(clone)
    detail = f"started as {UNIT}.service" if to_run else f"kept in {USER_DATA}"
    warnings = () if why_not is None else (f"not run: {why_not}",)
    return Result(True, detail, memory=memory, warnings=warnings)


def _not_run(clone: Clone, content: bytes) -> str | None:
    """Why it is kept and not run; None: it can be run."""
    if not content.startswith(b"#!"):
        kind = next((name for start, name in _KINDS if content.lower().startswith(start.lower())), "no script")
        return f"it is {kind}; only a script that begins with #! is run"
    if not clone.live:
        return "this is not the running machine"
    return None if clone.machine.services.managed else "systemd does not run here"


def _start(clone: Clone) -> None:
    """Hand the script to systemd. Not waited for: it comes after a target that waits for this very unit."""
    order = [f"--property=After={target}" for target in ("multi-user.target", "network-online.target")]
    # --uid: with User= systemd sets HOME and SHELL, which scripts rely on (systemd.exec(5)). By a shell: SELinux lets
    # a service that begins as one run what lies in /var/lib, and init not.
    words = ["systemd-run", "--no-block", "--quiet", "--collect", f"--unit={UNIT}", "--uid=root"]
    words += ["--property=Type=oneshot", "--description=User data of this instance", *order]
    try:
        clone.machine.commands.run([*words, "/bin/sh", "-c", 'exec "$0"', USER_DATA], timeout=TIMEOUT)
    except CommandError as error:
        raise CommandError(f"{error}; it is not tried again: run {USER_DATA} by hand") from error


STEP = Step(run=run, when=When.PER_BOOT, needs=("user_data",))
