"""Every simulated platform can be had by its source's name, and is what that source understands."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from support.machine import machine, soon
from support.platforms import KEY, UUID

from guestseal.firstboot.candidates import DEFAULTS, make
from guestseal.settings import Settings
from guestseal.simulate.instance import Instance
from guestseal.simulate.platforms import PLATFORMS, Place

PROJECT = Path(__file__).resolve().parents[2]
VM = Instance(UUID, "web", (f"{KEY} me",), "secret 1", b"#!/bin/sh\n", "127.0.0.1")
BY_ENDPOINT = [name for name in PLATFORMS if name != "cloudstack"]


def test_they_stand_in_alphabetical_order_and_every_one_has_a_source():
    assert list(PLATFORMS) == sorted(PLATFORMS)
    assert set(PLATFORMS) <= set(DEFAULTS)


@pytest.mark.parametrize("name", BY_ENDPOINT)
def test_its_source_understands_it(simulate, name):
    listeners = PLATFORMS[name]({"*": VM}, Place())
    simulator = simulate(listeners)
    url = simulator.url_of(listeners[0][1])
    (source,) = make([name], machine(), Settings(endpoints=((name, url),), user_data="keep"))
    found = source.fetch(soon())
    assert found.hostname == "web" or not source.speaks_for_the_platform
    assert found.instance_id == UUID or not source.speaks_for_the_platform
    assert simulator.journal


@pytest.mark.parametrize("name", BY_ENDPOINT)
def test_an_address_that_is_no_clones_is_told_nothing(simulate, fetch, name):
    listeners = PLATFORMS[name]({"192.0.2.1": VM}, Place())
    answer = fetch(simulate(listeners).address_of(listeners[0][1]), "/")
    assert answer.status in (400, 403, 404)
    assert b"web" not in answer.body


def test_it_listens_where_it_is_told(simulate):
    listeners = PLATFORMS["cloudstack"]({"*": VM}, Place("127.0.0.61"))
    assert [address for address, _ in listeners] == [("127.0.0.61", 0)] * 2
    for name in BY_ENDPOINT:
        assert PLATFORMS[name]({"*": VM}, Place("::1", 8080))[0][0] == ("::1", 8080)


@pytest.mark.parametrize("name", PLATFORMS)
def test_the_command_serves_it_until_it_is_interrupted(tmp_path, name):
    file = tmp_path / "instances.json"
    file.write_text(f'{{"*": {{"instance_id": "{UUID}", "hostname": "web", "password": "secret 1"}}}}')
    words = [sys.executable, "-m", "guestseal", "simulate", "--source", name, "--listen", "127.0.0.62", str(file)]
    process = subprocess.Popen(
        words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env={**os.environ, "PYTHONPATH": str(PROJECT)}
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline().startswith(b"listening on http://127.0.0.62:")
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=20)
        with process.stdout:
            said = process.stdout.read()  # communicate() knows nothing of what readline() has read ahead
    finally:
        process.kill()
    assert (process.returncode, b"secret" in said) == (0, False), said
    assert f"settings: [firstboot] endpoints = {name}=http://127.0.0.62:".encode() in said
