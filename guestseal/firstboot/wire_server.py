"""Azure's wire server: the host agent that waits to hear from every VM of a generalized image.

"Creating generalized images without a provisioning agent" (Azure documentation) has the two
requests and the report, which are also those of the Azure Linux Agent, of cloud-init
(sources/helpers/azure.py), of afterburn and of azure-init. What is asked for, the goal
state, names the container and the role instance that the report is about.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from guestseal.errors import Malformed, SourceError, Unreachable
from guestseal.firstboot.reading import DOCUMENT_LIMIT
from guestseal.firstboot.source import endpoints_of
from guestseal.machine.clock import Deadline
from guestseal.machine.endpoint import Endpoint
from guestseal.machine.host import Machine
from guestseal.machine.http import Http, Request
from guestseal.settings import Settings

# Every machine that may be on Azure makes a WireServer, and only those that are there read and write XML.
if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

SERVICE = "azure-wireserver"
"""What the setting ``endpoints`` calls it."""
URL = "http://168.63.129.16"
"""The same in every region ("What is IP address 168.63.129.16?", Azure documentation); DHCP's option 245 says it."""
GOAL_STATE = "/machine/?comp=goalstate"
HEALTH = "/machine?comp=health"
HEADERS = {"x-ms-version": "2012-11-30", "x-ms-agent-name": "guestseal"}
ANSWER_LIMIT = 64 << 10
"""Bytes of the answer to a report: it has none, but for the reason of a refusal."""

_IDENTIFIER = re.compile(r"[0-9A-Za-z._-]{1,128}")
_INCARNATION = re.compile(r"[0-9]{1,20}")
_REPORT = """\
<?xml version="1.0" encoding="utf-8"?>
<Health xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">
  <GoalStateIncarnation>{incarnation}</GoalStateIncarnation>
  <Container>
    <ContainerId>{container}</ContainerId>
    <RoleInstanceList>
      <Role>
        <InstanceId>{instance}</InstanceId>
        <Health>
          <State>Ready</State>
        </Health>
      </Role>
    </RoleInstanceList>
  </Container>
</Health>
"""


class WireServer:
    """The wire server of this machine. Raises UsageError for an endpoint that is no URL."""

    def __init__(self, machine: Machine, settings: Settings) -> None:
        self._machine = machine
        self._endpoints = endpoints_of(SERVICE, settings, (URL,))

    def report_ready(self, deadline: Deadline) -> None:
        """Report to the first of its addresses that takes it. Raises the last one's SourceError."""
        failure: SourceError = Unreachable(SERVICE, "no address is known")
        with Http(self._machine.clock, self._machine.network.resolver) as http:
            for endpoint in self._endpoints:
                try:
                    return _report(http, endpoint, deadline)
                except SourceError as error:
                    failure = error
        raise failure


def health_report(address: str, goal_state: bytes) -> bytes:
    """The report that the machine of this goal state is ready. Raises Malformed."""
    from xml.sax.saxutils import escape

    from guestseal.firstboot.xml_documents import xml_document

    document = xml_document(address, goal_state)
    values = {
        "incarnation": _value(address, document, "Incarnation", _INCARNATION),
        "container": _value(address, document, "Container/ContainerId", _IDENTIFIER),
        "instance": _value(address, document, "Container/RoleInstanceList/RoleInstance/InstanceId", _IDENTIFIER),
    }
    return _REPORT.format_map({name: escape(value) for name, value in values.items()}).encode()


def _report(http: Http, endpoint: Endpoint, deadline: Deadline) -> None:
    told = http.get(endpoint, GOAL_STATE, deadline=deadline, limit=DOCUMENT_LIMIT, headers=HEADERS)
    headers = {**HEADERS, "Content-Type": "text/xml; charset=utf-8"}
    report = Request("POST", HEALTH, headers, health_report(told.address, told.body))
    http.send(endpoint, report, deadline=deadline, limit=ANSWER_LIMIT).accepted()


def _value(address: str, document: Element, path: str, form: re.Pattern[str]) -> str:
    text = (document.findtext(path) or "").strip()
    if document.tag != "GoalState" or form.fullmatch(text) is None:
        raise Malformed(address, f"not a goal state: no {path.rpartition('/')[2]}, or one that is none")
    return text
