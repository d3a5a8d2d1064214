"""Mail servers that know themselves by the template's name."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import File

DEBIAN_NAMES = {
    "/etc/mailname": File("golden.example.com\n"),
    "/etc/exim4/update-exim4.conf.conf": File(
        "dc_eximconfig_configtype='local'\ndc_other_hostnames='golden.example.com'\n"
    ),
    "/etc/nullmailer/me": File("golden\n"),
    "/etc/nullmailer/defaulthost": File("golden\n"),
    "/etc/dma/dma.conf": File("#MAILNAME x\nMAILNAME golden.example.com\n"),
    "/etc/msmtprc": File("account default\ndomain golden.example.com\n", 0o600),
    "/etc/ssmtp/ssmtp.conf": File("mailhub=mail\nhostname=golden.example.com\n"),
}

CASES = (
    Case("Debian", DEBIAN, DEBIAN_NAMES, found=tuple(DEBIAN_NAMES)),
    Case(
        "Postfix, in a line that goes on",
        REDHAT,
        {"/etc/postfix/main.cf": File("#myhostname = a.b\nmydestination = $myhostname,\n  golden.example.com\n")},
        found=("/etc/postfix/main.cf",),
    ),
    Case(
        "OpenSMTPD and Sendmail",
        SUSE,
        {"/etc/mail/mailname": File("golden\n"), "/etc/mail/local-host-names": File("# names\ngolden.example.com\n")},
        found=("/etc/mail/mailname", "/etc/mail/local-host-names"),
    ),
    Case(
        "names that each machine computes, and localhost",
        ALPINE,
        {
            "/etc/mailname": File("localhost\n"),
            "/etc/postfix/main.cf": File(
                "myorigin = /etc/mailname\nmydestination = $myhostname, localhost.$mydomain, localhost\n"
                "relayhost = mail.example.com\n#myhostname = golden\n"
            ),
            "/etc/exim4/update-exim4.conf.conf": File("dc_other_hostnames=''\ndc_smarthost='mail.example.com'\n"),
        },
    ),
)
