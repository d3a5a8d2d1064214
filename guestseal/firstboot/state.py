"""What this clone has made its own so far: per step, on disk, surviving power cuts.

The state belongs to one seal, by the seal record's id. A state that cannot be read is
put aside and is *not* a new clone: its steps count as done, because doing them again
would give a machine in use new host keys.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from guestseal.documents import parse_object
from guestseal.errors import GuestError
from guestseal.guest.root import Root

STATE = "/var/lib/guestseal/state.json"
SCHEMA = 1

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class StepState:
    """What became of one step on this clone."""

    applied: bool = False
    confirmed: bool = True
    """The source was told, or had nothing to be told."""
    memory: Mapping[str, str] = field(default_factory=dict)
    """What the step itself remembers; never holds a secret in clear."""


@dataclass(frozen=True)
class State:
    """What became of every step under one seal."""

    seal: str
    steps: Mapping[str, StepState] = field(default_factory=dict)
    recovered: bool = False
    """The state before this one could not be read: once-per-clone steps count as done."""
    finished: bool = False
    """The network stage has ended once with everything in place."""
    instance: str | None = None
    """The instance-id it had then."""
    speaker: str | None = None
    """The source that spoke for the platform then."""
    reported: bool = False
    """That source was told that the machine is ready."""

    @property
    def confirmed(self) -> bool:
        """Whether the source knows of everything it wanted to be told."""
        return all(step.confirmed for step in self.steps.values())

    def of(self, step: str) -> StepState:
        """What became of ``step``; nothing yet by default."""
        return self.steps.get(step, StepState(applied=self.recovered))

    def with_step(self, name: str, step: StepState) -> State:
        """The state with one step's part replaced."""
        return replace(self, steps={**self.steps, name: step})


def load_state(root: Root, seal: str) -> State:
    """The state of this clone under the seal with this id; a new one when there is none yet.

    An unreadable state is kept as ``state.json.bad`` and taken for a lost one. That is saved at once:
    whoever looks next would find none, and take the machine for a new clone.
    """
    content = root.read(STATE)
    if content is None:
        return State(seal)
    try:
        state = _parse(content)
    except (ValueError, TypeError, AttributeError, KeyError):
        return _put_aside(root, seal, content)
    return state if state.seal == seal else State(seal)


def save_state(root: Root, state: State) -> None:
    """Put the state on disk: when this returns, a power cut cannot lose it. Raises GuestError."""
    steps: dict[str, Any] = {
        name: {"applied": step.applied, "confirmed": step.confirmed, "memory": dict(step.memory)}
        for name, step in state.steps.items()
    }
    document = {
        "schema": SCHEMA,
        "seal": state.seal,
        "recovered": state.recovered,
        "finished": state.finished,
        "instance": state.instance,
        "speaker": state.speaker,
        "reported": state.reported,
        "steps": steps,
    }
    root.replace(STATE, json.dumps(document, indent=1).encode() + b"\n", mode=0o600)


def _put_aside(root: Root, seal: str, content: bytes) -> State:
    """The state in the place of an unreadable one."""
    recovered = State(seal, recovered=True)
    try:
        root.replace(f"{STATE}.bad", content, mode=0o600)
        save_state(root, recovered)
    except GuestError as error:  # on a full or read-only disk it stays, and is taken for the same the next time
        log.warning("%s cannot be read, and not be put aside: %s", STATE, error)
    return recovered


def _parse(content: bytes) -> State:
    document = parse_object(content)
    if document["schema"] != SCHEMA:
        raise ValueError(f"schema {document['schema']} is not {SCHEMA}")
    steps = {name: _parse_step(values) for name, values in document["steps"].items()}
    instance, speaker = document["instance"], document.get("speaker")
    if not all(isinstance(each, (str, type(None))) for each in (instance, speaker)):
        raise TypeError("instance or speaker is no text")
    return State(
        str(document["seal"]),
        steps,
        recovered=bool(document["recovered"]),
        finished=bool(document["finished"]),
        instance=instance,
        speaker=speaker,
        reported=bool(document.get("reported")),
    )


def _parse_step(values: Mapping[str, Any]) -> StepState:
    memory = {str(key): str(value) for key, value in values["memory"].items()}
    return StepState(bool(values["applied"]), bool(values["confirmed"]), memory)
