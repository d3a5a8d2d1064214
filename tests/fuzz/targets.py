"""What is fuzzed: every parser of bytes that somebody else chose, and what must hold of what it makes of them.

A target takes bytes and either returns, having checked its result, or raises what its
parser documents. Anything else that it raises is a bug.
"""

from __future__ import annotations

import ipaddress
import re
import socket
import tempfile
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from support.machine import FakeNetwork, interface, machine, soon
from support.media import drives_of
from support.platforms import KEY, UUID

from guestseal.errors import SourceError
from guestseal.firstboot import leases, validation
from guestseal.firstboot.candidates import DEFAULTS, make
from guestseal.firstboot.cloud_config import cloud_config
from guestseal.firstboot.context_network import context_network
from guestseal.firstboot.metadata import Metadata, Secret
from guestseal.firstboot.network_documents import from_network_config, from_network_data
from guestseal.firstboot.public_keys import ssh_keys
from guestseal.firstboot.reading import Reading, json_object
from guestseal.firstboot.shell_variables import shell_variables
from guestseal.firstboot.wire_server import health_report
from guestseal.firstboot.xml_documents import xml_document
from guestseal.firstboot.yaml_documents import yaml_object
from guestseal.guest.accounts.shadow import entry, with_entry
from guestseal.guest.network.network_config import NetworkConfig
from guestseal.guest.ssh.authorized_keys import is_key, keys_of, with_block
from guestseal.guest.ssh.private_keys import public_half
from guestseal.machine.clock import Clock
from guestseal.machine.endpoint import Endpoint
from guestseal.machine.firmware import Firmware
from guestseal.machine.http import Http
from guestseal.settings import Settings

HERE = "here"
_HOSTNAME = re.compile(r"(?=.{1,64}\Z)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*")
_CONTROL = re.compile(rb"[\x00-\x1f\x7f]")


@dataclass(frozen=True)
class Target:
    """One parser with inputs to begin with."""

    run: Callable[[bytes], object]
    seeds: tuple[bytes, ...]


def _plain(texts: Iterable[str | None]) -> None:
    for text in texts:
        assert text is None or text.isprintable(), "a text that is more than one printable line"


def _is_name(name: str | None) -> None:
    assert name is None or _HOSTNAME.fullmatch(name), "no host name"


def _are_keys(keys: tuple[str, ...] | None) -> None:
    for key in keys or ():
        assert key.isprintable() and is_key(key), "no key on one line"
        assert len(keys_of(key.encode())) == 1, "not one key"


def _is_password(password: Secret | None) -> None:
    if password is not None:
        value = password.reveal()
        assert 0 < len(value) <= validation.PASSWORD_LIMIT
        assert not _CONTROL.search(value), "a password with control characters"


def _are_links(network: NetworkConfig | None) -> None:
    for link in network.links if network is not None else ():
        _plain((link.mac, link.name, *link.search))
        assert link.mac is None or re.fullmatch(r"[0-9a-f]{2}(:[0-9a-f]{2}){5}", link.mac)
        assert link.name is None or re.fullmatch(r"[A-Za-z0-9_.-]{1,15}", link.name)
        for address in (*link.addresses, *(route.to for route in link.routes), *(route.via for route in link.routes)):
            ipaddress.ip_interface(str(address))
        assert link.mtu is None or 0 < link.mtu < 1 << 32


def is_sound(metadata: Metadata) -> None:
    """Whether what a source believed may be written into a system's files."""
    assert metadata.instance_id is None or re.fullmatch(r"[A-Za-z0-9._:-]{1,128}", metadata.instance_id)
    _is_name(metadata.hostname)
    _is_name(metadata.fallback_hostname)
    _are_keys(metadata.ssh_keys)
    _is_password(metadata.password)
    _are_links(metadata.network)
    _plain((metadata.address, *metadata.remarks, *metadata.missing))


def _refusing(parse: Callable[[bytes], object], *errors: type[Exception]) -> Callable[[bytes], object]:
    """``parse``, which may refuse its input with SourceError, or with ``errors``."""

    def run(data: bytes) -> None:
        try:
            parse(data)
        except SourceError as error:
            assert str(error).isprintable() and len(str(error)) < 400, "an error that quotes what was received"
        except errors:
            pass

    return run


def _lease(parse: leases.Parser) -> Callable[[bytes], object]:
    def run(data: bytes) -> None:
        for lease in parse("/run/lease.eth0", data):
            _plain((lease.interface, lease.address, lease.server, lease.router, lease.hostname, lease.domain))
            for address in (lease.address, lease.server, lease.router):
                assert address is None or ipaddress.IPv4Address(address)

    return run


def _context(data: bytes) -> None:
    variables = shell_variables(HERE, data)
    assert all(re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name) for name in variables)
    _are_links(context_network(HERE, variables))


def _user_data(data: bytes) -> None:
    reading = Reading(HERE)
    said = cloud_config(reading, b"#cloud-config\n" + data, "root")
    _is_name(said.hostname)
    _is_password(said.password)
    _are_keys(reading.ssh_keys(list(said.keys)))
    _plain(reading.remarks)


