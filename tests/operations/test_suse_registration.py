"""Systems that SUSE knows, with a client that can register clones and without."""

from __future__ import annotations

from support.operation_cases import SUSE, Case
from support.trees import Dir, File

ONLY = (SUSE,)  # SUSEConnect

ZYPP = "/etc/zypp"
CLIENT = {"/usr/bin/SUSEConnect": File("ELF", 0o755), "/etc/regionserverclnt.cfg": File("[server]\n")}
OSS = {f"{ZYPP}/repos.d/oss.repo": File("[oss]\nbaseurl=http://download.opensuse.org/\n")}
SCC = File("username=SCC_0123\npassword=hunter2\n", 0o600)
SITE = File("username=build\npassword=hunter2\n", 0o600)
REGISTERED = {
    f"{ZYPP}/credentials.d/SCCcredentials": SCC,
    f"{ZYPP}/services.d/SLES_15.6.service": File(
        "[SLES_15.6]\nurl=https://scc.suse.com/1?credentials=SCCcredentials\n"
    ),
    f"{ZYPP}/repos.d/SLES_15.6:pool.repo": File("[SLES_15.6:pool]\nservice=SLES_15.6\n"),
}
DIRECTORIES = {f"{ZYPP}/credentials.d": Dir(), f"{ZYPP}/services.d": Dir()}
BARE = {**DIRECTORIES, f"{ZYPP}/repos.d": Dir()}

CASES = (
    Case("with the customer center", SUSE, {**CLIENT, **OSS, **REGISTERED}, {**CLIENT, **OSS, **DIRECTORIES}),
    Case(
        "in a cloud, beside a repository of the site's",
        SUSE,
        {
            **CLIENT,
            **OSS,
            **REGISTERED,
            f"{ZYPP}/credentials.d/site": SITE,
            "/var/cache/cloudregister/currentSMTInfo.obj": File(b"\x80\x04"),
            "/var/lib/cloudregister/newregistration": File("x"),
            "/etc/SUSEConnect": File("---\nurl: https://rmt.example.org\n"),
            "/etc/hosts": File("127.0.0.1 localhost\n\n# Added by SMT registration do not remove\n10.0.0.1\tsmt-ec2\n"),
        },
        {
            **CLIENT,
            **OSS,
            **DIRECTORIES,
            f"{ZYPP}/credentials.d/site": SITE,
            "/var/cache/cloudregister": Dir(),
            "/var/lib/cloudregister": Dir(),
            "/etc/SUSEConnect": File("---\nurl: https://rmt.example.org\n"),
            "/etc/hosts": File("127.0.0.1 localhost\n\n# Added by SMT registration do not remove\n10.0.0.1\tsmt-ec2\n"),
        },
        found=("/etc/SUSEConnect", "/etc/hosts", f"{ZYPP}/credentials.d/site"),
    ),
    Case("nothing could register a clone", SUSE, {**OSS, **REGISTERED}, kept="nothing in this guest could register"),
    *(
        Case(
            f"registered again by {path}",
            SUSE,
            {**REGISTERED, path: File("ELF", 0o755)},
            {**BARE, path: File("ELF", 0o755)},
        )
        for path in ("/usr/sbin/SUSEConnect", "/usr/bin/suseconnect", "/usr/sbin/registercloudguest")
    ),
    Case(
        "not registered",
        SUSE,
        {
            **OSS,
            "/etc/hosts": File("127.0.0.1 localhost\n"),
            "/etc/SUSEConnect": File("---\nurl: https://scc.suse.com\ninsecure: false\n"),
        },
    ),
)
