"""Records of targets."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File

CHAP = File("node.session.auth.password = hunter22\n", 0o600)
NODE = "iqn.2020-01.example:disk/192.0.2.1,3260,1/default"
ROOT = {"/etc/kernel/cmdline": File("root=UUID=x rd.iscsi.initiator=iqn.x\n")}


def records(place: str) -> dict[str, File]:
    return {
        f"{place}/nodes/{NODE}": CHAP,
        f"{place}/send_targets/192.0.2.1,3260/st_config": CHAP,
        f"{place}/static/{NODE}": CHAP,
        f"{place}/isns/x": CHAP,
        f"{place}/ifaces/bnx2i.52:54:00:12:34:56": File("iface.hwaddress = 52:54:00:12:34:56\n", 0o600),
    }


def emptied(place: str) -> dict[str, Dir]:
    return {f"{place}/{kind}": Dir() for kind in ("nodes", "send_targets", "static", "isns", "ifaces")}


EXAMPLE = {"/var/lib/iscsi/ifaces/iface.example": File("# an example\n")}
CONF = "/etc/iscsi/iscsid.conf"

CASES = (
    Case("RHEL", REDHAT, {**records("/var/lib/iscsi"), **EXAMPLE}, {**emptied("/var/lib/iscsi"), **EXAMPLE}),
    Case("SUSE", SUSE, records("/etc/iscsi"), emptied("/etc/iscsi")),
    Case(
        "a password for all targets",
        DEBIAN,
        {CONF: File("#node.session.auth.password = x\n" + "discovery.sendtargets.auth.password_in = hunter22\n")},
        found=(CONF,),
        alone=True,
    ),
    Case("as it is shipped", DEBIAN, {CONF: File("#node.session.auth.password = password\n")}, alone=True),
    Case("no targets", ALPINE, {"/var/lib/iscsi/nodes": Dir(0o700)}),
    Case("the root is among them", REDHAT, {**records("/var/lib/iscsi"), **ROOT}, kept="own disks"),
)
