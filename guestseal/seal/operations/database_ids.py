"""Report numbers and passwords that databases keep in their data

Cluster members, replicas and backups are told apart by numbers that lie in the data itself
and cannot be changed without loss. Such data is reported: make the template before the
database starts for the first time, or have each clone make its own.

Looked for are PostgreSQL, Elasticsearch and OpenSearch, Kafka, Cassandra, MongoDB's replica
key, InfluxDB, Debian's password for MySQL, and MySQL's stored logins of a replica.
"""

from __future__ import annotations

from guestseal.guest.signs import Sign, signs
from guestseal.seal.operation import Kind, Operation

OPERATION = Operation(
    kind=Kind.IDENTITY,
    findings=signs(
        Sign(
            (
                *("/var/lib/postgresql/*/*/global/pg_control", "/var/lib/pgsql/data/global/pg_control"),
                *("/var/lib/pgsql/*/data/global/pg_control", "/var/lib/postgresql/data/global/pg_control"),
                *("/var/lib/elasticsearch/nodes/*/_state", "/var/lib/elasticsearch/_state"),
                *("/var/lib/opensearch/nodes/*/_state", "/var/lib/cassandra/data/system/local-*"),
                *(
                    "/var/lib/kafka/*/meta.properties",
                    "/var/lib/kafka/meta.properties",
                    "/tmp/kafka-logs/meta.properties",  # noqa: S108 - Kafka's default log.dirs
                ),
                *("/var/lib/influxdb/influxd.bolt", "/var/lib/influxdb/meta/meta.db"),
            ),
            "is a database's number of this machine",
            "make the template before the database has started, or give each clone a database of its own",
        ),
        Sign(
            ("/etc/mysql/debian.cnf",),
            "holds a password of the database",
            "give each clone its own",
            holds=rb"^\s*password\s*=[ \t]*\S",
        ),
        Sign(
            ("/etc/mongod*.key", "/etc/mongodb/*.key", "/var/lib/mongo*/keyfile", "/var/lib/mysql/master.info"),
            "is a secret that members of a cluster share",
            "remove it, unless clones join the same cluster",
        ),
    ),
)
