"""Report secrets that web applications made when they were installed

GitLab, Jenkins, Grafana, Nextcloud, WordPress, Django and many others sign sessions and encrypt
data with a secret of their own. Clones that share it accept each other's sessions, and whoever
has one clone can make sessions for all of them.

They are reported and stay: what was encrypted with them could never be read again. The best time
to make them is a clone's first boot.
"""

from __future__ import annotations

from guestseal.guest.signs import Sign, signs
from guestseal.seal.operation import Kind, Operation

# No deeper: what lies there can be large, and a seal does not walk what it does not clean.
WEB = ("/var/www", "/var/www/*", "/var/www/html/*", "/srv", "/srv/*", "/srv/www/*", "/opt/*", "/usr/share/*")
WHAT = "holds the secret of an application that every clone would share"
REMEDY = "have it made at each clone's first boot, or put nothing secret into it"


def _in_web(*names: str) -> tuple[str, ...]:
    return tuple(f"{directory}/{name}" for directory in WEB for name in names)


OPERATION = Operation(
    kind=Kind.SECRET,
    findings=signs(
        Sign(
            (
                *("/etc/gitlab/gitlab-secrets.json", "/var/lib/jenkins/secrets/master.key"),
                "/var/lib/jenkins/identity.key.enc",
            ),
            WHAT,
            REMEDY,
        ),
        Sign(("/etc/grafana/grafana.ini",), WHAT, REMEDY, holds=rb"^\s*secret_key\s*=\s*\S"),
        Sign(_in_web("config/config.php"), WHAT, REMEDY, holds=rb"['\"](passwordsalt|secret)['\"]\s*=>"),
        Sign((*_in_web("wp-config.php"), "/etc/wordpress/config-*.php"), WHAT, REMEDY, holds=rb"AUTH_KEY|DB_PASSWORD"),
        Sign(_in_web("settings.py"), WHAT, REMEDY, holds=rb"^\s*SECRET_KEY\s*=\s*['\"]"),
        Sign(_in_web(".env"), WHAT, REMEDY, holds=rb"(?i)^\s*(export\s+)?\w*(secret|password|token|_key)\w*\s*=\s*\S"),
    ),
)
