"""Numbers in the data of databases: reported, never touched."""

from __future__ import annotations

from support.finding_cases import all_found
from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File

X = File(b"\x01data")
PG, ELASTIC, KAFKA = "/var/lib/postgresql", "/var/lib/elasticsearch", "/var/lib/kafka"


CASES = (
    all_found(
        "PostgreSQL",
        DEBIAN,
        *(f"{PG}/15/main/global/pg_control", f"{PG}/data/global/pg_control"),
        beside=(f"{PG}/15/main/PG_VERSION",),
    ),
    all_found(
        "PostgreSQL and Kafka on RHEL",
        REDHAT,
        *("/var/lib/pgsql/data/global/pg_control", "/var/lib/pgsql/16/data/global/pg_control"),
        *(f"{KAFKA}/meta.properties", f"{KAFKA}/logs/meta.properties", "/tmp/kafka-logs/meta.properties"),
        *("/var/lib/influxdb/influxd.bolt", "/var/lib/influxdb/meta/meta.db"),
        beside=("/var/lib/pgsql/.bash_profile",),
    ),
    Case(
        "search engines and Cassandra",
        SUSE,
        {
            f"{ELASTIC}/nodes/0/_state/node-0.st": X,
            f"{ELASTIC}/_state/node-0.st": X,
            "/var/lib/opensearch/nodes/0/_state/node-0.st": X,
            "/var/lib/cassandra/data/system/local-0123/nb-1-big-Data.db": X,
            f"{ELASTIC}/snapshot_cache/x": X,
        },
        found=(
            *(f"{ELASTIC}/_state", f"{ELASTIC}/nodes/0/_state", "/var/lib/opensearch/nodes/0/_state"),
            "/var/lib/cassandra/data/system/local-0123",
        ),
    ),
    all_found(
        "MongoDB and a replica",
        REDHAT,
        *("/etc/mongod.key", "/etc/mongodb/cluster.key", "/var/lib/mongo/keyfile", "/var/lib/mysql/master.info"),
        beside=("/etc/mongod.conf",),
    ),
    Case(
        "Debian's password for MySQL",
        DEBIAN,
        {"/etc/mysql/debian.cnf": File("[client]\nuser = debian-sys-maint\npassword = hunter2\n", 0o600)},
        found=("/etc/mysql/debian.cnf",),
    ),
    Case("MariaDB has none", DEBIAN, {"/etc/mysql/debian.cnf": File("[client]\npassword =\nsocket = x\n", 0o600)}),
    Case("never started", ALPINE, {PG: Dir(0o750), "/var/lib/influxdb": Dir()}),
)
