"""Be a platform: the EC2 metadata service, or a CloudStack virtual router, on addresses of this machine.

FILE says what each clone is told, by the address it asks from ("*" for everybody):

    {"*": {"instance_id": "i-1", "hostname": "vm1", "ssh_keys": ["ssh-ed25519 ..."], "password": "..."}}

Runs until it is interrupted, and prints one line a request; passwords are never printed.
"""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from pathlib import Path

from guestseal.errors import UsageError, printable
from guestseal.report import Report
from guestseal.simulate.ec2 import MetadataService
from guestseal.simulate.instance import Instance, parse_instances
from guestseal.simulate.journal import Exchange
from guestseal.simulate.router import VirtualRouter
from guestseal.simulate.server import Simulator
from guestseal.simulate.service import Address, Service

POLL = 0.2


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of ``simulate``."""
    parser.add_argument("--source", choices=("ec2", "cloudstack"), default="ec2", help="the platform to be")
    parser.add_argument("--listen", default="127.0.0.1", metavar="ADDRESS", help="address to answer on (127.0.0.1)")
    parser.add_argument("--port", type=int, default=0, help="port of the metadata (0: any free one)")
    parser.add_argument("--password-port", type=int, default=0, help="port of the password server (0: any)")
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
            for _, service in services:
                sys.stdout.write(f"listening on {simulator.url_of(service)}\n")
            sys.stdout.flush()
            while not end.wait(POLL):
                told = _tell(simulator, told)
    except OSError as error:
        raise UsageError(f"{options.listen}: not listened on: {error.strerror or error}") from error
    _tell(simulator, told)
    return Report("simulate", f"{len(simulator.journal)} requests answered")


def _instances(path: str) -> dict[str, Instance]:
    try:
        return parse_instances(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UsageError(f"{path}: {error}") from error


def _services(options: argparse.Namespace, instances: dict[str, Instance]) -> list[tuple[Address, Service]]:
    if options.source == "ec2":
        return [((options.listen, options.port), MetadataService(instances, token=options.token))]
    router = VirtualRouter(instances)
    return list(router.listeners(options.listen, http_port=options.port, password_port=options.password_port))


def _tell(simulator: Simulator, told: int) -> int:
    exchanges = simulator.journal.snapshot()
    for exchange in exchanges[told:]:
        sys.stdout.write(_line(exchange) + "\n")
    sys.stdout.flush()
    return len(exchanges)


def _line(exchange: Exchange) -> str:
    return f"{exchange.source} {exchange.method} {printable(exchange.target)} -> {exchange.status}"
