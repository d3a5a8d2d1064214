"""The identity matrix: what the template and its clones share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from guestseal.guest.identity import Identity

LABEL = 18
CELL = 15
NOTE = 7


class Verdict(Enum):
    """What one value is among the others of its row."""

    UNIQUE = "unique"
    SHARED = "shared"
    ABSENT = "absent"


@dataclass(frozen=True)
class Row:
    """One kind of identity: the template's value first, then each clone's."""

    name: str
    values: tuple[str | None, ...]
    notes: tuple[str, ...] = ()
    """What people read beside each verdict; the beginning of the value when there is none."""

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """What each value is."""
        return tuple(self._verdict(value) for value in self.values)

    @property
    def shared(self) -> bool:
        """Whether two share what must differ: the failure this tool exists to prevent."""
        return Verdict.SHARED in self.verdicts

    def _verdict(self, value: str | None) -> Verdict:
        if value is None:
            return Verdict.ABSENT
        return Verdict.SHARED if self.values.count(value) > 1 else Verdict.UNIQUE


@dataclass(frozen=True)
class Matrix:
    """Every row, for a template and its clones."""

    rows: tuple[Row, ...]

    @classmethod
    def of(cls, template: Identity, clones: Sequence[Identity]) -> Matrix:
        """Compare a template, as it was before sealing, with its clones."""
        everyone = (template, *clones)
        names = list(dict.fromkeys(name for identity in everyone for name, _ in identity.items()))
        values: list[Mapping[str, str | None]] = [dict(identity.items()) for identity in everyone]
        rows = [Row(name, tuple(each.get(name) for each in values)) for name in names]
        states = tuple(identity.root_password for identity in everyone)
        rows.append(Row("root password", tuple(identity.root_secret for identity in everyone), states))
        keys = tuple(" ".join(identity.authorized_keys) or None for identity in everyone)
        counts = tuple(_counted(len(identity.authorized_keys)) for identity in everyone)
        rows.append(Row("authorized keys", keys, counts))
        return cls(tuple(rows))

    @property
    def shared(self) -> tuple[str, ...]:
        """The names of the rows in which two share what must differ."""
        return tuple(row.name for row in self.rows if row.shared)

    def lines(self) -> Iterator[str]:
        """The matrix for people."""
        count = len(self.rows[0].values)
        heads = ["template", *(f"clone {number}" for number in range(1, count))]
        yield (" " * LABEL + "".join(f"{head:<{CELL}}" for head in heads)).rstrip()
        for row in self.rows:
            cells = (_cell(row, number) for number in range(count))
            yield (f"{row.name:<{LABEL}}" + "".join(f"{cell:<{CELL}}" for cell in cells)).rstrip()

    def to_json(self) -> list[dict[str, object]]:
        """The matrix for programs; values are what identity.py gives: no secrets."""
        return [
            {
                "name": row.name,
                "values": list(row.values),
                "verdicts": [verdict.value for verdict in row.verdicts],
                "notes": list(row.notes),
                "shared": row.shared,
            }
            for row in self.rows
        ]


def _cell(row: Row, number: int) -> str:
    value, verdict = row.values[number], row.verdicts[number]
    note = row.notes[number] if row.notes else (value or "").rpartition(":")[2][:NOTE]
    return f"{verdict.value} {note}".rstrip()


def _counted(keys: int) -> str:
    return "" if not keys else f"{keys} key" + "s" * (keys > 1)
