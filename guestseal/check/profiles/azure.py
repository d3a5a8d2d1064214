"""Microsoft Azure, images for its Marketplace

Machines are Hyper-V's, of the first generation (BIOS) and of the second (UEFI). The certification asks
for the Linux agent, 64 bits, kernel parameters, a ClientAliveInterval below the time after which
the load balancer drops an idle connection, and on the OS disk for no swap, a free first megabyte
and one root partition. Source: Microsoft, "Troubleshoot virtual machine certification", Linux test cases.
"""

from guestseal.check.profile import Profile, Severity

PROFILE = Profile(
    "azure",
    severities={"network": Severity.FAIL, "serial-console": Severity.FAIL},
    agents=("walinuxagent", "hyperv-daemons"),
    disks=("hv_storvsc",),
    network_cards=("hv_netvsc",),
    datasources=("Azure",),
    kernel_parameters=("earlyprintk=ttyS0", "rootdelay=300"),
    operations="public-image",
)
