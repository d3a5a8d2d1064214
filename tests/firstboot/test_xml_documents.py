"""XML of strangers: names without namespaces, and nothing that unfolds."""

from __future__ import annotations

import pytest

from guestseal.errors import Malformed
from guestseal.firstboot.xml_documents import DEEPEST, xml_document


@pytest.mark.parametrize(
    "body",
    [
        "<a><b>x &lt; y</b></a>",
        "<?xml version='1.0' encoding='utf-8'?>\n<a xmlns='urn:a'><b xmlns='urn:b'>x &#60; y</b></a>",
        "<w:a xmlns:w='urn:a' w:b='no'><w:b><![CDATA[x < y]]></w:b></w:a>",
        "<a><!-- <b>no</b> --><?b no?><b>x <![CDATA[<]]> y</b></a>",
    ],
)
def test_a_name_counts_whatever_its_namespace(body):
    for spelled in (body.encode(), b"\xef\xbb\xbf" + body.encode(), body.replace("\n", "\r\n").encode()):
        assert xml_document("here", spelled).findtext("b") == "x < y"


def test_nesting_is_bounded():
    assert xml_document("here", b"<a>" * DEEPEST + b"</a>" * DEEPEST).tag == "a"
    with pytest.raises(Malformed, match="nested too deeply"):
        xml_document("here", b"<a>" * (DEEPEST + 1) + b"</a>" * (DEEPEST + 1))


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-32"])
@pytest.mark.parametrize(
    "kind", ["<!DOCTYPE a>", "<!DOCTYPE a SYSTEM 'x'>", "<!DOCTYPE a [<!ENTITY e 'x'>]>", "<!-- c --><!DOCTYPE\na >"]
)
def test_a_document_type_is_refused_in_every_coding(coding, kind):
    with pytest.raises(Malformed):
        xml_document("here", f"{kind}<a>x</a>".encode(coding))


@pytest.mark.parametrize("body", [b"", b" ", b"\0", b"{}", b"<a>", b"<a/><a/>", b"<a>&e;</a>", b"<a b='1' b='2'/>"])
def test_what_is_no_document_is_malformed_and_not_quoted(body):
    with pytest.raises(Malformed) as caught:
        xml_document("here", body)
    assert caught.value.why == "not XML"


def test_size_is_bounded():
    with pytest.raises(Malformed, match="more than 1 MiB"):
        xml_document("here", b"<a>" + b" " * (1 << 20) + b"</a>")
