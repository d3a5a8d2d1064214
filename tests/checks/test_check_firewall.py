"""Does the guest's own firewall keep SSH out, or the metadata service away?"""

from __future__ import annotations

from support.check_cases import CheckCase
from support.operation_cases import ALPINE, ARCH, DEBIAN, REDHAT, SUSE, UBUNTU
from support.trees import File, Link, Tree

UNITS = "/usr/lib/systemd/system"
NO_SSH, NO_METADATA = ("lets no SSH connection in",), ("lets nothing out to the metadata service",)


def unit(name: str) -> Tree:
    path = f"{UNITS}/{name}"
    return {path: File("[Service]\n"), f"/etc/systemd/system/multi-user.target.wants/{name}": Link(path)}


SSHD: Tree = {**unit("ssh.service"), "/usr/sbin/sshd": File(mode=0o755)}
RULES, CONFIG, ZONE = "/etc/sysconfig/iptables", "/etc/nftables.conf", "/etc/firewalld/zones/public.xml"
USER = "/etc/ufw/user.rules"


def iptables(*rules: str, policy: str = "ACCEPT", out: str = "ACCEPT") -> str:
    chains = f"*filter\n:INPUT {policy} [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT {out} [0:0]\n:SSH - [0:0]\n"
    return chains + "".join(f"-A {rule}\n" for rule in rules) + "COMMIT\n"


def redhat(text: str) -> Tree:
    return {**SSHD, **unit("iptables.service"), RULES: File(text)}


ESTABLISHED = "INPUT -m state --state RELATED,ESTABLISHED -j ACCEPT"
REJECT = "INPUT -j REJECT --reject-with icmp-host-prohibited"
SYSTEM_CONFIG = iptables(  # iptables-services of RHEL
    ESTABLISHED,
    "INPUT -p icmp -j ACCEPT",
    "INPUT -i lo -j ACCEPT",
    "INPUT -p tcp -m state --state NEW -m tcp --dport 22 -j ACCEPT",
    REJECT,
)
ONLY_PING = iptables(ESTABLISHED, "INPUT -p icmp -j ACCEPT", "INPUT -i lo -j ACCEPT", REJECT)


def nftables(rules: str, out: str = "") -> Tree:
    text = (
        "#!/usr/sbin/nft -f\n\nflush ruleset\n\ntable inet filter {\n\tchain input {\n"
        f"\t\ttype filter hook input priority filter; policy drop;\n{rules}\n\t}}\n"
        f"\tchain output {{\n\t\ttype filter hook output priority filter;\n{out}\n\t}}\n}}\n"
    )
    return {**SSHD, **unit("nftables.service"), CONFIG: File(text)}


BASE = '\t\tct state { established, related } counter accept\n\t\tiif "lo" accept # local\n'


def ufw(rules: str, *, incoming: str = "DROP", outgoing: str = "ACCEPT", enabled: str = "yes") -> Tree:
    before = (
        "*filter\n:ufw-before-input - [0:0]\n:ufw-not-local - [0:0]\n"
        "-A ufw-before-input -i lo -j ACCEPT\n"
        "-A ufw-before-input -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n"
        "-A ufw-before-input -m conntrack --ctstate INVALID -j ufw-logging-deny\n"
        "-A ufw-before-input -p udp --sport 67 --dport 68 -j ACCEPT\n"
        "-A ufw-before-input -j ufw-not-local\n"
        "-A ufw-not-local -m addrtype --dst-type LOCAL -j RETURN\n"
        "-A ufw-not-local -m addrtype --dst-type MULTICAST -j RETURN\n"
        "-A ufw-not-local -j DROP\n"
        "-A ufw-before-input -p udp -d 224.0.0.251 --dport 5353 -j ACCEPT\nCOMMIT\n"
    )
    return {
        **SSHD,
        **unit("ufw.service"),
        "/etc/ufw/ufw.conf": File(f"ENABLED={enabled}\nLOGLEVEL=low\n"),
        "/etc/default/ufw": File(f'DEFAULT_INPUT_POLICY="{incoming}"\nDEFAULT_OUTPUT_POLICY="{outgoing}"\n'),
        "/etc/ufw/before.rules": File(before, 0o640),
        USER: File(user(rules), 0o640),
    }


