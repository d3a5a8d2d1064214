"""Taking values out of what a platform sent: typed, bounded, and each on its own.

A document without an instance-id, or that is none, is not believed at all. Anything else
in it that is not what it should be costs that one value, and a remark.
"""

from __future__ import annotations

import base64
import binascii
import zlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from guestseal.documents import parse_object
from guestseal.errors import Malformed
from guestseal.firstboot import validation
from guestseal.firstboot.metadata import Secret
from guestseal.firstboot.public_keys import ssh_keys

DOCUMENT_LIMIT = 1 << 20
"""Bytes of one JSON or YAML document."""
USER_DATA_LIMIT = 16 << 20
"""Bytes of user data, unpacked."""

MOST_REMARKS = 100
"""Of one answer; the others are counted."""

_GZIP = b"\x1f\x8b"  # RFC 1952 2.3.1


def json_object(address: str, body: bytes) -> dict[str, Any]:
    """The object that ``body`` is. Raises Malformed, also for one nested beyond all reason."""
    try:
        return parse_object(body)
    except ValueError:
        raise Malformed(address, "not a JSON object") from None


def at(document: object, *path: str | int) -> Any:
    """What lies at ``path`` of nested objects and lists; None where there is no such place."""
    for step in path:
        if isinstance(step, str) and isinstance(document, Mapping):
            document = document.get(step)
        elif isinstance(step, int) and isinstance(document, Sequence) and not isinstance(document, (str, bytes)):
            document = document[step] if step < len(document) else None
        else:
            return None
    return document


class _Remarks(list[str]):
    """What is to be said of one answer, bounded: each line of it may be worth a remark."""

    _left_out = 0

    def append(self, remark: str) -> None:
        """Add one, or count it."""
        if len(self) < MOST_REMARKS:
            super().append(remark)
            return
        self._left_out += 1
        self[MOST_REMARKS:] = [f"{self._left_out} more remarks"]

    def extend(self, remarks: Iterable[str]) -> None:
        """Add each."""
        for remark in remarks:
            self.append(remark)

    def __iadd__(self, remarks: Iterable[str]) -> _Remarks:  # type: ignore[override,misc]
        self.extend(remarks)
        return self


class Reading:
    """The values of one answer, validated, with remarks on those that were not believed."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.remarks = _Remarks()

    def instance_id(self, value: object) -> str:
        """The instance-id; numbers count as text. Raises Malformed: without it, nothing is believed."""
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        if not isinstance(value, str):
            raise Malformed(self.address, "no instance-id")
        return validation.instance_id(self.address, _bytes(value))

    def hostname(self, value: object, *, from_ipv4: bool = False) -> str | None:
        """The host name; None: it does not say one, or it is none."""
        if value is None:
            return None
        try:
            name, remarks = validation.hostname(self.address, self._text(value), from_ipv4=from_ipv4)
        except Malformed as error:
            self.remarks.append(f"host name: {error.why}")
            return None
        self.remarks += remarks
        return name

    def ssh_keys(self, values: object) -> tuple[str, ...] | None:
        """Public keys out of a text of lines, or a list of such texts; None: it does not say, or nothing is usable."""
        if values is None:
            return None
        try:
            lines = [self._text(value) for value in ([values] if isinstance(values, str) else self._list(values))]
            keys, remarks = ssh_keys(self.address, b"\n".join(lines))
        except Malformed as error:
            self.remarks.append(f"SSH keys: {error.why}")
            return None
        self.remarks += remarks
        return keys

    def password(self, value: object) -> Secret | None:
        """A password in clear; None: none is waiting, or it is none."""
        if value is None:
            return None
        try:
            return validation.password(self.address, self._text(value))
        except Malformed as error:
            self.remarks.append(f"password: {error.why}")
            return None

    def password_hash(self, value: object) -> Secret | None:
        """A password as a crypt(5) hash; None: none, or it is not one that login programs take."""
        if value is None:
            return None
        try:
            return validation.password_hash(self.address, self._text(value))
        except Malformed as error:
            self.remarks.append(f"password: {error.why}")
            return None

    def user_data(self, value: object, *, encoded: bool = False) -> bytes | None:
        """What the owner wants run or kept, out of a text or bytes, of base64 where ``encoded``.

        What was compressed with gzip is unpacked: people write it for cloud-init, which takes it
        so from every platform (its documentation, "User-data formats"). None: there is none, or
        it makes no sense, which is a remark.
        """
        if value is None:
            return None
        try:
            body = value if isinstance(value, bytes) else self._text(value)
            return self._unpacked(self._from_base64(body) if encoded else body) or None
        except Malformed as error:
            self.remarks.append(f"user data: {error.why}")
            return None

    def _from_base64(self, body: bytes) -> bytes:
        try:
            return base64.b64decode(body.translate(None, b" \t\r\n"), validate=True)
        except binascii.Error:
            raise Malformed(self.address, "not base64") from None

    def _unpacked(self, body: bytes) -> bytes:
        if body.startswith(_GZIP):
            stream = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
            try:
                body = stream.decompress(body, USER_DATA_LIMIT + 1)
            except zlib.error:
                raise Malformed(self.address, "not what gzip makes") from None
            if not stream.eof and len(body) <= USER_DATA_LIMIT:
                raise Malformed(self.address, "compressed, and cut off")
        if len(body) > USER_DATA_LIMIT:
            raise Malformed(self.address, f"more than {USER_DATA_LIMIT >> 20} MiB")
        return body

    def _text(self, value: object) -> bytes:
        if not isinstance(value, str):
            raise Malformed(self.address, "not a text")
        return _bytes(value)

    def _list(self, value: object) -> Iterable[object]:
        if not isinstance(value, (list, tuple)):
            raise Malformed(self.address, "not a list")
        return value


def _bytes(value: str) -> bytes:
    # JSON can escape half of a surrogate pair: no UTF-8 that anything else would take, so validation refuses it.
    return value.encode("utf-8", "surrogatepass")
