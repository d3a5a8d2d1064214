"""Logs and what crashes and installers leave: the first half of section 1K of the catalogue."""

from __future__ import annotations

from planted.seed import at, folder, gone, kept, link, told

KEY = "-----BEGIN PRIVATE KEY-----\nMIIEvMARK\n-----END PRIVATE KEY-----\n"
JOURNAL = b"LPKSHHRH\x00\x00MARK"

SECTION = "1K"
SEEDS = [
    *gone(
        "lg.rotated",
        at(
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            "/var/log/{syslog.2.gz,messages.xz,kern.bz2,mail.zst,x.lz4,syslog.1,app.3.log,secure-20260101,secure-20260101.gz,cron.old,notes~}",
            "MARK\n",
            0o640,
        ),
        at("/var/log/nested/deeper/app-MARK.log.7.gz", b"\x1f\x8b"),
    ),
    *gone(
        "lg.files",
        at(
            "/var/log/{syslog,auth.log,messages,secure,dmesg,boot.log,kern.log,daemon.log,cron,maillog}",
            "MARK\n",
            0o640,
            (0, 4),
        ),
        at(
            "/var/log/{nginx/access.log,apache2/error.log,httpd/error_log,postgresql/postgresql.log,unattended-upgrades/unattended-upgrades.log,mysql/error.log,samba/log.smbd,apt/history.log,apt/term.log,private/x.log}",
            "MARK\n",
            0o640,
            (33, 4),
        ),
        at("/var/log/audit.txt", "MARK\n"),
    ),
    *kept(
        "lg.generated-dirs",
        folder("/var/log/{nginx,apache2,httpd,postgresql,unattended-upgrades,mysql,samba}", 0o750, (33, 4)),
        folder("/var/log/private", 0o700),
        folder("/var/log/apt"),
        folder("/var/log", 0o775, (0, 4)),
        folder("/var/log/empty-service", 0o770, (33, 33)),
        folder("/{tmp,var/tmp}", 0o1777),
        folder("/var/crash", 0o1777),
        link("/var/log/discarded.log", "/dev/null"),
    ),
    *gone(
        "lg.journal",
        at(
            "/var/log/journal/{5eed88880000111122223333444455dd/system.journal,5eed88880000111122223333444455dd/user-1000@5eed.journal~,remote/remote-x.journal}",
            JOURNAL,
            0o640,
            (0, 190),
            on="DRS",
        ),
    ),
    *kept(
        "lg.journal",
        folder("/var/log/journal", 0o2755, (0, 190), on="DRS"),
        at("/etc/systemd/journald.conf", "[Journal]\n", on="DRS"),
    ),
    *gone("lg.audit", at("/var/log/audit/{audit.log,audit.log.1}", "type=USER_CMD cmd=MARK\n", 0o600)),
    *kept(
        "lg.audit",
        folder("/var/log/audit", 0o700),
        at("/etc/audit/auditd.conf", "log_file = /var/log/audit/audit.log\n", 0o640),
    ),
    *gone(
        "lg.wtmp",
        at("/var/log/{wtmp,btmp,lastlog,faillog}", b"\x07\x00MARK", 0o664, (0, 43)),
        at("/var/log/{wtmp.1,btmp.1}", b"\x07\x00MARK", 0o660, (0, 43)),
        at("/var/lib/wtmpdb/wtmp.db", b"SQLite format 3\x00MARK", on="DS"),
        at("/var/lib/lastlog/lastlog2.db", b"SQLite format 3\x00MARK", on="DS"),
        at("/var/log/wtmp.db", b"SQLite format 3\x00MARK", on="S"),
    ),
    *gone(
        "lg.pacct",
        at("/var/account/{pacct,pacct-20260101,pacct.1.gz}", b"\x03MARK", 0o600, on="R"),
        at("/var/log/account/{pacct,pacct.0}", b"\x03MARK", 0o640, on="DA"),
    ),
    *gone(
        "lg.sysstat",
        at(
            "/var/log/{sa/sa05,sysstat/sa05,pcp/pmlogger/golden/20260101.0,atop/atop_20260101}",
            b"\x96\xd5MARK",
            on="DRS",
        ),
        at("/var/lib/collectd/rrd/golden-MARK/cpu.rrd", b"RRD", on="DS"),
        at("/var/lib/munin/localdomain/MARK-g.rrd", b"RRD", 0o644, (107, 113), on="D"),
    ),
    *gone(
        "lg.installer",
        at(
            "/var/log/installer/{syslog,autoinstall-user-data,subiquity-server-debug.log,cdebconf/questions.dat,cdebconf/templates.dat}",
            "Value: $6$MARK\n",
            0o600,
            on="D",
        ),
        at("/var/log/anaconda/{anaconda.log,ks-script-x.log}", "MARK\n", 0o600, on="R"),
        at("/var/log/anaconda.MARK.log", "MARK\n", 0o600, on="R"),
        at("/var/log/YaST2/y2log", "MARK\n", 0o600, on="S"),
        at("/var/adm/autoinstall/{logs/x.log,cache/installedSystem.xml}", "MARK\n", 0o600, on="S"),
        at("/var/log/{archinstall/install.log,calamares.log}", "MARK\n", on="X"),
    ),
    *told(
        "lg.installer",
        at("/var/lib/cloud/seed/nocloud/{user-data,meta-data}", "#cloud-config\npassword: MARK\n", 0o600, on="D"),
    ),
    *told("lg.installer", at("/var/lib/autoinstall/repository/MARK.xml", "<profile/>\n", 0o600, on="S")),
    *gone(
        "lg.logrotate",
        at("/var/lib/logrotate/status", 'logrotate state -- version 2\n"/var/log/MARK" 2026-1-1\n', 0o640, on="D"),
        at("/var/lib/logrotate/logrotate.status", '"/var/log/MARK"\n', 0o640, on="R"),
        at("/var/lib/misc/logrotate.status", '"/var/log/MARK"\n', 0o640, on="S"),
        at("/var/lib/logrotate.status", '"/var/log/MARK"\n', on="A"),
    ),
    *gone(
        "lg.rsyslog",
        at("/var/lib/rsyslog/imjournal.state", "s=5eed;MARK\n", 0o600, on="R"),
        at("/var/spool/rsyslog/fwd.00000001", "<13>MARK\n", 0o600, on="DRS"),
        at("/var/lib/syslog-ng/{syslog-ng.persist,hostid}", b"SLP4MARK", 0o600, on="DS"),
    ),
    *gone(
        "lg.crash",
        at("/var/crash/{_usr_bin_x.0.crash,202601011200/dump.202601011200}", "CoreDump: MARK\n", 0o640),
        at("/var/lib/systemd/{coredump/core.x.0.MARK.zst,pstore/dmesg-efi-MARK}", b"\x28\xb5", 0o640, on="DRS"),
        at("/var/spool/abrt/ccpp-MARK/coredump", b"\x7fELF", 0o640, on="R"),
        at("/var/lib/apport/coredump/core.MARK", b"\x7fELF", 0o400, on="D"),
        at("/var/tmp/abrt/ccpp-MARK/x", b"x", on="R"),
        at("/var/log/dump/MARK", b"x", on="S"),
    ),
    *kept(
        "lg.crash",
        at("/var/lib/kdump/initrd", b"\x1f\x8b", 0o600, on="SD"),
        at("/etc/kdump.conf", "path /var/crash\n", on="R"),
        folder("/var/lib/systemd/coredump", on="DRS"),
    ),
]
