"""Endpoints: the URLs that settings give."""

from __future__ import annotations

import pytest

from guestseal.machine.endpoint import Endpoint


@pytest.mark.parametrize(
    ("url", "endpoint"),
    [
        ("http://169.254.169.254", Endpoint("169.254.169.254")),
        ("http://127.0.0.2:8080/", Endpoint("127.0.0.2", 8080)),
        ("http://[fd00:ec2::254]", Endpoint("fd00:ec2::254")),
        ("http://[fe80::a9fe:a9fe%25eth0]:81", Endpoint("fe80::a9fe:a9fe%eth0", 81)),
        ("http://metadata.google.internal", Endpoint("metadata.google.internal")),
    ],
)
def test_urls_of_endpoints(url, endpoint):
    assert Endpoint.parse(url) == endpoint


@pytest.mark.parametrize(
    "url",
    ["https://a", "ftp://a", "a", "http://", "http://a/b", "http://a?b", "http://u@a", "http://a:0", "http://a:70000"],
)
def test_what_is_no_endpoint(url):
    with pytest.raises(ValueError, match="of the form"):
        Endpoint.parse(url)
