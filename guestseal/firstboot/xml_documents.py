"""XML that nobody vouches for, from the network or from a disc: bounded, and without entities.

A document type is where entities are declared, which unfold to gigabytes or name files and
servers ("billion laughs", XXE). No platform's document has one, so one that has is refused
before it is read: what expat defends itself against depends on its version.
"""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from guestseal.errors import Malformed
from guestseal.firstboot.reading import DOCUMENT_LIMIT

DEEPEST = 32
"""Elements inside each other."""


def xml_document(address: str, body: bytes) -> Element:
    """The root of the document that ``body`` is.

    Its elements have their local names and neither namespaces nor attributes: platforms
    write one name with and without a prefix. Raises Malformed.
    """
    if len(body) > DOCUMENT_LIMIT:
        raise Malformed(address, f"more than {DOCUMENT_LIMIT >> 20} MiB")
    reader = _Reader(address)
    try:
        return reader.read(body)
    except expat.ExpatError:
        raise Malformed(address, "not XML") from None


class _Reader:
    def __init__(self, address: str) -> None:
        self._address = address
        self._builder = TreeBuilder()
        self._depth = 0

    def read(self, body: bytes) -> Element:
        parser = expat.ParserCreate("utf-8", " ")
        parser.StartDoctypeDeclHandler = self._refuse
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._builder.data
        parser.Parse(body, True)
        return self._builder.close()

    def _refuse(self, *_: Any) -> None:
        raise Malformed(self._address, "XML with a document type is not taken")

    def _start(self, name: str, _: Any) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise Malformed(self._address, "XML that is nested too deeply")
        self._builder.start(_local(name), {})

    def _end(self, name: str) -> None:
        self._depth -= 1
        self._builder.end(_local(name))


def _local(name: str) -> str:
    """A name as expat says it, without its namespace."""
    return name.rpartition(" ")[2]
