"""Be a platform: the metadata service that a source asks, on an address of this machine.

FILE says what each clone is told, by the address it asks from ("*" for everybody):

    {"*": {"instance_id": "i-1", "hostname": "vm1",
           "ssh_keys": ["ssh-ed25519 ..."], "password": "..."}}

Further keys are local_ipv4, user_data, user_data_base64, and extra: an object of further
items, each by its name on the platform.

SOURCE is one of the metadata services that `guestseal list sources` names. Printed are
the settings with which a clone asks it, then one line a request, until it is interrupted;
passwords are never printed.
"""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from guestseal.cli import write
from guestseal.errors import UsageError, printable
from guestseal.report import Report
from guestseal.simulate.instance import Instance, parse_instances
from guestseal.simulate.journal import Exchange
from guestseal.simulate.platforms import PLATFORMS, Listeners, Place
from guestseal.simulate.server import Simulator

POLL = 0.2


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of ``simulate``."""
    parser.add_argument(
        "--source", metavar="SOURCE", choices=sorted(PLATFORMS), default="ec2", help="whose platform to be (ec2)"
    )
    parser.add_argument("--listen", default="127.0.0.1", metavar="ADDRESS", help="address to answer on (127.0.0.1)")
    parser.add_argument("--port", type=int, default=0, metavar="PORT", help="port of the metadata (0: any free one)")
    parser.add_argument(
        "--password-port", type=int, default=0, metavar="PORT", help="port of the password server (0: any free one)"
    )
    parser.add_argument("--token", choices=("optional", "required", "absent"), default="optional", help="IMDSv2 tokens")
    parser.add_argument("instances", metavar="FILE", help="JSON: what each clone is told")


def run(options: argparse.Namespace) -> Report:
    """Serve until SIGINT or SIGTERM."""
    services = _services(options, _instances(options.instances))
    simulator = Simulator(services)
    end = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: end.set())
    told = 0
    try:
        with simulator:
            _introduce(options.source, [simulator.url_of(service) for _, service in services])
            while not end.wait(POLL):
                told = _tell(simulator, told)
    except OSError as error:
        raise UsageError(f"{options.listen}: not listened on: {error.strerror or error}") from error
    _tell(simulator, told)
    answered = len(simulator.journal)
    return Report("simulate", f"{answered} {'request' if answered == 1 else 'requests'} answered")


def _instances(path: str) -> dict[str, Instance]:
    try:
        return parse_instances(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"{path}: not read: {error.strerror}") from error
    except ValueError as error:
        raise UsageError(f"{path}: {error}") from error


def _services(options: argparse.Namespace, instances: dict[str, Instance]) -> Listeners:
    place = Place(options.listen, options.port, options.password_port, options.token)
    return PLATFORMS[options.source](instances, place)


def _introduce(source: str, urls: Sequence[str]) -> None:
    """Say where it listens, and with which settings it is asked. The first is the one with the metadata."""
    metadata, *passwords = urls
    lines = [f"listening on {metadata}", *(f"listening on {url}, for passwords" for url in passwords)]
    lines.append(f"settings: [firstboot] endpoints = {source}={metadata}")
    lines += [f"settings: [cloudstack] password-ports = {url.rpartition(':')[2]}" for url in passwords]
    write(sys.stdout, "\n".join((*lines, "")))


def _tell(simulator: Simulator, told: int) -> int:
    exchanges = simulator.journal.snapshot()
    for exchange in exchanges[told:]:
        write(sys.stdout, _line(exchange) + "\n")
    return len(exchanges)


def _line(exchange: Exchange) -> str:
    return f"{exchange.source} {exchange.method} {printable(exchange.target)} -> {exchange.status}"
