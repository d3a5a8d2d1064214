"""YAML that nobody vouches for. It needs PyYAML; JSON, which is YAML as well, is read without."""

from __future__ import annotations

import re
from typing import Any

from guestseal.errors import Malformed
from guestseal.firstboot.reading import DOCUMENT_LIMIT, json_object

DEEPEST = 32
"""Lists and objects inside each other: the parser calls itself for each."""
MOST_VALUES = 1 << 16
"""Values, lists and objects: PyYAML takes some 400 bytes for each."""

_NULL = "tag:yaml.org,2002:null"


def yaml_object(address: str, body: bytes) -> dict[str, Any]:
    """The object that ``body`` is; an empty document is an empty one.

    Every value is the text that was written, so that ``instance-id: 007`` stays that, or None for
    YAML's null. Only JSON's numbers and truth values are that. Raises Malformed, also for aliases
    (a few lines of them unfold to gigabytes) and without PyYAML.
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
        document = _load(address, body)
    except ImportError:
        raise Malformed(address, "YAML cannot be read without PyYAML (package python3-yaml)") from None
    if document in (None, ""):
        return {}
    if not isinstance(document, dict) or not all(isinstance(key, str) for key in document):
        raise Malformed(address, "not a YAML object")
    return document


def _load(address: str, body: bytes) -> Any:
    import yaml

    loader = _loader()
    try:
        depth = values = 0
        for event in yaml.parse(body, Loader=loader):
            if isinstance(event, yaml.AliasEvent):
                raise Malformed(address, "YAML with aliases is not taken")
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > DEEPEST:
                raise Malformed(address, "YAML that is nested too deeply")
            values += isinstance(event, yaml.NodeEvent)
            if values > MOST_VALUES:
                raise Malformed(address, f"YAML of more than {MOST_VALUES} values")
        return yaml.load(body, Loader=loader)  # noqa: S506 - it makes nothing but texts, lists and objects
    except (yaml.YAMLError, ValueError, OverflowError, RecursionError):  # OverflowError: "\Uffffffff", without C
        raise Malformed(address, "not YAML") from None


def _loader() -> Any:
    """PyYAML's loader of texts, and of null.

    SafeLoader would make numbers and dates as well, of what is none, too: `!!bool x` is a KeyError with
    the value in it, and a number of base 60 with many digits takes the time of a whole boot.
    """
    import yaml

    # Only some packages of PyYAML have the parser in C, which is ten times as fast.
    loader: Any = type("_Loader", (getattr(yaml, "CBaseLoader", yaml.BaseLoader),), {})
    loader.add_implicit_resolver(_NULL, re.compile(r"(?:~|null|Null|NULL|)\Z"), ["~", "n", "N", ""])
    loader.add_constructor(_NULL, lambda *_: None)
    return loader