def _shadow(data: bytes) -> None:
    found = entry(data, "root")
    if found is not None:
        assert entry(with_entry(data, found), "root") == found


def _authorized_keys(data: bytes) -> None:
    once = with_block(data, [KEY])
    assert with_block(once, [KEY]) == once, "not the same when done again"
    assert keys_of(once) >= keys_of(KEY.encode()), "the key is not in it"


class RawServer:
    """Answers every connection with the same bytes, whatever it is asked, and closes it."""

    def __init__(self) -> None:
        self.answer = b""
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            connection, _ = self._socket.accept()
            with connection:
                try:
                    connection.recv(65536)
                    connection.sendall(self.answer)
                    connection.shutdown(socket.SHUT_WR)
                    connection.recv(65536)
                except OSError:
                    continue


@cache
def _server() -> RawServer:
    return RawServer()


def _http(data: bytes) -> None:
    server = _server()
    server.answer = data
    with Http(machine().clock) as http:
        answer = http.ask(Endpoint("127.0.0.1", server.port), "GET /", deadline=soon(2), limit=4096)
    assert len(answer.body) <= 4096
    assert 100 <= answer.status <= 999


def _xml(data: bytes) -> None:
    for element in xml_document(HERE, data).iter():
        assert isinstance(element.tag, str) and not element.attrib, "a name or an attribute that was not left out"


def _health_report(data: bytes) -> None:
    report = health_report(HERE, data)
    named = re.findall(rb"<(GoalStateIncarnation|ContainerId|InstanceId|State)>([0-9A-Za-z._-]{1,128})</\1>", report)
    assert [name for name, _ in named] == [b"GoalStateIncarnation", b"ContainerId", b"InstanceId", b"State"]
    assert report.count(b"<") == 19, "a report with more in it than the values"
    assert named[-1][1] == b"Ready"


def _disc(data: bytes) -> None:
    with tempfile.TemporaryDirectory(prefix="guestseal-disc-") as top:
        asking = machine(firmware=Firmware(uuid=UUID))
        asking.media = drives_of("disc", Path(top), {"ovf-env.xml": data})  # type: ignore[assignment]
        (source,) = make(["azure-iso"], asking, Settings(user_data="keep"))
        is_sound(source.fetch(soon(2)))


class _Hurried(Clock):
    """Lets no pause go by between two looks at what does not change."""

    def pause(self, seconds: float) -> None:
        return


def _source(name: str) -> Callable[[bytes], object]:
    """The source, with the same answer to everything it asks."""

    def run(data: bytes) -> None:
        server = _server()
        head = "Content-Type: text/plain\r\nMetadata-Flavor: Google\r\nConnection: close"
        server.answer = f"HTTP/1.1 200 OK\r\n{head}\r\nContent-Length: {len(data)}\r\n\r\n".encode() + data
        settings = Settings(
            endpoints=((name, f"http://127.0.0.1:{server.port}"),),
            routers=("127.0.0.1",),
            metadata_ports=(server.port,),
            password_ports=(server.port,),
            user_data="keep",
            network="always",
        )
        asking = machine(network=FakeNetwork([interface("127.0.0.1")]), clock=_Hurried())
        (source,) = make([name], asking, settings)
        is_sound(source.fetch(soon(2)))
        _plain(attempt.answer for attempt in source.attempts)

    return _refusing(run)


