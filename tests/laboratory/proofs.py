"""What a laboratory sets out to prove, and what became of it: one table."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeVar

LOG = logging.getLogger("guestseal.laboratory")

T = TypeVar("T")


class Verdict(Enum):
    """What became of one proof."""

    PROVED = "proved"
    FAILED = "FAILED"
    UNTRIED = "not tried"


@dataclass
class Proof:
    """One thing to prove, about the machines of one part of the laboratory."""

    where: str
    what: str
    seconds: float = 0.0
    verdict: Verdict = Verdict.UNTRIED
    seen: str = ""
    """What was measured, or why it failed."""

    def __str__(self) -> str:
        line = f"{self.verdict.value:<9} {self.seconds:6.1f} s  {self.where:<12} {self.what}"
        return f"{line}: {self.seen}" if self.seen else line


Steps = Sequence[tuple[str, Callable[[T], str]]]
"""What is proved of a subject, and how: the function returns what was seen, and raises where it is not so."""


class Table:
    """Every proof, in the order in which they were announced."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.proofs: list[Proof] = []
        self._started = time.monotonic()

    def announce(self, where: str, steps: Steps[Any]) -> list[Proof]:
        """Take proofs into the table before any of them is tried."""
        announced = [Proof(where, what) for what, _ in steps]
        self.proofs += announced
        return announced

    @property
    def all_proved(self) -> bool:
        """Whether nothing failed and nothing was left out."""
        return bool(self.proofs) and all(proof.verdict is Verdict.PROVED for proof in self.proofs)

    @property
    def failed(self) -> list[Proof]:
        """Those that failed."""
        return [proof for proof in self.proofs if proof.verdict is Verdict.FAILED]

    def __str__(self) -> str:
        proved = sum(proof.verdict is Verdict.PROVED for proof in self.proofs)
        took = f"{time.monotonic() - self._started:.0f} s"
        lines = [f"clone laboratory: {self.title}", *map(str, self.proofs)]
        return "\n".join([*lines, f"{proved} of {len(self.proofs)} proved in {took}"])


def pursue(proofs: Sequence[Proof], steps: Steps[T], subject: T) -> bool:
    """Try the announced proofs one after the other, up to the first that fails; whether all were proved."""
    return all(_attempt(proof, prove, subject) for proof, (_, prove) in zip(proofs, steps))


def _attempt(proof: Proof, prove: Callable[[T], str], subject: T) -> bool:
    started = time.monotonic()
    try:
        proof.seen, proof.verdict = prove(subject), Verdict.PROVED
    except Exception as error:
        LOG.exception("%s: %s", proof.where, proof.what)
        proof.seen, proof.verdict = str(error).partition("\n")[0] or type(error).__name__, Verdict.FAILED
    proof.seconds = time.monotonic() - started
    LOG.info("%s", proof)
    return proof.verdict is Verdict.PROVED
