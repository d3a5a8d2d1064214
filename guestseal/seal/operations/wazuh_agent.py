"""Take the agent's key out of Wazuh or OSSEC

client.keys holds the number, name and key under which the manager knows this agent: clones
with the same are one agent, and the manager drops their messages as replays. The file is
emptied, with owner and mode, as its package installs it; the counters of messages go with
it. An agent with an empty file enrols when its configuration says where.

On a manager the file holds the keys of all its agents: there everything stays.
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.guest.actions import Action, Remove, Truncate
from guestseal.guest.facts import Guest
from guestseal.guest.regular_files import holds_something
from guestseal.seal.operation import Kind, Operation

KEYS = "/var/ossec/etc/client.keys"
MANAGER = ("/var/ossec/bin/wazuh-remoted", "/var/ossec/bin/ossec-remoted")


def _agent(guest: Guest) -> Iterator[Action]:
    if any(map(guest.tree.exists, MANAGER)):
        return
    if holds_something(guest.tree, KEYS):
        yield Truncate(KEYS, secret=True)
    for path in guest.tree.glob("/var/ossec/queue/rids/[0-9]*"):
        yield Remove(path, secret=True)


OPERATION = Operation(kind=Kind.SECRET, also=_agent)
