"""Remove the state of the Azure Linux agent

/var/lib/waagent holds the instance's certificates with their keys (*.prv), ovf-env.xml with
the password that was set, the settings of extensions, and the mark that the machine is
provisioned: with it a clone is not. It is overwritten and removed with the logs of the agent
and its extensions, as `waagent -deprovision` does (azurelinuxagent/pa/deprovision/default.py:
del_dirs, del_files). The agent downloads and writes all of it anew.

Left on purpose: the directories, /etc/waagent.conf, the units and slices the agent wrote for
itself, which say nothing of the machine, and Azure's udev rules. Accounts, host keys and
leases, which deprovisioning removes as well, are operations of their own.
"""

from __future__ import annotations

from guestseal.seal.operation import Kind, Operation

OPERATION = Operation(
    kind=Kind.SECRET,
    remove=("/var/lib/waagent/*", "/var/log/waagent.log*", "/var/log/azure/*"),
    stop=("walinuxagent.service", "waagent.service"),
)
