"""Report secrets of accounts that somebody may need

In home directories: private keys of GnuPG and age, key rings and password stores, database
clients' passwords, and files of tools that hold a password or a token among settings
(.my.cnf, .npmrc, Maven's and Gradle's settings, pip.conf, rclone.conf, .muttrc ...).

They are reported and stay. A key that exists nowhere else is lost with its file; root's
.my.cnf is often what the database's own tools log in with. remove-user-secrets removes them.

Logins that can be done again are removed: cloud-credentials, developer-credentials, registry-logins.
"""

from __future__ import annotations

from guestseal.guest.accounts.user_secrets import user_secrets
from guestseal.seal.operation import Kind, Operation

OPERATION = Operation(kind=Kind.SECRET, findings=user_secrets)