_GOAL_STATE = (
    b"<GoalState><Incarnation>1</Incarnation><Container><ContainerId>7b324f53-983a</ContainerId><RoleInstanceList>"
    b"<RoleInstance><InstanceId>fbb84507._vm</InstanceId></RoleInstance></RoleInstanceList></Container></GoalState>"
)
_OVF_ENVIRONMENT = (
    b'<e:Environment xmlns:e="urn:e"><ProvisioningSection><LinuxProvisioningConfigurationSet><HostName>web</HostName>'
    b"<UserName>root</UserName><UserPassword>x y</UserPassword><SSH><PublicKeys><PublicKey><Value>"
    + KEY.encode()
    + b"</Value></PublicKey></PublicKeys></SSH><CustomData>aGk=</CustomData></LinuxProvisioningConfigurationSet>"
    b"</ProvisioningSection></e:Environment>"
)
_NETWORK_DATA = (
    b'{"links":[{"id":"a","type":"phy","ethernet_mac_address":"52:54:00:00:00:01","mtu":1500}],'
    b'"networks":[{"id":"n","type":"ipv4","link":"a","ip_address":"10.0.0.5","netmask":"255.255.255.0",'
    b'"routes":[{"network":"0.0.0.0","netmask":"0.0.0.0","gateway":"10.0.0.1"}]}],'
    b'"services":[{"type":"dns","address":"10.0.0.2"}]}'
)
_VERSION_1 = (
    b"version: 1\nconfig:\n- type: physical\n  name: eth0\n  mac_address: '52:54:00:00:00:01'\n  subnets:\n"
    b"  - {type: static, address: 10.0.0.5/24, gateway: 10.0.0.1}\n"
)
_VERSION_2 = (
    b"network:\n  version: 2\n  ethernets:\n    eth0:\n      match: {macaddress: '52:54:00:00:00:01'}\n"
    b"      addresses: [10.0.0.5/24]\n      routes: [{to: default, via: 10.0.0.1}]\n"
)
_DOCUMENT = (
    b'{"instance-id":"i-1","uuid":"i-1","id":"1","droplet_id":1,"instance_id":"i-1","instance-v2-id":"i-1",'
    b'"hostname":"web","label":"web","public_keys":["' + KEY.encode() + b'"],"public-keys":["' + KEY.encode() + b'"],'
    b'"compute":{"vmId":"i-1","name":"web"},"attributes":{"ssh-keys":"a:' + KEY.encode() + b'"},"users":{"root":[]}}'
)
_LEASES: dict[str, tuple[leases.Parser, bytes]] = {
    "variables": (leases._variables, b"ADDRESS=10.0.0.5\nSERVER_ADDRESS=10.0.0.1\nHOSTNAME=web\n"),
    "dhclient": (
        leases._dhclient,
        b'lease {\n  interface "eth0";\n  fixed-address 10.0.0.5;\n  option host-name "web";\n'
        b"  option dhcp-server-identifier 10.0.0.1;\n}\n",
    ),
    "wicked": (leases._wicked, b"<lease><address>10.0.0.5/24</address><server-id>10.0.0.1</server-id></lease>"),
    "dhcpcd": (leases._dhcpcd, bytes(236) + b"\x63\x82\x53\x63\x36\x04\x0a\x00\x00\x01\x0c\x03web\xff"),
    "udhcpc": (leases._udhcpc, b"10.0.0.1\n"),
}

TARGETS: dict[str, Target] = {
    **{f"lease {name}": Target(_lease(parse), (seed,)) for name, (parse, seed) in _LEASES.items()},
    "instance-id": Target(_refusing(lambda data: validation.instance_id(HERE, data)), (UUID.encode(),)),
    "host name": Target(
        _refusing(lambda data: _is_name(validation.hostname(HERE, data, from_ipv4=True).name)),
        (b"web.example.com\n", b"10.0.0.1", "bücher".encode()),
    ),
    "password": Target(_refusing(lambda data: _is_password(validation.password(HERE, data))), (b"x y\r\n", b"")),
    "password hash": Target(_refusing(lambda data: validation.password_hash(HERE, data)), (b"$6$s$" + b"a" * 86,)),
    "SSH keys": Target(
        _refusing(lambda data: _are_keys(ssh_keys(HERE, data).keys)),
        (f"{KEY} me\n".encode(), f'command="x",no-pty {KEY}\r\n'.encode(), f"{KEY[:40]}\r\n{KEY[40:]}".encode()),
    ),
    "private key": Target(public_half, (b"-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEA\n",)),
    "JSON": Target(_refusing(lambda data: json_object(HERE, data)), (_DOCUMENT,)),
    "YAML": Target(
        _refusing(lambda data: yaml_object(HERE, data)),
        (_VERSION_1, b"a: [1, {b: c}]\n", b"a: !!bool x\nb: !!int ''\nc: !!timestamp x\nd: ~\n"),
    ),
    "XML": Target(_refusing(_xml), (_GOAL_STATE, _OVF_ENVIRONMENT, b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>")),
    "goal state": Target(_refusing(_health_report), (_GOAL_STATE,)),
    "source azure-iso": Target(_refusing(_disc), (_OVF_ENVIRONMENT,)),
    "context.sh": Target(_refusing(_context), (b"A='x'\nETH0_IP='10.0.0.5'\nETH0_MAC='02:00:00:00:00:01'\n",)),
    "cloud-config": Target(
        _refusing(_user_data), (f"hostname: web\nuser: root\nssh_authorized_keys: ['{KEY}']\n".encode(),)
    ),
    "network_data.json": Target(
        _refusing(lambda data: _are_links(from_network_data(HERE, json_object(HERE, data)))), (_NETWORK_DATA,)
    ),
    "network-config": Target(
        _refusing(lambda data: _are_links(from_network_config(HERE, yaml_object(HERE, data)))),
        (_VERSION_1, _VERSION_2, b"version: 2\nethernets: {a: {dhcp4: !!bool x, mtu: !!int ''}}\n"),
    ),
    "authorized_keys": Target(_authorized_keys, (f"# mine\n{KEY} me\n".encode(), with_block(b"", [KEY]))),
    "shadow": Target(_shadow, (b"root:*:19000:0:99999:7:::\n", b"root:x")),
    "HTTP": Target(
        _refusing(_http),
        (
            b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc",
            b"HTTP/1.0 200 OK\r\nServer: a\r\nServer: b\r\n\r\nabc",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
        ),
    ),
    **{
        f"source {name}": Target(_source(name), (_DOCUMENT, b"i-1", f"0=key\n{KEY}".encode()))
        for name in DEFAULTS
        if name != "dhcp"
    },
}
