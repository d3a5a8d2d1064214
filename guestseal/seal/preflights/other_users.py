"""Nobody else is logged in

Whoever else works on the machine loses their work when it is powered off, and what they
write while it is sealed is in every clone. Looked at are the sessions of logind and of
utmp. The account that seals is not somebody else: not on a second terminal, not behind
sudo, su or tmux, and not as Packer's or Ansible's own SSH session.

Remedy: have them log out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from guestseal.guest.facts import Guest
from guestseal.machine.host import Machine
from guestseal.machine.processes import Session
from guestseal.seal.preflight import Concern, Preflight


def _look(_: Guest, machine: Machine) -> Iterator[Concern]:
    sessions = machine.processes.sessions()
    if not sessions:
        return
    own = machine.processes.accounts(sessions)
    for account in sorted({session.account for session in sessions} - own):
        places = _places(session for session in sessions if session.account == account)
        yield Concern(
            f"{account} is logged in{places}",
            f"have {account} log out; `loginctl terminate-user {account}` ends their sessions",
        )


def _places(sessions: Iterable[Session]) -> str:
    said = {" ".join((each.terminal, f"from {each.host}" if each.host else "")).strip() for each in sessions} - {""}
    return f" ({', '.join(sorted(said))})" if said else ""


PREFLIGHT = Preflight(_look)
