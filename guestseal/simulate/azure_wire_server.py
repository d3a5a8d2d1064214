"""The wire server of Azure: the goal state, and the report that a machine is ready.

Sources: "Creating generalized images without a provisioning agent" (Azure documentation), the goal state in the test
data of the Azure Linux Agent (wire/goal_state.xml), and the report of that agent with its answer as recorded on Azure.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from urllib.parse import parse_qs, urlsplit

from guestseal.simulate.clones import Clones
from guestseal.simulate.instance import Instance
from guestseal.simulate.service import Request, Response, http_date

VERSION = "2012-11-30"
INCARNATION = 1
_GOAL_STATE = """\
<?xml version="1.0" encoding="utf-8"?>
<GoalState xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="goalstate10.xsd">
  <Version>{version}</Version>
  <Incarnation>{incarnation}</Incarnation>
  <Machine>
    <ExpectedState>Started</ExpectedState>
    <StopRolesDeadlineHint>300000</StopRolesDeadlineHint>
    <LBProbePorts>
      <Port>16001</Port>
    </LBProbePorts>
    <ExpectHealthReport>FALSE</ExpectHealthReport>
  </Machine>
  <Container>
    <ContainerId>{container}</ContainerId>
    <RoleInstanceList>
      <RoleInstance>
        <InstanceId>{instance}</InstanceId>
        <State>Started</State>
        <Configuration>
          <ConfigName>{instance}.xml</ConfigName>
        </Configuration>
      </RoleInstance>
    </RoleInstanceList>
  </Container>
</GoalState>
"""


def is_for_wire_server(request: Request) -> bool:
    """Whether the wire server has such a path."""
    return request.path.rstrip("/") == "/machine"


class WireServer:
    """The wire server for the clone at the request's source address."""

    def __init__(self, instances: Mapping[str, Instance]) -> None:
        self.clones = Clones(instances)
        self.states: list[tuple[str, str]] = []
        """The reports that were taken: instance-id and state (`Ready`), in order."""

    def answer(self, request: Request) -> Response:
        """The answer to `request`."""
        instance = self.clones.find(request.source)
        component = parse_qs(urlsplit(request.target).query).get("comp", [""])[0]
        asked = (request.method, component)
        if instance is None or not is_for_wire_server(request) or component not in ("goalstate", "health"):
            return _said(404)
        if request.header("x-ms-version") != VERSION:
            return _said(400)
        if asked == ("GET", "goalstate"):
            values = {"version": VERSION, "incarnation": INCARNATION, **_names(instance)}
            return _said(200, _GOAL_STATE.format_map(values).encode())
        return self._report(instance, request) if asked == ("POST", "health") else _said(405)

    def _report(self, instance: Instance, request: Request) -> Response:
        """The report, which must be about the container and the instance of the goal state."""
        text = request.body.decode("utf-8", "replace")
        said = {name: _text(text, name) for name in ("GoalStateIncarnation", "ContainerId", "InstanceId", "State")}
        names = _names(instance)
        wanted = {"ContainerId": names["container"], "InstanceId": names["instance"]}
        kind = (request.header("Content-Type") or "").partition(";")[0]
        right = kind == "text/xml" and said["GoalStateIncarnation"] == str(INCARNATION)
        if not right or said["State"] not in ("Ready", "NotReady") or not wanted.items() <= said.items():
            return _said(400)
        self.states.append((instance.instance_id, said["State"]))
        return _said(200)


def _names(instance: Instance) -> dict[str, str]:
    """A container and a role instance of its own for each VM, always the same."""
    digest = hashlib.sha256(instance.instance_id.encode()).hexdigest()
    first, second = (
        "-".join((part[:8], part[8:12], part[12:16], part[16:20], part[20:])) for part in (digest[:32], digest[32:])
    )
    return {"container": first, "instance": f"{second}._{instance.hostname or 'vm'}"}


def _text(document: str, name: str) -> str:
    """The text of the element; the report's names stand for one element each."""
    found = re.search(rf"<{name}>([^<]*)</{name}>", document)
    return found[1] if found else ""


def _said(status: int, body: bytes = b"") -> Response:
    headers = (
        ("Content-Type", "text/xml; charset=utf-8"),
        ("Server", "Microsoft-IIS/10.0"),
        ("x-ms-latest-goal-state-incarnation-number", str(INCARNATION)),
        ("Date", http_date()),
    )
    return Response(status, body, headers=headers)
