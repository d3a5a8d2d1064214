"""The errors guestseal raises.

GuestsealError                  the message says what, which, why and the remedy
├── UsageError                  exit 2: an argument or a configuration file is wrong
├── Refused                     exit 3: nothing was changed
├── TimedOut                    exit 4: a wait came to its end
├── Interrupted                 exit 130: SIGINT came
├── GuestError                  a path of the guest's tree, always with its path
│   ├── NoTree                  exit 2: it is no directory that could hold a guest
│   ├── Unsafe                  what is there must not be followed, opened or changed
│   ├── NotEntered              it lies on a mount that does not belong to the guest
│   │   └── Volatile            it lies on a tmpfs or is the kernel's: nothing of it reaches the disk
│   ├── Immutable               chattr +i or +a protects it
│   ├── TooLarge                more bytes than its reader allows
│   └── Changed                 it is no longer what the plan saw
├── CommandError                a program is missing, failed or did not end in time
└── SourceError                 a metadata service, always with its address
    ├── Absent                  it answered that the item does not exist
    ├── Unreachable             no answer: refused, timed out, reset
    ├── Denied                  it answered that this machine may not ask
    └── Malformed               its answer must not be believed
"""

from __future__ import annotations


class GuestsealError(Exception):
    """Anything guestseal reports to its user instead of a traceback."""

    exit_code = 1


class UsageError(GuestsealError):
    """An argument or a configuration file is wrong; nothing was changed."""

    exit_code = 2


class Refused(GuestsealError):
    """guestseal will not do this, or was not told to; nothing was changed."""

    exit_code = 3


class TimedOut(GuestsealError):
    """A wait came to its end before what was waited for happened."""

    exit_code = 4


class Interrupted(GuestsealError):
    """SIGINT came, and ended the command."""

    exit_code = 130  # what shells give for it


class GuestError(GuestsealError):
    """A path of the guest's tree could not be read or changed."""

    def __init__(self, path: str, why: str) -> None:
        super().__init__(f"{printable(path)}: {why}")
        self.path = path
        self.why = why


class NoTree(GuestError):
    """The path is no directory that could hold a guest; nothing was changed."""

    exit_code = 2  # it was an argument


class Unsafe(GuestError):
    """What is there must not be followed, opened or changed."""


class NotEntered(GuestError):
    """The path lies on a mount that does not belong to the guest."""


class Volatile(NotEntered):
    """The path lies on a tmpfs, or is made up by the kernel: nothing of it reaches the disk."""


class Immutable(GuestError):
    """chattr +i or +a protects the path."""


class TooLarge(GuestError):
    """The file holds more bytes than its reader allows."""


class Changed(GuestError):
    """The path is no longer what the plan saw."""


class CommandError(GuestsealError):
    """A program is missing, failed, or did not end in time."""


class SourceError(GuestsealError):
    """A metadata service could not be used."""

    def __init__(self, address: str, why: str) -> None:
        super().__init__(f"{address}: {why}")
        self.address = address
        self.why = why


class Absent(SourceError):
    """The service answered that the item does not exist."""


class Unreachable(SourceError):
    """The service did not answer: refused, timed out, reset."""


class Denied(SourceError):
    """The service answered that this machine may not ask."""


class Malformed(SourceError):
    """The service's answer must not be believed."""


def printable(text: str) -> str:
    """``text`` with everything a terminal could take for a command escaped.

    File names are bytes that users chose: a name may hold newlines, escape
    sequences and bytes that are not UTF-8.
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else _escaped(c) for c in text)


def _escaped(character: str) -> str:
    byte = ord(character) - 0xDC00  # PEP 383: what surrogateescape makes of a byte that is no UTF-8
    if 0x80 <= byte <= 0xFF:
        return f"\\x{byte:02x}"
    return character.encode("unicode_escape", "surrogatepass").decode()
