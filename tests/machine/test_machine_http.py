"""HTTP against servers that misbehave in every way the wire allows: real sockets, on loopback only."""

from __future__ import annotations

import gzip
import logging
import socket
import subprocess
import sys
import time
import traceback
from pathlib import Path

import pytest
from support.echo import LIMIT, SECRET, get
from support.machine import soon
from support.timing import LAG

from guestseal.errors import Absent, Denied, Malformed, SourceError, Unreachable
from guestseal.machine.endpoint import Endpoint
from guestseal.simulate.blackhole import BlackHole
from guestseal.simulate.faults import Chunks, Fault


def test_an_answer_is_complete_and_the_request_is_plain(serve, http):
    server = serve()
    answer = http.get(server.endpoint, "/latest/x", deadline=soon(), limit=LIMIT, headers={"DomU_Request": "y"})
    assert (answer.status, answer.body, answer.content_type) == (200, SECRET.encode(), "text/plain")
    assert server.headers == {
        "host": f"127.0.0.1:{server.endpoint.port}",
        "user-agent": "guestseal",
        "accept-encoding": "identity",
        "domu_request": "y",
    }
    assert SECRET not in repr(answer)


def test_a_put_is_a_put(serve, http):
    server = serve()
    assert http.ask(server.endpoint, "PUT /latest/api/token", deadline=soon(), limit=LIMIT).status == 200
    assert server.simulator.journal.snapshot()[-1].method == "PUT"


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (204, Malformed),
        (206, Malformed),
        (301, Malformed),
        (304, Malformed),
        (400, Malformed),
        (401, Denied),
        (403, Denied),
        (404, Absent),
        (405, Malformed),
        (410, Absent),
        (429, Unreachable),
        (500, Unreachable),
        (501, Malformed),
        (503, Unreachable),
    ],
)
def test_a_status_has_one_meaning(serve, http, status, error):
    with pytest.raises(error) as caught:
        get(http, serve(Fault(status=status)).endpoint)
    assert f"status {status}" in caught.value.why
    assert "/latest/x" in caught.value.address


def test_an_optional_item_is_there_or_not_there_or_could_not_be_told(serve, http):
    server = serve(Fault(path="/none", status=404), Fault(path="/busy", status=503))
    ask = {"deadline": soon(), "limit": LIMIT}
    assert http.get_optional(server.endpoint, "/there", **ask).body == SECRET.encode()
    assert http.get_optional(server.endpoint, "/none", **ask) is None
    with pytest.raises(Unreachable):
        http.get_optional(server.endpoint, "/busy", **ask)


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(Fault(hang=True), id="T4"),
        pytest.param(Fault(byte_delay=0.05), id="T5"),
        pytest.param(Fault(byte_delay=0.02, body_size=500), id="T5-body"),
        pytest.param(Fault(truncate_after=3, hang=True), id="T5-stops"),
        pytest.param(Fault(raw=b"HTTP/1.1 100 Continue\r\n\r\n", hang=True), id="T5-continue"),
    ],
)
def test_the_deadline_is_a_total(serve, http, fault):
    start = time.monotonic()
    with pytest.raises(Unreachable, match="timed out"):
        get(http, serve(fault).endpoint, seconds=0.3)
    assert 0.25 < time.monotonic() - start < 0.7 + LAG


def test_a_black_hole_costs_the_deadline(http):
    with BlackHole() as hole:
        start = time.monotonic()
        with pytest.raises(Unreachable, match="timed out"):
            get(http, Endpoint(*hole.address), seconds=0.3)
        assert time.monotonic() - start < 0.7 + LAG


def test_connecting_ends_before_a_long_deadline(http):
    with BlackHole() as hole:
        start = time.monotonic()
        with pytest.raises(Unreachable, match="timed out"):
            get(http, Endpoint(*hole.address), seconds=30)
        assert 1.9 < time.monotonic() - start < 2.6 + LAG


def test_a_closed_port_is_told_at_once(http):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        closed = Endpoint(*listener.getsockname())
    start = time.monotonic()
    with pytest.raises(Unreachable, match="connection refused"):
        get(http, closed)
    assert time.monotonic() - start < 0.5 + LAG


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(Fault(reset=True), id="T6"),
        pytest.param(Fault(truncate_after=3, reset=True), id="T6-body"),
        pytest.param(Fault(raw=b""), id="T6-silence"),
        pytest.param(Fault(truncate_after=3), id="T7"),
        pytest.param(Fault(content_length=5000), id="T7-length"),
        pytest.param(Fault(chunked=Chunks.GOOD, truncate_after=4), id="T7-chunked"),
    ],
)
def test_an_answer_that_breaks_off_is_none(serve, http, fault):
    with pytest.raises(Unreachable):
        get(http, serve(fault).endpoint)


def test_a_length_that_is_too_short_shows(serve, http):
    answer = get(http, serve(Fault(content_length=4)).endpoint)
    assert (answer.body, answer.surplus) == (SECRET[:4].encode(), True)
    assert not get(http, serve().endpoint).surplus


def test_chunks_are_put_together(serve, http):
    answer = get(http, serve(Fault(chunked=Chunks.GOOD, body_size=900)).endpoint)
    assert (answer.body, answer.surplus) == (b"x" * 900, False)


def test_a_body_that_ends_with_the_connection(serve, http):
    real = b"HTTP/1.0 200 OK\r\nServer: a\r\ncontent-type: text/plain\r\nServer: b\r\n\r\n" + SECRET.encode()
    assert get(http, serve(Fault(raw=real)).endpoint).body == SECRET.encode()


