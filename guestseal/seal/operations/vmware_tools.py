"""Remove the keys and customization scripts of VMware Tools

The guest proxy's key is made for one guest. A guest customization that has not come to its
end leaves its script, with passwords in it, in /root/.customization and a mark that makes
the next boot wait for it (open-vm-tools, libDeployPkg/Customization scripts).

Left on purpose, and reported: the alias store, which says whose single sign-on tokens act as
which account in the guest, and the proxy's trusted certificates. Clones trust them, too;
somebody may want just that.
"""

from __future__ import annotations

from guestseal.guest.signs import Sign, signs
from guestseal.seal.operation import Kind, Operation

_PROXY = "/etc/vmware-tools/GuestProxyData"

OPERATION = Operation(
    kind=Kind.SECRET,
    remove=(
        *(f"{_PROXY}/server/key.pem", f"{_PROXY}/server/cert.pem"),
        *("/root/.customization", "/.guest-customization-post-reboot-pending"),
    ),
    findings=signs(
        Sign(
            ("/var/lib/vmware/VGAuth/aliasStore/*.xml", f"{_PROXY}/trusted/*"),
            "says whose tokens or certificates act as an account of every clone",
            "remove it unless all clones are to trust them",
        ),
    ),
)
