"""The Instance Metadata Service (IMDS) of Microsoft Azure.

It has the VM's id, its name and its SSH keys. Azure means the keys for the administrator
that was named at creation, who must not be root; here the `account` gets them.

A VM that is created from a generalized image must tell the wire server (168.63.129.16) that
it is ready; one that does not is rebooted, and its creation ends with
OSProvisioningTimedOut. That report is made once, when the first boot is complete, as in
"Creating generalized images without a provisioning agent" (Azure documentation); where it
fails, the boot is degraded and it is made again later. There are no extensions: create the
VM with `az vm create --enable-agent false`. A failure is never reported. IMDS has neither
the administrator's password nor custom data: for those there is the source `azure-iso`.

VMs from a specialized image of an Azure Compute Gallery have neither SSH keys nor an
administrator, so that only the VM's name and user data come; they report as well, and nobody
waits for it. All of this has been tried with recorded answers and a simulator, and not on
Azure.
"""

from __future__ import annotations

from guestseal.errors import Unreachable
from guestseal.firstboot.metadata import Endpoint, Metadata
from guestseal.firstboot.platforms import Likelihood
from guestseal.firstboot.reading import DOCUMENT_LIMIT, Reading, at, json_object
from guestseal.firstboot.service import ServiceSource
from guestseal.firstboot.wire_server import WireServer
from guestseal.machine.clock import Deadline
from guestseal.machine.host import Machine
from guestseal.machine.http import Answer, Http
from guestseal.settings import Settings

PATH = "/metadata/instance?api-version="
VERSIONS = ("2021-02-01", "2019-06-01")
"""The first has user data and the name of the guest; the second is for regions and stacks that are behind."""
HEADERS = {"Metadata": "true"}


class Azure(ServiceSource):
    """The link-local metadata service, as one document."""

    name = "azure"
    urls = ("http://169.254.169.254",)
    awaits_report = True

    def __init__(self, machine: Machine, settings: Settings) -> None:
        super().__init__(machine, settings)
        self._wire_server = WireServer(machine, settings)

    def report_ready(self, deadline: Deadline) -> None:
        """See Source.report_ready."""
        self._wire_server.report_ready(deadline)

    def read(self, http: Http, endpoint: Endpoint, deadline: Deadline) -> Metadata:
        """See ServiceSource.read."""
        reading = Reading(str(endpoint))
        compute = json_object(reading.address, self._answer(http, endpoint, deadline).body).get("compute")
        keys = at(compute, "publicKeys")
        wanted = self.settings.wants_user_data
        return Metadata(
            self.name,
            reading.address,
            instance_id=reading.instance_id(at(compute, "vmId")),
            hostname=reading.hostname(at(compute, "osProfile", "computerName") or at(compute, "name")),
            # The portal and az may leave a key as it was wrapped, with CRLF in its base64.
            ssh_keys=reading.ssh_keys([at(key, "keyData") for key in keys] if isinstance(keys, list) else keys),
            user_data=reading.user_data(at(compute, "userData"), encoded=True) if wanted else None,
            remarks=tuple(reading.remarks),
        )

    def _answer(self, http: Http, endpoint: Endpoint, until: Deadline) -> Answer:
        for version in VERSIONS:
            ask = f"GET {PATH}{version}"
            answer = http.ask(endpoint, ask, deadline=until, limit=DOCUMENT_LIMIT, headers=HEADERS)
            if answer.status != 400:  # a version that the service does not know
                break
        if answer.status in (404, 410) and self.detect() is Likelihood.LIKELY:
            # "Retry after some time for a max of 70 seconds" (IMDS documentation); cloud-init has seen 404 as well.
            raise Unreachable(answer.address, f"status {answer.status}: not there yet")
        return answer.accepted()


SOURCE = Azure
