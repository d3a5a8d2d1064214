"""cloud-init's logs, where its configuration puts them."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, Fifo, File, Link

LOG = File("Set the following 'random' passwords\nroot:hunter2\n", 0o640, (101, 4))
CONFIG = File("def_log_file: /var/log/cloud-init.log\noutput: {all: '| tee -a /srv/log/first-boot.out'}\n")
DROP_IN = File("# output: {all: '>> /srv/log/kept.out'}\noutput:\n  init: '> /srv/log/init.out'\n")
PIPE = File("output: {all: '| tee -a /srv/console'}\n")

CASES = (
    Case(
        "where they usually are, old copies as well",
        DEBIAN,
        {
            "/var/log/cloud-init.log": LOG,
            "/var/log/cloud-init-output.log": LOG,
            "/var/log/cloud-init.log.1.gz": LOG,
            "/var/log/cloud.log": LOG,
        },
        {"/var/log/cloud.log": LOG},
    ),
    Case(
        "where the configuration says",
        REDHAT,
        {
            "/etc/cloud/cloud.cfg": CONFIG,
            "/etc/cloud/cloud.cfg.d/05_logging.cfg": DROP_IN,
            "/srv/log/first-boot.out": LOG,
            "/srv/log/init.out": LOG,
            "/srv/log/kept.out": LOG,
        },
        {
            "/etc/cloud/cloud.cfg": CONFIG,
            "/etc/cloud/cloud.cfg.d/05_logging.cfg": DROP_IN,
            "/srv/log/kept.out": LOG,
        },
    ),
    Case(
        "to what is no file",
        SUSE,
        {"/etc/cloud/cloud.cfg": PIPE, "/srv/console": Fifo(), "/var/log/cloud-init.log": Link("/dev/null")},
    ),
    Case("no cloud-init", ALPINE, {"/var/log": Dir(), "/var/log/messages": LOG}),
)
