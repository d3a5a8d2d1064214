"""Remove the registration with Red Hat Insights

insights-client makes a machine-id of its own, under which the host is known to Insights,
and marks that it is registered; clones would all report as one host. The names are those of
insights-core (insights/client/constants.py), with the directory of its predecessor
redhat-access-insights. A clone is registered with ``insights-client --register``.

Left on purpose: the configuration, and the client's own code (*.egg).
"""

from __future__ import annotations

from guestseal.seal.operation import Kind, Operation

OPERATION = Operation(
    kind=Kind.IDENTITY,
    remove=(
        *("/etc/insights-client/machine-id", "/etc/insights-client/.registered", "/etc/insights-client/.unregistered"),
        *("/etc/insights-client/.lastupload", "/etc/insights-client/.last-upload.results"),
        *("/etc/redhat-access-insights/machine-id", "/etc/redhat-access-insights/.*registered"),
        "/var/lib/insights/*.json",
    ),
)
