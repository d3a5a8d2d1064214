"""Which clone sits at which source address: the one thing every simulated service has to look up."""

from __future__ import annotations

import threading
from collections.abc import Mapping

from guestseal.simulate.instance import ANYONE, Instance, source_key


class Clones:
    """Instances by source address, with "*" for every other address. May be changed while services answer."""

    def __init__(self, instances: Mapping[str, Instance]) -> None:
        """Raises ValueError for a key that is neither an IP address nor "*"."""
        self._lock = threading.Lock()
        self._instances = {source_key(address): instance for address, instance in instances.items()}

    def find(self, source: str) -> Instance | None:
        """The instance at `source`, else the one for everybody, else None."""
        with self._lock:
            return self._instances.get(source_key(source), self._instances.get(ANYONE))

    def put(self, address: str, instance: Instance) -> None:
        """Give `address` another instance: what a platform does when a VM is renamed or its keys are reset."""
        with self._lock:
            self._instances[source_key(address)] = instance

    def remove(self, address: str) -> None:
        """Take the instance of `address` away; an address without one is left as it is."""
        with self._lock:
            self._instances.pop(source_key(address), None)
