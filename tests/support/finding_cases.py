"""Cases of operations that only look at where something is, whatever it holds."""

from __future__ import annotations

from support.operation_cases import Case, Distribution
from support.trees import File


def all_found(
    name: str, distribution: Distribution, *paths: str, beside: tuple[str, ...] = (), alone: bool = False
) -> Case:
    """A case in which each of ``paths`` is a file that is found, and nothing of what is ``beside`` them."""
    return Case(name, distribution, {path: File("x") for path in (*paths, *beside)}, found=paths, alone=alone)
