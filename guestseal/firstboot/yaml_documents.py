"""YAML that nobody vouches for. It needs PyYAML; JSON, which is YAML as well, is read without."""

from __future__ import annotations

from typing import Any

from guestseal.errors import Malformed
from guestseal.firstboot.reading import DOCUMENT_LIMIT, json_object

DEEPEST = 32
"""Lists and objects inside each other: the parser calls itself for each."""


def yaml_object(address: str, body: bytes, *, typed: bool = False) -> dict[str, Any]:
    """The object that ``body`` is; an empty document is an empty one.

    Every value is the text that was written, so that ``instance-id: 007`` stays that; with
    ``typed``, numbers and truth values are what YAML 1.1 takes them for. Raises Malformed,
    also for aliases (a few lines of them unfold to gigabytes) and without PyYAML.
    """
    if len(body) > DOCUMENT_LIMIT:
        raise Malformed(address, f"more than {DOCUMENT_LIMIT >> 20} MiB")
    if not body.strip():
        return {}
    try:
        return json_object(address, body)
    except Malformed:
        pass
    try:
        document = _load(address, body, typed=typed)
    except ImportError:
        raise Malformed(address, "YAML cannot be read without PyYAML (package python3-yaml)") from None
    if document in (None, ""):
        return {}
    if not isinstance(document, dict) or not all(isinstance(key, str) for key in document):
        raise Malformed(address, "not a YAML object")
    return document


def _load(address: str, body: bytes, *, typed: bool) -> Any:
    import yaml

    # Only some packages of PyYAML have the parser in C, which is ten times as fast.
    name = "SafeLoader" if typed else "BaseLoader"
    loader = getattr(yaml, f"C{name}", None) or getattr(yaml, name)
    try:
        depth = 0
        for event in yaml.parse(body, Loader=loader):
            if isinstance(event, yaml.AliasEvent):
                raise Malformed(address, "YAML with aliases is not taken")
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > DEEPEST:
                raise Malformed(address, "YAML that is nested too deeply")
        return yaml.load(body, Loader=loader)  # noqa: S506 - neither loader makes anything but data
    except (yaml.YAMLError, ValueError, RecursionError):
        raise Malformed(address, "not YAML") from None
