"""What a platform says of one machine, as frozen values that passed validation."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from guestseal.machine.endpoint import Endpoint

if TYPE_CHECKING:
    from guestseal.guest.network.network_config import NetworkConfig

__all__ = ["Endpoint", "Metadata", "Secret"]


class Secret:
    """Bytes that must never be printed: ``str()`` and ``repr()`` are ``***``."""

    __slots__ = ("_value",)

    def __init__(self, value: bytes) -> None:
        self._value = value

    def reveal(self) -> bytes:
        """The bytes themselves, for the one place that needs them."""
        return self._value

    def __repr__(self) -> str:
        return "***"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)


@dataclass(frozen=True)
class Metadata:
    """What one source says. ``None``: it does not say; an empty tuple: it says there are none."""

    source: str
    """The name of the source."""
    address: str
    """Where it was read, for people."""
    instance_id: str | None = None
    hostname: str | None = None
    ssh_keys: tuple[str, ...] | None = None
    """Public keys for the account, as one ``type blob [comment]`` each."""
    fallback_hostname: str | None = None
    """A name for a machine that has none yet, from somebody who does not speak for the platform."""
    password: Secret | None = None
    """A password that is waiting to be set."""
    password_hash: Secret | None = None
    """The same as a crypt(5) hash, from a platform that documents it as one."""
    password_from: tuple[Endpoint, ...] = ()
    """The servers that offered this password: each is told when it has been set."""
    passwords_refused: tuple[Secret, ...] = ()
    """Other passwords that were waiting beside it, at servers that count less."""
    user_data: bytes | None = field(default=None, repr=False)
    """What the machine's owner wants run or kept; asked for only when the setting ``user-data`` wants it."""
    network: NetworkConfig | None = None
    """How the interfaces are to be configured; only what this says to be static is ever used."""
    missing: tuple[str, ...] = ()
    """What nobody answered for and may yet come, for people: asking goes on in the background."""
    remarks: tuple[str, ...] = ()
    """What was refused or left out on the way, for people; never holds a secret."""
    names_the_instance: bool = True
    """Off: it says nothing of whose it is, and ``instance_id`` is this machine's system UUID, which proves nothing."""
