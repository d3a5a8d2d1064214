"""Secrets of web applications are reported, by what is in their configuration."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Entry, File

WEB = ("/var/www", "/var/www/a", "/var/www/html/b", "/srv", "/srv/c", "/srv/www/e", "/opt/i", "/usr/share/l")
NAMED = {
    "/etc/gitlab/gitlab-secrets.json": File('{"gitlab_rails": {}}\n', 0o600),
    "/var/lib/jenkins/secrets/master.key": File("0a1b2c3d4e5f\n", 0o600),
    "/var/lib/jenkins/identity.key.enc": File(b"\x00key", 0o600),
    "/etc/grafana/grafana.ini": File("[security]\nsecret_key = hunter2hunter2\n", 0o640),
    "/etc/wordpress/config-blog.php": File("<?php define('DB_PASSWORD', 'hunter2');\n", 0o640),
}
IN_WEB: dict[str, Entry] = {
    f"{directory}/{name}": File(content)
    for directory in WEB
    for name, content in (
        ("config/config.php", "<?php $CONFIG = ['secret' => 'hunter2hunter2'];\n"),
        ("wp-config.php", "<?php define('AUTH_KEY', 'hunter2hunter2');\n"),
        ("settings.py", "DEBUG = False\nSECRET_KEY = 'hunter2hunter2'\n"),
        (".env", "APP_NAME=x\nexport APP_KEY=hunter2hunter2\n"),
    )
}
HARMLESS = {
    "/etc/grafana/grafana.ini": File("[security]\n;secret_key = SW2YcwTIb9zpOOhoPsMm\n", 0o640),
    "/var/www/z/config/config.php": File("<?php return ['debug' => false];\n"),
    "/var/www/z/settings.py": File("SECRET_KEY = os.environ['SECRET_KEY']\n"),
    "/var/www/z/.env": File("APP_NAME=x\nAPP_SECRET=\n"),
    "/var/lib/jenkins/secrets/README": File("x\n"),
}

CASES = (
    Case("every application", DEBIAN, {**NAMED, **IN_WEB}, found=(*NAMED, *IN_WEB)),
    Case("none of their own", REDHAT, HARMLESS),
    Case("SUSE", SUSE, {"/srv/www/htdocs/index.html": File("<p>\n")}),
    Case("Alpine", ALPINE, {"/var/www/localhost/htdocs/index.html": File("<p>\n")}),
)