HEAD = b"HTTP/1.1 200 OK\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(Fault(raw=HEAD + b"Content-Length: 3\r\nContent-Length: 9\r\n\r\nabc"), id="T8-two-lengths"),
        pytest.param(Fault(raw=HEAD + b"Content-Length: -3\r\n\r\nabc"), id="T8-negative"),
        pytest.param(Fault(chunked=Chunks.BROKEN), id="T9-broken"),
        pytest.param(Fault(chunked=Chunks.INFINITE), id="T9-infinite"),
        pytest.param(Fault(raw=CHUNKED + b"1" * 10_000_000), id="T9-size-line"),
        pytest.param(Fault(raw=CHUNKED + b"0\r\n" + b"a: b\r\n" * 1_000_000), id="T9-trailer"),
        pytest.param(Fault(raw=SECRET.encode() + b"\r\n"), id="T10"),
        pytest.param(Fault(raw=SECRET.encode() + b"\n" * 100), id="T10-lines"),
        pytest.param(Fault(raw=b"HTTP/1.1 " + SECRET.encode() + b"\r\n\r\n"), id="T10-status"),
        pytest.param(Fault(header_size=100_000), id="T12-size"),
        pytest.param(Fault(header_flood=10_000), id="T12-flood"),
        pytest.param(Fault(raw=b"HTTP/1.1 100 Continue\r\n\r\n" * 100_000), id="T12-continue"),
        pytest.param(Fault(body_size=10 << 30), id="T13"),
        pytest.param(Fault(raw=HEAD + b"\r\n" + b"x" * 10_000_000), id="T13-no-length"),
        pytest.param(Fault(body=gzip.compress(b"x" * 500), headers=(("Content-Encoding", "gzip"),)), id="T14"),
        pytest.param(Fault(body=b"<html>", headers=(("Content-Type", "Text/HTML; charset=x"),)), id="T23"),
    ],
)
def test_what_is_not_a_sound_answer_is_malformed(serve, http, fault):
    start = time.monotonic()
    with pytest.raises(Malformed):
        get(http, serve(fault).endpoint)
    assert time.monotonic() - start < 1.5 + LAG


def test_a_negative_chunk_is_none(serve, http):
    # http.client notices it, or waits for what never comes: that depends on the version of Python.
    with pytest.raises(SourceError):
        get(http, serve(Fault(raw=CHUNKED + b"-5\r\nabc\r\n")).endpoint)


@pytest.mark.parametrize(
    "location", ["http://127.0.0.1:{port}/", "https://127.0.0.1/", "file:///etc/shadow", "/latest/x"]
)
@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_redirects_are_never_followed(serve, http, status, location):
    other = serve()
    headers = (("Location", location.format(port=other.endpoint.port)),)
    server = serve(Fault(status=status, headers=headers))
    with pytest.raises(Malformed, match="redirects are not followed"):
        get(http, server.endpoint)
    assert (len(server.simulator.journal), len(other.simulator.journal)) == (1, 0)


@pytest.mark.parametrize("value", ["1", "86400", "Wed, 21 Oct 2065 07:28:00 GMT", "soon"])
def test_no_server_decides_how_long_is_waited(serve, http, value):
    start = time.monotonic()
    with pytest.raises(Unreachable):
        get(http, serve(Fault(status=503, headers=(("Retry-After", value),))).endpoint)
    assert time.monotonic() - start < 0.5 + LAG


def test_proxies_and_netrc_of_the_environment_are_ignored(serve, http, monkeypatch, tmp_path):
    proxy, server = serve(), serve()
    url = f"http://127.0.0.1:{proxy.endpoint.port}"
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, url)
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password mine\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    get(http, server.endpoint)
    assert len(proxy.simulator.journal) == 0
    assert "authorization" not in server.headers


def test_cookies_are_not_kept(serve, http):
    server = serve(Fault(headers=(("Set-Cookie", "a=b"),)))
    get(http, server.endpoint)
    get(http, server.endpoint)
    assert "cookie" not in server.headers


@pytest.mark.parametrize(
    "fault",
    [
        Fault(raw=SECRET.encode() + b"\r\n\r\n"),
        Fault(raw=HEAD + SECRET.encode() + b"\r\n\r\n"),
        Fault(raw=HEAD + b"Content-Length: " + SECRET.encode() + b"\r\n\r\nabc"),
        Fault(raw=CHUNKED + SECRET.encode() + b"\r\n"),
        Fault(content_length=5000),
        Fault(status=500),
        Fault(status=302, headers=(("Location", "/" + SECRET),)),
        Fault(headers=(("Content-Encoding", SECRET),)),
        Fault(),
    ],
    ids=["no http", "header", "length", "chunk", "truncated", "500", "redirect", "encoding", "fine"],
)
def test_nothing_received_is_logged_or_quoted(serve, http, fault, caplog):
    caplog.set_level(logging.DEBUG)
    try:
        told = repr(get(http, serve(fault).endpoint))
    except SourceError:
        told = traceback.format_exc()
    assert SECRET not in told
    assert SECRET not in caplog.text


def test_the_libraries_are_imported_when_something_is_asked():
    code = (
        "import sys, guestseal.firstboot.discovery, guestseal.firstboot.sources.ec2\n"
        "import guestseal.firstboot.sources.cloudstack\n"
        "assert not {'requests', 'urllib3', 'psutil', 'netifaces'} & set(sys.modules)"
    )
    project = Path(__file__).resolve().parents[2]
    subprocess.run([sys.executable, "-c", code], check=True, cwd=project, timeout=20)
