"""From an answer and a fault to the bytes on the wire, and to how the connection ends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum, auto
from http import HTTPStatus
from itertools import chain, islice, repeat

from guestseal.simulate.faults import Chunks, Fault
from guestseal.simulate.service import Fields, Response, error_page

BLOCK = 64 * 1024
"""Bytes handed to the kernel at a time, at most."""

_CHUNK = 1024
_NO_FAULT = Fault()


class End(Enum):
    """How a connection ends."""

    FIN = auto()
    RESET = auto()
    HANG = auto()


@dataclass(frozen=True)
class Delivery:
    """What to send and how. `status` is None where what is sent has no status line of ours.

    `blocks` is used up by sending; it may never end.
    """

    status: int | None
    blocks: Iterator[bytes]
    end: End = End.FIN
    delay: float = 0.0
    byte_delay: float = 0.0


def deliver(response: Response | None, fault: Fault | None, *, with_body: bool) -> Delivery:
    """The delivery of the service's `response` (None: it was not asked) as `fault` spoils it.

    `with_body=False` is the answer to HEAD.
    """
    fault = fault or _NO_FAULT
    end = End.RESET if fault.reset else End.HANG if fault.hang else End.FIN
    answer = _own_answer(fault) if response is None or fault.answers_itself else response
    status: int | None = answer.status
    if fault.raw is not None or fault.silent:
        status, blocks = None, _pieces(fault.raw or b"", BLOCK)
    else:
        body = _truncated(_body(answer, fault), fault.truncate_after) if with_body else iter(())
        blocks = chain(_pieces(_head(answer, fault), BLOCK), body)
    return Delivery(status, blocks, end, fault.delay, fault.byte_delay)


def _own_answer(fault: Fault) -> Response:
    status = HTTPStatus.OK if fault.status is None else fault.status
    if fault.body is None and fault.body_size is None and status >= HTTPStatus.BAD_REQUEST:
        return Response(status, error_page(status), headers=(("Content-Type", "text/html"),))
    return Response(int(status), fault.body or b"", headers=(("Content-Type", "text/plain"),))


def _head(answer: Response, fault: Fault) -> bytes:
    if fault.reason is not None:
        answer = replace(answer, reason=fault.reason)
    replaced = {name.lower() for name, _ in fault.headers}
    fields = tuple(item for item in answer.headers if item[0].lower() not in replaced) + fault.headers
    fields += tuple((f"X-Flood-{number}", "x") for number in range(fault.header_flood))
    if fault.header_size:
        fields += (("X-Long", "x" * fault.header_size),)
    fields += _framing(answer, fault, {name.lower() for name, _ in fields})
    lines = [f"{answer.version} {answer.status} {answer.phrase}".rstrip()]
    lines += [f"{name}: {value}" for name, value in fields]
    # Latin-1 is HTTP's own idea of header bytes; a fault may well put other characters there.
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace")


def _framing(answer: Response, fault: Fault, given: set[str]) -> Fields:
    """Content-Length, Transfer-Encoding and Connection, as far as they were not given already."""
    length: int | None = len(answer.body) if fault.body_size is None else fault.body_size
    if fault.chunked or not answer.framed:
        length = None
    if fault.content_length is not None:
        length = fault.content_length
    fields: Fields = ()
    if length is not None and "content-length" not in given:
        fields += (("Content-Length", str(length)),)
    if fault.chunked:
        fields += (("Transfer-Encoding", "chunked"),)
    # HTTP/1.0 closes anyway and says nothing of it.
    if answer.version != "HTTP/1.0" and "connection" not in given:
        fields += (("Connection", "close"),)
    return fields


def _body(answer: Response, fault: Fault) -> Iterator[bytes]:
    if fault.chunked is Chunks.INFINITE:
        return repeat(_chunk(b"x" * _CHUNK))
    if fault.chunked is Chunks.BROKEN:
        return iter((b"not-a-number\r\n", answer.body, b"\r\n0\r\n\r\n"))
    if fault.chunked is Chunks.GOOD:
        return chain(map(_chunk, _plain(answer, fault, _CHUNK)), (b"0\r\n\r\n",))
    return _plain(answer, fault, BLOCK)


def _plain(answer: Response, fault: Fault, size: int) -> Iterator[bytes]:
    if fault.body_size is None:
        return _pieces(answer.body, size)
    whole, rest = divmod(fault.body_size, size)
    return chain(islice(repeat(b"x" * size), whole), _pieces(b"x" * rest, size))


def _chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


def _pieces(data: bytes, size: int) -> Iterator[bytes]:
    return (data[start : start + size] for start in range(0, len(data), size))


def _truncated(blocks: Iterator[bytes], limit: int | None) -> Iterator[bytes]:
    for block in blocks:
        if limit is None:
            yield block
            continue
        yield block[:limit]
        limit -= len(block)
        if limit <= 0:
            return
