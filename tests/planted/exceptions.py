"""Where the tool decides otherwise than the catalogue says, and why. Nothing else may be missed."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase

from planted.seed import ALL


@dataclass(frozen=True)
class Instead:
    """What becomes of the markers of a row at paths that fit a pattern (as it is sown), where that is not its fate."""

    row: str
    pattern: str
    outcome: str
    """How the outcome begins."""
    because: str
    on: str = ALL

    def covers(self, row: str, path: str, letter: str) -> bool:
        """Whether it speaks of this place in the tree of that letter."""
        return self.row == row and letter in self.on and fnmatchcase(path, self.pattern)


REPORTED = (
    Instead("st.swap", "/swap.img", "reported", "swap is wiped where the guest runs: with --root nothing is scrubbed"),
    Instead(
        "id.tpm", "*/pcrlock.json", "reported", "the policy also lies in the TPM: systemd-pcrlock has to remove it"
    ),
    Instead("us.cloudcreds", "*/rclone.conf", "reported", "it holds settings as well; removed from a public image"),
    Instead(
        "us.cloudcreds",
        "*/age/keys.txt",
        "reported",
        "what was encrypted for it would be lost; removed from a public image",
    ),
    Instead("us.cloudcreds", "*openrc*", "reported", "it holds settings as well; removed from a public image"),
    Instead("us.cloudcreds", "*/clouds.yaml", "reported", "it holds settings as well; removed from a public image"),
    Instead("us.cloudcreds", "*/.terraformrc", "reported", "it holds settings as well; removed from a public image"),
    Instead(
        "rg.ansible-pull/cfengine", "*/localhost.priv", "reported", "only the package makes one, when it is installed"
    ),
    Instead("rg.edr.falcon", "*/falconstore", "reported", "only falconctl may: the sensor protects the file"),
    Instead("rg.mon", "*/Agent/fleet.enc", "reported", "the agent does not run without its enrolment"),
    Instead("rg.mon", "*/instance.cfg", "reported", "Splunk's own command clears it, with server.conf"),
    Instead("rg.mon", "*/registered_connections.json", "reported", "the agent does not run without its registration"),
    Instead("rg.scan", "/etc/tenable_tag", "reported", "only nessuscli makes another one"),
    Instead("rg.scan", "/etc/qualys/hostid", "reported", "the vendor's way for images has to be taken"),
    Instead("rg.scan", "*/nessus/uuid", "reported", "only nessuscli makes another one"),
    Instead("rg.scan", "*/bootstrap.cfg", "reported", "the agent has to be installed again"),
)
"""Reported, though the catalogue would remove it."""

KEPT_BEHIND_A_GUARD = (
    Instead(
        "id.credential", "*/credential.secret", "kept, because", "credentials beside it are encrypted with it", "D"
    ),
    Instead("rg.container", "/etc/docker/key.json", "kept, because", "the same tree is a node of a swarm", "R"),
    Instead("rg.container", "*/docker/engine-id", "kept, because", "the same tree is a node of a swarm", "R"),
    Instead("rg.k8s", "/var/lib/kubelet/pki/*", "kept, because", "the same tree has joined a cluster", "RS"),
)
"""Kept for a reason that the report gives."""

MISSED = (
    Instead("pm.apk", "/srv/apk-cache/*", "MISSED", "a diskless Alpine installs its packages from it at every boot"),
    Instead("id.hostname", "/etc/nodename", "MISSED", "no Linux reads it: it is Solaris's"),
    Instead("us.sudo-as-admin", "*/.cloud-warnings.skip", "MISSED", "somebody switched the warnings off with it"),
    Instead(
        "tls.dovecot",
        "/var/lib/dovecot/*",
        "MISSED",
        "instances is written at each start; ssl-parameters.dat holds no secret",
    ),
    Instead("pm.src", "/usr/src/app-*", "MISSED", "what packages put there cannot be told from it"),
    Instead("cl.cloudinit.installer", "*/clean.d/99-installer", "MISSED", "it names files and holds nothing of them"),
    Instead(
        "cl.cloudinit.installer",
        "*/curtin-preserve-sources.cfg",
        "MISSED",
        "cloud-init would replace the package sources",
    ),
    Instead("cl.gce", "/var/lib/google/google_users", "MISSED", "the agent takes the users back by it"),
    Instead("rg.ansible-pull/cfengine", "*/localhost.pub", "MISSED", "the finding of localhost.priv names it"),
    Instead("rg.edr.falcon", "*/falconstore.bak", "MISSED", "the finding of falconstore says what clears both"),
    Instead("rg.mon", "*/Agent/state.enc", "MISSED", "the finding of fleet.enc says what clears both"),
    Instead("rg.mon", "*/system/local/server.conf", "MISSED", "the finding of instance.cfg says what clears both"),
    Instead("rg.mon", "*/zabbix_agentd.psk", "MISSED", "the configuration that names it is reported"),
    Instead("lg.bootstrap", "/opt/TOE/*", "MISSED", "Image Builder documents no such place and clears its own"),
    Instead("rg.scan", "*/agent.uuid", "MISSED", "the finding of uuid says what clears both"),
)
"""Left without a word."""

EVERY = (*REPORTED, *KEPT_BEHIND_A_GUARD, *MISSED)
