"""What every source promises, proved on each module of guestseal.firstboot.sources.

A new source is a file there and, in ``platform`` of its test file, how to simulate its
platform: all of this then holds for it, or fails. The checks of the wire are for sources
that ask a server.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from support.machine import soon
from support.platforms import PASSWORD, UUID, WEB, Platform

from guestseal.catalog import Item, discover
from guestseal.errors import SourceError
from guestseal.firstboot.candidates import DEFAULTS, ON_REQUEST
from guestseal.firstboot.metadata import Metadata
from guestseal.firstboot.platforms import ANYWHERE
from guestseal.firstboot.source import Likelihood, Source
from guestseal.machine.firmware import Firmware
from guestseal.simulate.faults import Chunks, Fault
from guestseal.simulate.instance import Instance

PACKAGE = "guestseal.firstboot.sources"
SOURCES: dict[str, Item[type[Source]]] = discover(PACKAGE, "SOURCE", Source)
LONGEST_MODULE = 150
BUDGET = 0.4
SLACK = 0.6


def platform_of(name: str) -> Callable[..., Platform]:
    """How the test file of the source ``name`` simulates its platform."""
    made: Callable[..., Platform] = importlib.import_module(f"sources.test_source_{name.replace('-', '_')}").platform
    return made


each_source = pytest.mark.parametrize("name", SOURCES)
ASKING = [name for name, item in SOURCES.items() if item.value.urls or name == "cloudstack"]
each_asking_source = pytest.mark.parametrize("name", ASKING)


@pytest.fixture
def ready() -> Iterator[Callable[..., tuple[Source, Platform]]]:
    """A source and its simulated platform, which has every kind of value."""
    with ExitStack() as stack:

        def start(name: str, *faults: Fault, instance: Instance = WEB) -> tuple[Source, Platform]:
            platform = platform_of(name)(instance, *faults)
            stack.callback(platform.close)
            return SOURCES[name].value(platform.machine, platform.settings), platform

        yield start


@each_source
def test_it_can_be_simulated_and_is_named_like_its_module(name):
    assert callable(platform_of(name))
    assert SOURCES[name].value.name == name
    assert (name in DEFAULTS) is not (name in ON_REQUEST)
    assert SOURCES[name].value.local is (name in ON_REQUEST)


@each_source
def test_its_manual_has_a_heading_and_a_text(name):
    assert 0 < len(SOURCES[name].heading) <= 100
    assert len(SOURCES[name].manual) > 100


@each_source
def test_it_stays_readable_and_asks_through_the_machine_only(name):
    path = Path(inspect.getfile(SOURCES[name].value))
    text = path.read_text()
    assert text.count("\n") <= LONGEST_MODULE
    imported = {
        word
        for node in ast.walk(ast.parse(text))
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for word in ([alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""])
    }
    assert not {word.split(".")[0] for word in imported} & {"os", "socket", "subprocess", "requests", "urllib", "http"}


@each_source
def test_what_it_gives_is_typed_and_bounded(ready, name):
    source, _ = ready(name)
    found = source.fetch(soon())
    assert isinstance(found, Metadata)
    assert found.source == name
    if SOURCES[name].value.speaks_for_the_platform:
        assert found.instance_id == UUID
    assert all(key.isprintable() for key in found.ssh_keys or ())
    assert source.attempts
    assert {attempt.source for attempt in source.attempts} == {name}


@each_source
def test_detecting_sends_no_packet(ready, name):
    source, platform = ready(name)
    for vendor in ("", "Amazon EC2", "Apache Software Foundation", "DigitalOcean"):
        source.machine.firmware = Firmware(vendor=vendor, uuid=UUID)
        assert source.detect() in Likelihood
    assert platform.asked() == 0


@each_source
def test_without_a_word_of_the_firmware_it_is_possible(ready, name):
    source, _ = ready(name)
    if name != "vmware":
        assert source.detect() is Likelihood.POSSIBLE
    source.machine.firmware = Firmware(vendor="Brand of another cloud", chassis_tag="OracleCloud.com")
    expected = {"oracle": Likelihood.LIKELY, **dict.fromkeys(ANYWHERE, Likelihood.POSSIBLE)}
    assert source.detect() is expected.get(name, Likelihood.UNLIKELY)


@each_source
def test_fetching_changes_nothing_on_the_platform(ready, name):
    source, platform = ready(name)
    assert source.fetch(soon()) == source.fetch(soon())
    assert platform.pending()
    assert not platform.simulator or not platform.simulator.journal.select(method="POST")


@each_source
def test_confirming_what_has_no_password_does_nothing(ready, name):
    source, platform = ready(name)
    source.confirm(Metadata(name, "somewhere", UUID), soon())
    assert platform.asked() == 0


FAULTS = {
    "404": Fault(status=404),
    "403": Fault(status=403),
    "500": Fault(status=500),
    "503 with a day to wait": Fault(status=503, headers=(("Retry-After", "86400"),)),
    "hang": Fault(hang=True),
    "slow": Fault(byte_delay=0.05),
    "reset": Fault(reset=True),
    "truncated": Fault(content_length=100_000),
    "garbage": Fault(raw=bytes(range(256)) * 64),
    "a captive portal": Fault(status=200, body=b"<html><body>log in</body></html>"),
    "a redirect": Fault(status=302, headers=(("Location", "http://127.0.0.1:1/"),)),
    "JSON": Fault(status=200, body=b'{"error": "not today"}'),
    "binary": Fault(status=200, body=bytes(range(256))),
    "empty": Fault(status=200, body=b""),
    "huge body": Fault(body_size=10 << 30),
    "endless chunks": Fault(status=200, chunked=Chunks.INFINITE),
    "huge header": Fault(header_size=1 << 20),
    "flood of headers": Fault(header_flood=20_000),
}


@each_asking_source
@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_every_fault_is_a_typed_error_within_the_budget(ready, name, fault, caplog):
    caplog.set_level(logging.DEBUG)
    source, platform = ready(name, fault)
    start = time.monotonic()
    with pytest.raises(SourceError) as caught:
        source.fetch(soon(BUDGET))
    assert time.monotonic() - start < BUDGET + SLACK
    assert type(caught.value) is not SourceError
    assert str(caught.value).isprintable()
    assert platform.pending()
    _is_silent(caplog.text, repr(caught.value), source)


@each_source
def test_only_a_platform_that_waits_for_a_report_is_sent_one(ready, name):
    source, platform = ready(name)
    if not source.awaits_report:
        source.report_ready(soon())
        assert platform.asked() == 0


@pytest.mark.parametrize("name", [name for name, item in SOURCES.items() if item.value.awaits_report])
@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_report_that_is_not_taken_is_a_typed_error_within_the_budget(ready, name, fault):
    source, _ = ready(name, fault)
    start = time.monotonic()
    with pytest.raises(SourceError) as caught:
        source.report_ready(soon(BUDGET))
    assert time.monotonic() - start < BUDGET + SLACK
    assert type(caught.value) is not SourceError
    assert str(caught.value).isprintable()


@each_asking_source
def test_a_platform_that_is_not_there_is_unreachable(ready, name):
    source, platform = ready(name)
    platform.close()
    with pytest.raises(SourceError, match="refused"):
        source.fetch(soon(BUDGET))


@each_source
def test_no_secret_is_shown_when_all_is_well(ready, name, caplog):
    caplog.set_level(logging.DEBUG)
    source, _ = ready(name)
    found = source.fetch(soon())
    source.confirm(found, soon())
    _is_silent(caplog.text, repr(found), source)


def _is_silent(logged: str, told: str, source: Source) -> None:
    assert PASSWORD not in logged + told + repr(source.attempts)


@each_asking_source
@pytest.mark.parametrize("cut", range(0, 40, 5))
def test_an_answer_cut_anywhere_is_never_taken_for_a_whole(ready, name, cut):
    source, _ = ready(name, Fault(truncate_after=cut, reset=True))
    with pytest.raises(SourceError):
        source.fetch(soon(BUDGET))