def user(rules: str) -> str:
    return f"*filter\n:ufw-user-input - [0:0]\n:ufw-user-limit - [0:0]\n### RULES ###\n{rules}COMMIT\n"


ALLOW = "-A ufw-user-input -p tcp --dport 22 -j ACCEPT\n"
LIMIT = (
    "-A ufw-user-input -p tcp --dport 22 -m conntrack --ctstate NEW -m recent --set\n"
    "-A ufw-user-input -p tcp --dport 22 -m conntrack --ctstate NEW -m recent --update -j ufw-user-limit\n"
    "-A ufw-user-limit -j REJECT\n"
    "-A ufw-user-input -p tcp --dport 22 -j ACCEPT\n"
)


def firewalld(zone: str, path: str = ZONE) -> Tree:
    return {**SSHD, **unit("firewalld.service"), path: File(f'<?xml version="1.0"?>\n<zone>\n{zone}</zone>\n')}


SSH_SERVICE = '  <service name="ssh"/>\n  <service name="dhcpv6-client"/>\n'
VENDOR = "/usr/lib/firewalld/zones/public.xml"

CASES = (
    CheckCase("none", DEBIAN, SSHD),
    CheckCase("rules that nothing loads", DEBIAN, {**SSHD, "/etc/iptables/rules.v4": File(ONLY_PING)}),
    CheckCase("RHEL's own rules", REDHAT, redhat(SYSTEM_CONFIG)),
    CheckCase("from some addresses", REDHAT, redhat(iptables("INPUT -s 10.0.0.0/8 -j ACCEPT", policy="DROP"))),
    CheckCase(
        "in a chain of its own",
        ARCH,
        {
            **SSHD,
            **unit("iptables.service"),
            "/etc/iptables/iptables.rules": File(
                iptables("INPUT -p tcp -j SSH", "SSH -p tcp --dport 20:25 -j ACCEPT", policy="DROP")
            ),
        },
    ),
    CheckCase("a queue decides", REDHAT, redhat(iptables("INPUT -j NFQUEUE --queue-num 0", policy="DROP"))),
    CheckCase(
        "only sometimes refused", REDHAT, redhat(iptables("INPUT -p tcp --dport 22 -m limit --limit 1/s -j DROP"))
    ),
    CheckCase("no sshd to reach", REDHAT, {**unit("iptables.service"), RULES: File(ONLY_PING)}),
    CheckCase(
        "another port",
        REDHAT,
        {
            **redhat(iptables("INPUT -p tcp --dport 2222 -j ACCEPT", policy="DROP")),
            "/etc/ssh/sshd_config": File("Port 2222\nPort 22\n"),
        },
    ),
    CheckCase("nftables with SSH", DEBIAN, nftables(f"{BASE}\t\ttcp dport {{ 80, ssh }} accept")),
    CheckCase("nftables with a set", DEBIAN, nftables(f"{BASE}\t\ttcp dport @open accept")),
    CheckCase("nftables with a map", DEBIAN, nftables(f"{BASE}\t\ttcp dport vmap {{ 22 : accept }}")),
    CheckCase(
        "nftables of elsewhere",
        REDHAT,
        {
            **SSHD,
            **unit("nftables.service"),
            "/etc/sysconfig/nftables.conf": File('include "/etc/nftables/main.nft"\n'),
        },
    ),
    CheckCase(
        "nftables and a file with more",
        DEBIAN,
        {
            **SSHD,
            **unit("nftables.service"),
            CONFIG: File(
                "table inet filter {\n chain input {\n  type filter hook input priority 0; policy drop;\n }\n}\n"
                'include "/etc/nftables.d/*.nft"\n'
            ),
        },
    ),
    CheckCase(
        "nftables for IPv6",
        DEBIAN,
        {
            **SSHD,
            **unit("nftables.service"),
            CONFIG: File("table ip6 filter { chain input { type filter hook input priority 0; policy drop; } }\n"),
        },
    ),
    CheckCase("ufw with SSH", UBUNTU, ufw(ALLOW)),
    CheckCase("ufw with a limit", UBUNTU, ufw(LIMIT)),
    CheckCase("ufw switched off", UBUNTU, ufw("", enabled="no")),
    CheckCase("firewalld as installed", REDHAT, firewalld(SSH_SERVICE, VENDOR)),
    CheckCase("firewalld with a port", SUSE, firewalld('  <port port="20-22" protocol="tcp"/>\n')),
    CheckCase("firewalld with rich rules", REDHAT, firewalld('  <rule family="ipv4"><accept/></rule>\n')),
    CheckCase(
        "firewalld and a card in another zone",
        REDHAT,
        {**firewalld(""), "/etc/sysconfig/network-scripts/ifcfg-eth0": File("DEVICE=eth0\nZONE=trusted\n")},
    ),
    CheckCase("iptables and only ping", REDHAT, redhat(ONLY_PING), NO_SSH, mended={RULES: File(SYSTEM_CONFIG)}),
    CheckCase(
        "a policy and no rule",
        DEBIAN,
        {
            **SSHD,
            **unit("netfilter-persistent.service"),
            "/etc/iptables/rules.v4": File(iptables(ESTABLISHED, policy="DROP")),
        },
        NO_SSH,
        mended={"/etc/iptables/rules.v4": None},
    ),
    CheckCase(
        "refused before it is accepted",
        REDHAT,
        redhat(iptables("INPUT -p tcp -m multiport --dports 21,22 -j DROP", "INPUT -p tcp --dport 22 -j ACCEPT")),
        NO_SSH,
        mended={RULES: None},
    ),
    CheckCase(
        "a comment with a chain in it",
        ALPINE,
        {
            "/usr/sbin/sshd": File(),
            "/etc/runlevels/default/sshd": File(),
            "/etc/runlevels/default/iptables": File(),
            "/etc/iptables/rules-save": File(iptables('INPUT -j DROP -m comment --comment "or -j ACCEPT"')),
        },
        NO_SSH,
        mended={"/etc/iptables/rules-save": None},
    ),
    CheckCase(
        "a chain that comes back",
        REDHAT,
        redhat(iptables("INPUT -p tcp -j SSH", "SSH -p tcp -j RETURN", "SSH -j ACCEPT", policy="DROP")),
        NO_SSH,
        mended={RULES: None},
    ),
    CheckCase(
        "the metadata service",
        REDHAT,
        redhat(iptables("OUTPUT -d 169.254.0.0/16 -j REJECT")),
        NO_METADATA,
        mended={RULES: None},
    ),
    CheckCase(
        "nothing out",
        REDHAT,
        redhat(iptables("OUTPUT -o lo -j ACCEPT", "OUTPUT -d 10.0.0.0/8 -j ACCEPT", out="DROP")),
        NO_METADATA,
        mended={RULES: File(iptables("OUTPUT -p tcp --dport 80 -j ACCEPT", out="DROP"))},
    ),
    CheckCase(
        "nftables without SSH",
        DEBIAN,
        nftables(f"{BASE}\t\ttcp dport {{ 80, 443 }} accept\n\t\ticmp type echo-request accept"),
        NO_SSH,
        mended=nftables(f"{BASE}\t\ttcp dport 20-25 accept"),
    ),
    CheckCase(
        "nftables and the metadata service",
        DEBIAN,
        nftables("\t\taccept", "\t\tip daddr 169.254.169.254 counter packets 0 bytes 0 drop"),
        NO_METADATA,
        mended=nftables("\t\taccept"),
    ),
    CheckCase(
        "ufw without SSH",
        UBUNTU,
        ufw("-A ufw-user-input -p tcp --dport 443 -j ACCEPT\n"),
        NO_SSH,
        mended={USER: File(user(ALLOW), 0o640)},
    ),
    CheckCase(
        "ufw and nothing out",
        UBUNTU,
        ufw(ALLOW, outgoing="REJECT"),
        NO_METADATA,
        mended={"/etc/default/ufw": File("DEFAULT_INPUT_POLICY=DROP\n")},
    ),
    CheckCase(
        "firewalld without SSH",
        REDHAT,
        firewalld('  <!-- <service name="ssh"/> -->\n  <service name="cockpit"/>\n'),
        NO_SSH,
        mended={ZONE: File(f"<zone>{SSH_SERVICE}</zone>")},
    ),
    CheckCase(
        "firewalld drops",
        SUSE,
        {
            **firewalld("", "/usr/lib/firewalld/zones/drop.xml"),
            "/etc/firewalld/firewalld.conf": File("DefaultZone=drop\n"),
        },
        NO_SSH,
        mended={"/etc/firewalld/firewalld.conf": None, **firewalld(SSH_SERVICE, VENDOR)},
    ),
)
