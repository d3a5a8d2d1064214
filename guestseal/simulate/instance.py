"""One simulated clone as its platform sees it, and the JSON document that describes several."""

from __future__ import annotations

import base64
import binascii
import ipaddress
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

ANYONE = "*"
"""Stands for every source address that is not named itself."""

_TEXTS = ("hostname", "password", "local_ipv4")
_KEYS = ("instance_id", *_TEXTS, "ssh_keys", "user_data", "user_data_base64", "extra")


@dataclass(frozen=True)
class Instance:
    """What a platform says about one clone. None and () mean that it does not say.

    `extra` holds further meta-data items and wins over the others: on a virtual router the key is any file name
    (names with a slash exist only on EC2); on EC2 it is a path below `meta-data/`, or, with a leading slash,
    below the version (`/dynamic/instance-identity/pkcs7`).
    """

    instance_id: str
    hostname: str | None = None
    ssh_keys: tuple[str, ...] = ()
    password: str | None = field(default=None, repr=False)
    user_data: bytes | None = field(default=None, repr=False)
    local_ipv4: str | None = None
    extra: Mapping[str, str] = field(default_factory=dict)


def source_key(text: str) -> str:
    """The one spelling of a source address, or "*". ValueError for anything that is not an address."""
    return text if text == ANYONE else str(ipaddress.ip_address(text))


def parse_instances(document: str) -> dict[str, Instance]:
    """The instances of a JSON document `{"<source address>": {"instance_id": ..., ...}, "*": {...}}`.

    An instance's keys are the fields of `Instance`; user data is text (`user_data`) or base64 (`user_data_base64`).
    Raises ValueError that names the offending key and never quotes a value.
    """
    try:
        parsed = json.loads(document, object_pairs_hook=_unique)
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON: {error.msg} in line {error.lineno}, column {error.colno}") from None
    if not isinstance(parsed, dict):
        raise ValueError("the document must be an object: source address (or *) to instance")
    instances: dict[str, Instance] = {}
    for address, entry in parsed.items():
        try:
            key = source_key(address)
        except ValueError:
            raise ValueError(f"{address}: neither an IP address nor *") from None
        if key in instances:
            raise ValueError(f"{address}: given twice")
        instances[key] = _instance(address, entry)
    return instances


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    # The json module lets the last of two equal keys win in silence; here it would hide half an instance.
    names = [name for name, _ in pairs]
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"{name}: given twice")
    return dict(pairs)


def _instance(where: str, entry: Any) -> Instance:
    if not isinstance(entry, dict):
        raise ValueError(f"{where}: must be an object")
    for name in entry:
        if name not in _KEYS:
            raise ValueError(f"{where}.{name}: unknown; known are {', '.join(_KEYS)}")
    instance_id = _text(where, entry, "instance_id")
    if not instance_id:
        raise ValueError(f"{where}.instance_id: missing or empty")
    texts = {name: _text(where, entry, name) for name in _TEXTS}
    return Instance(
        instance_id=instance_id,
        hostname=texts["hostname"],
        ssh_keys=_lines(where, entry.get("ssh_keys", [])),
        password=texts["password"],
        user_data=_user_data(where, entry),
        local_ipv4=texts["local_ipv4"],
        extra=_extra(where, entry.get("extra", {})),
    )


def _text(where: str, entry: dict[str, Any], name: str) -> str | None:
    value = entry.get(name)
    if value is None or isinstance(value, str):
        return value
    raise ValueError(f"{where}.{name}: must be a string")


def _lines(where: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise ValueError(f"{where}.ssh_keys: must be a list of strings")
    for index, item in enumerate(value):
        if not isinstance(item, str):
            raise ValueError(f"{where}.ssh_keys[{index}]: must be a string")
    return tuple(value)


def _user_data(where: str, entry: dict[str, Any]) -> bytes | None:
    text, encoded = _text(where, entry, "user_data"), _text(where, entry, "user_data_base64")
    if encoded is None:
        return None if text is None else text.encode()
    if text is not None:
        raise ValueError(f"{where}.user_data: given twice, as text and as base64")
    try:
        return base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        raise ValueError(f"{where}.user_data_base64: not base64") from None


def _extra(where: str, value: Any) -> dict[str, str]:
    if not isinstance(value, dict):
        raise ValueError(f"{where}.extra: must be an object of strings")
    for name, item in value.items():
        if not isinstance(item, str):
            raise ValueError(f"{where}.extra.{name}: must be a string")
    return dict(value)
