"""Report secrets that members of one cluster have in common

Whoever has MUNGE's key can be anybody on every machine with the same one, and Erlang's cookie
lets its owner run commands on every node (RabbitMQ, CouchDB, ejabberd). In a cluster that is
what they are for; among clones that are none, it is not.

They are reported and stay: a cluster whose members differ does not work. RabbitMQ's data as well,
which it keeps by the name of the machine: a clone with another name does not find it.
"""

from __future__ import annotations

from guestseal.guest.signs import Sign, signs
from guestseal.seal.operation import Kind, Operation

OPERATION = Operation(
    kind=Kind.SECRET,
    findings=signs(
        Sign(
            ("/etc/munge/munge.key", "/var/lib/rabbitmq/.erlang.cookie", "{home}/.erlang.cookie"),
            "is a secret that all who have it trust each other by",
            "remove it and have each clone make one, unless clones form one cluster",
        ),
        Sign(
            ("/var/lib/rabbitmq/mnesia/*@*/cluster_nodes.config",),
            "belongs to a RabbitMQ node that has the template's name",
            "reset RabbitMQ, or remove its data, before the template is sealed",
        ),
    ),
)
