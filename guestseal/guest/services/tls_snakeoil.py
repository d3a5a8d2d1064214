"""The self-signed certificate of Debian's ssl-cert: where make-ssl-cert(8) puts it, by its source."""

from __future__ import annotations

MAKER = "/usr/sbin/make-ssl-cert"
KEY = "/etc/ssl/private/ssl-cert-snakeoil.key"
CERTIFICATE = "/etc/ssl/certs/ssl-cert-snakeoil.pem"
