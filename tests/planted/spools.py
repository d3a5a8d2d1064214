"""Spools, caches and runtime state: the second half of section 1K of the catalogue."""

from __future__ import annotations

from planted.seed import asked, at, fifo, folder, gone, kept, told

KEY = "-----BEGIN PRIVATE KEY-----\nMIIEvMARK\n-----END PRIVATE KEY-----\n"
JOURNAL = b"LPKSHHRH\x00\x00MARK"

SECTION = "1K"
SEEDS = [
    *gone(
        "lg.spool.mail",
        at("/var/mail/{root,kim}", "From root MARK\n", 0o660, (1000, 8)),
        at("/var/spool/mail/packer", "From root MARK\n", 0o660, (1001, 8), on="R"),
        at("/var/spool/postfix/{active/5EED1,deferred/A/A5EED2,incoming/5EED3}", b"CMARK", 0o700, (104, 109)),
        at("/var/spool/exim4/input/1rMARK-0001-D", "x\n", 0o640, (111, 111), on="D"),
        at("/var/spool/{mqueue/dfMARK,clientmqueue/qfMARK}", "x\n", 0o600, on="R"),
    ),
    *kept(
        "lg.spool.mail",
        folder("/var/spool/postfix/{active,deferred,incoming,private}", 0o700, (104, 0)),
        folder("/var/spool/postfix/{public,maildrop}", 0o2710, (104, 109)),
        fifo("/var/spool/postfix/public/pickup", 0o622, (104, 109)),
        at("/var/spool/postfix/etc/services", "smtp 25/tcp\n"),
        folder("/var/mail", 0o2775, (0, 8)),
    ),
    *gone(
        "lg.spool.print",
        at("/var/spool/cups/{c00001,d00001-001,tmp/MARK}", b"%!PSMARK", 0o600, (0, 7)),
        at("/var/spool/lpd/lp/{cfA001golden,dfA001golden}", b"MARK", 0o600, (7, 7)),
    ),
    *kept("lg.spool.print", folder("/var/spool/cups", 0o710, (0, 7)), folder("/var/spool/cups/tmp", 0o1770, (0, 7))),
    *told(
        "lg.spool.cron",
        at("/var/spool/cron/crontabs/kim", "@daily MARK\n", 0o600, (1000, 105), on="DA"),
        at("/var/spool/cron/kim", "@daily MARK\n", 0o600, (1000, 1000), on="R"),
        at("/var/spool/cron/tabs/kim", "@daily MARK\n", 0o600, on="S"),
    ),
    *gone(
        "lg.spool.cron",
        at(
            "/var/spool/cron/{atjobs/a0000101a3f2c8,atspool/a0000201a3f2c8}",
            "#!/bin/sh\nMARK\n",
            0o700,
            (1000, 1),
            on="DS",
        ),
        at("/var/spool/at/{a0000301a3f2c8,spool/a0000401a3f2c8}", "#!/bin/sh\nMARK\n", 0o700, on="R"),
        at("/var/spool/{atjobs,atspool}/a0000501a3f2c8", "#!/bin/sh\nMARK\n", 0o700, on="S"),
        at("/var/spool/atd/a0000601a3f2c8", "#!/bin/sh\nMARK\n", 0o700, on="A"),
    ),
    *kept(
        "lg.spool.cron",
        folder("/var/spool/cron/atjobs", 0o1770, (1, 1), on="DS"),
        folder("/var/spool/at", 0o700, (1, 1), on="R"),
        at("/etc/crontab", "SHELL=/bin/sh\n"),
        at("/etc/cron.d/site", "0 1 * * * root true\n"),
        folder("/var/spool/cron", 0o755),
    ),
    *gone("lg.timers", at("/var/lib/systemd/timers/stamp-{apt-daily,fstrim,MARK}.timer", "", on="DRS")),
    *asked(
        "lg.anacron",
        at("/var/spool/anacron/{cron.daily,cron.weekly}", "20260101 MARK\n", 0o600, on="DR"),
        at("/var/spool/cron/lastrun/cron.daily", "MARK", on="S"),
    ),
    *kept(
        "lg.clock",
        at("/var/lib/systemd/timesync/clock", "", 0o644, (997, 997), on="DRS"),
        at("/etc/fake-hwclock.data", "2026-01-01 00:00:00\n", on="D"),
    ),
    *gone(
        "lg.tmp",
        at(
            "/{tmp,var/tmp}/{MARK.txt,.hidden-MARK,systemd-private-5eed-MARK/tmp/x,.X11-unix/MARK}",
            "MARK\n",
            0o600,
            (1000, 1000),
        ),
        at("/var/lib/systemd/ephemeral-trees/MARK/x", "x\n", on="DRS"),
    ),
    *asked("lg.runvar", at("/var/lib/app/app.pid", "MARK\n"), at("/var/lock/LCK..MARK", "42\n")),
    *gone(
        "lg.locate",
        at("/var/lib/{mlocate/mlocate.db,plocate/plocate.db,slocate/slocate.db,locatedb}", b"\x00mlocateMARK", 0o640),
        at("/var/cache/locate/locatedb", b"\x00LOCATE02MARK"),
    ),
    *kept(
        "lg.locate",
        folder("/var/lib/plocate", 0o750, (0, 120)),
        at("/etc/updatedb.conf", 'PRUNEFS="nfs"\n'),
        at("/var/lib/plocate/CACHEDIR.TAG", "Signature: 8a477f597d28d172789f06886806bc55\n"),
    ),
    *asked(
        "lg.man/font",
        at("/var/cache/man/index-MARK.db", b"x", 0o644, (6, 12)),
        at("/var/cache/fontconfig/MARK-le64.cache-7", b"x"),
    ),
    *gone(
        "lg.gdm",
        at("/var/cache/gdm/kim/MARK", "x\n"),
        at("/var/lib/gdm3/.cache/MARK", "x\n", 0o600, (117, 123), on="D"),
        at("/var/lib/lightdm/.cache/MARK", "x\n", on="D"),
        at("/var/log/{gdm3/greeter.log,lightdm/lightdm.log,sddm.log}", "MARK\n"),
    ),
    *kept("lg.gdm", at("/var/lib/gdm3/.config/dconf/user", b"GVariant", 0o644, (117, 123), on="D")),
    *gone(
        "lg.chrony/ntp",
        at("/var/lib/chrony/{drift,chrony.drift,192.0.2.1.dat,192.0.2.1.nts}", "MARK 1\n", 0o644, (108, 114)),
        at("/var/lib/ntp/{drift,ntp.drift}", "MARK\n"),
    ),
    *told(
        "lg.chrony/ntp", at("/etc/chrony.keys", "1 SHA1 HEX:MARK\n", 0o640), at("/etc/ntp/keys", "1 M MARK\n", 0o600)
    ),
    *kept(
        "lg.chrony/ntp",
        at("/etc/chrony.conf", "pool pool.ntp.org iburst\n"),
        folder("/var/lib/chrony", 0o750, (108, 114)),
    ),
    *asked(
        "lg.backup-files",
        at(
            "/etc/{app.conf.bak,app.conf~,app.conf.orig,x.rpmsave,x.rpmnew,y.rpmorig,z.dpkg-old,z.dpkg-dist,u.ucf-old,p.pacsave,a.apk-new,._cfg0000_x}",
            "MARK\n",
        ),
        at("/root/.#notes", "MARK\n"),
        at("/etc/.x.swp", "b0VIM MARK\n"),
    ),
    *kept("lg.backup-files", at("/srv/backups/db.bak", "payload\n"), at("/etc/app.conf", "x=1\n")),
    *told(
        "lg.etckeeper", at("/etc/.git/objects/5e/ed-MARK", b"x\x9c", 0o400), at("/etc/.git/config", "[core]\n# MARK\n")
    ),
    *told(
        "lg.aide",
        at("/var/lib/aide/{aide.db,aide.db.new}", "@@begin_db MARK\n", 0o600),
        at("/var/lib/tripwire/golden-MARK.twd", b"x", 0o600),
        at("/var/lib/rkhunter/db/rkhunter.dat", "MARK\n", 0o640),
    ),
    *told("lg.motd", at("/etc/issue", "Welcome to NAME\n"), at("/etc/motd", "This is NAME at 192.0.2.44\n")),
    *gone(
        "lg.tuned/sys",
        at("/var/lib/systemd/{backlight/pci-MARK:backlight,rfkill/pci-MARK:wlan}", "7\n", on="DRS"),
        at("/var/lib/upower/history-charge-MARK.dat", "1\n", on="DRS"),
    ),
    *kept(
        "lg.tuned/sys",
        at("/etc/tuned/active_profile", "virtual-guest\n", on="RS"),
        at("/var/lib/alsa/asound.state", "state {}\n"),
    ),
    *asked(
        "lg.dhcpd",
        at("/var/lib/dhcpd/dhcpd.leases", "lease 192.0.2.50 { MARK }\n", on="R"),
        at("/var/lib/dhcp/dhcpd.leases", "lease 192.0.2.50 { MARK }\n", on="D"),
        at("/var/lib/misc/dnsmasq.leases", "1 aa:bb MARK\n"),
        at("/var/lib/kea/kea-leases4.csv", "MARK\n"),
    ),
    *gone(
        "lg.bootstrap",
        at("/root/.ansible/tmp/MARK", "x\n"),
        at("/tmp/packer-MARK/x", "x\n"),
        at("/root/VBoxGuestAdditions_MARK.iso", b"CD001"),
        at("/opt/TOE/MARK.yml", "x\n"),
    ),
    *told(
        "lg.bootstrap",
        at("/etc/packer-MARK.json", "{}\n"),
        at("/etc/profile.d/packer.sh", "export X=MARK\n"),
        at("/etc/apt/apt.conf.d/01packer", "// MARK\n", on="D"),
        at("/root/setup-MARK.sh", "#!/bin/sh\n", 0o755),
    ),
    *told(
        "lg.usrlocal",
        at("/srv/www/.git/config", "[remote]\nurl = https://oauth2:glpat-MARK@gitlab.example.net/x.git\n"),
        at("/opt/shop/.env", "DB_PASSWORD=MARK\n"),
        at("/var/www/dump.sql", "-- MySQL dump 10.13\nINSERT INTO users VALUES ('MARK');\n"),
        at("/srv/backup-MARK.sql.gz", b"\x1f\x8b"),
    ),
    *kept(
        "lg.usrlocal",
        at("/usr/local/bin/tool", "#!/bin/sh\n", 0o755),
        at("/opt/shop/index.php", "<?php\n"),
        at("/srv/www/.git/HEAD", "ref: refs/heads/main\n"),
    ),
    *kept(
        "lg.bootid",
        at("/var/lib/private/svc/state", "x\n", 0o600, (61500, 61500), on="DRS"),
        at("/var/lib/systemd/catalog/database", b"RHHHKSLP", on="DRS"),
    ),
]
