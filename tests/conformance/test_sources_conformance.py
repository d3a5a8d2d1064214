"""What every source promises, proved on each module of guestseal.firstboot.sources.

A new source is a file there and, in PLATFORMS below, how to simulate its platform: all of
this then holds for it, or fails.
"""

from __future__ import annotations

import ast
import inspect
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, fields
from pathlib import Path

import pytest
from support.machine import machine, soon
from support.platforms import PASSWORD, UUID, WEB, ec2_settings, start_routers

from guestseal.catalog import Item, discover
from guestseal.errors import SourceError
from guestseal.firstboot.metadata import Metadata
from guestseal.firstboot.source import Likelihood, Source
from guestseal.machine.firmware import Firmware
from guestseal.settings import Settings
from guestseal.simulate.ec2 import MetadataService
from guestseal.simulate.faults import Chunks, Fault
from guestseal.simulate.instance import Instance
from guestseal.simulate.server import Simulator

PACKAGE = "guestseal.firstboot.sources"
SOURCES: dict[str, Item[type[Source]]] = discover(PACKAGE, "SOURCE", Source)
LONGEST_MODULE = 150
BUDGET = 0.4
SLACK = 0.6
CLONE = "127.0.0.1"


@dataclass
class Platform:
    """A simulated platform, the settings that lead to it, and whether it still keeps its password."""

    simulator: Simulator
    settings: Settings
    pending: Callable[[], bool]


def _cloudstack(instance: Instance, *faults: Fault) -> Platform:
    made = start_routers({"127.0.0.41": {"*": instance}}, faults)
    return Platform(made.simulator, made.settings(), lambda: made.by_host["127.0.0.41"].pending(CLONE))


def _ec2(instance: Instance, *faults: Fault) -> Platform:
    service = MetadataService({"*": instance})
    simulator = Simulator({("127.0.0.42", 0): service}, faults).start()
    return Platform(simulator, ec2_settings(simulator, service), lambda: True)


PLATFORMS = {"cloudstack": _cloudstack, "ec2": _ec2}

each_source = pytest.mark.parametrize("name", SOURCES)


@pytest.fixture
def ready() -> Iterator[Callable[..., tuple[Source, Platform]]]:
    """A source and its simulated platform, which has every kind of value."""
    with ExitStack() as stack:

        def start(name: str, *faults: Fault, instance: Instance = WEB) -> tuple[Source, Platform]:
            platform = PLATFORMS[name](instance, *faults)
            stack.callback(platform.simulator.close)
            return SOURCES[name].value(machine(), platform.settings), platform

        yield start


@each_source
def test_it_can_be_simulated_and_is_named_like_its_module(name):
    assert name in PLATFORMS
    assert SOURCES[name].value.name == name
    assert name in Settings().sources


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
    assert (found.source, found.instance_id) == (name, UUID)
    assert {field.name for field in fields(found)} >= {"hostname", "ssh_keys", "password"}
    assert found.ssh_keys is not None
    assert all(key.isprintable() for key in found.ssh_keys)
    assert source.attempts
    assert {attempt.source for attempt in source.attempts} == {name}


@each_source
def test_detecting_sends_no_packet(ready, name):
    source, platform = ready(name)
    for vendor in ("", "Amazon EC2", "Apache Software Foundation", "DigitalOcean"):
        source.machine.firmware = Firmware(vendor=vendor, uuid=UUID)
        assert source.detect() in Likelihood
    assert len(platform.simulator.journal) == 0


@each_source
def test_an_unknown_platform_is_possible_and_a_foreign_one_is_unlikely(ready, name):
    source, _ = ready(name)
    assert source.detect() is Likelihood.POSSIBLE
    source.machine.firmware = Firmware(vendor="DigitalOcean")
    assert source.detect() is Likelihood.UNLIKELY


@each_source
def test_fetching_changes_nothing_on_the_platform(ready, name):
    source, platform = ready(name)
    assert source.fetch(soon()) == source.fetch(soon())
    assert platform.pending()
    assert not platform.simulator.journal.select(method="POST")


@each_source
def test_confirming_what_has_no_password_does_nothing(ready, name):
    source, platform = ready(name)
    source.confirm(Metadata(name, "somewhere", UUID), soon())
    assert len(platform.simulator.journal) == 0


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


@each_source
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
def test_a_platform_that_is_not_there_is_unreachable(ready, name):
    source, platform = ready(name)
    platform.simulator.close()
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


@each_source
@pytest.mark.parametrize("cut", range(0, 40, 5))
def test_an_answer_cut_anywhere_is_never_taken_for_a_whole(ready, name, cut):
    source, _ = ready(name, Fault(truncate_after=cut, reset=True))
    with pytest.raises(SourceError):
        source.fetch(soon(BUDGET))
