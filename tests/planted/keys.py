"""Keys of TLS and of applications: section 1G of the catalogue."""

from __future__ import annotations

from planted.seed import asked, at, folder, gone, kept, link, told
from support.certificates import SELF_SIGNED

KEY = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANMARK\n-----END PRIVATE KEY-----\n"
RSA = "-----BEGIN RSA PRIVATE KEY-----\nMIIEpMARK\n-----END RSA PRIVATE KEY-----\n"
SELF_MADE = "MARK\n" + SELF_SIGNED
CERTIFICATE = "-----BEGIN CERTIFICATE-----\nMIIDMARK\n-----END CERTIFICATE-----\n"

RNDC = 'key "rndc-key" {\n\talgorithm hmac-sha256;\n\tsecret "MARK=";\n};\n'

SECTION = "1G"
SEEDS = [
    *gone(
        "tls.snakeoil",
        at("/etc/ssl/private/ssl-cert-snakeoil.key", KEY, 0o640, (0, 110), on="D"),
        at("/etc/ssl/certs/ssl-cert-snakeoil.pem", CERTIFICATE, on="D"),
    ),
    *kept(
        "tls.snakeoil",
        folder("/etc/ssl/private", 0o710, (0, 110), on="D"),
        at("/etc/ssl/certs/ca-certificates.crt", "-----BEGIN CERTIFICATE-----\nMIIDroot\n", on="DA"),
        at("/usr/share/ssl-cert/ssleay.cnf", "# config\n", on="D"),
    ),
    *gone(
        "tls.localhost",
        at("/etc/pki/tls/private/localhost.key", KEY, 0o600, on="R"),
        at("/etc/pki/tls/certs/localhost.crt", SELF_MADE, on="R"),
    ),
    *kept(
        "tls.localhost",
        at("/etc/pki/tls/openssl.cnf", "[ca]\n", on="R"),
        link("/etc/pki/tls/cert.pem", "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", on="R"),
    ),
    *told(
        "tls.tlsprivate",
        at("/etc/pki/tls/private/www.example.net.key", KEY, 0o600, on="R"),
        at("/etc/ssl/private/www.example.net.key", RSA, 0o600, on="DSA"),
        at("/etc/ssl/site/private/api.pem", KEY, 0o600, on="DS"),
        at("/etc/nginx/tls/site.key", KEY, 0o600),
        at("/etc/haproxy/site-MARK.pem", CERTIFICATE + KEY, 0o600),
    ),
    *told(
        "tls.ca",
        at("/etc/pki/CA/private/cakey.pem", KEY, 0o600, on="R"),
        at("/etc/ssl/CA/ca.key", RSA, 0o600, on="D"),
        at("/root/ca/private/ca.key.pem", RSA, 0o400),
        at("/root/easy-rsa/pki/private/ca.key", RSA, 0o600),
        at("/etc/openvpn/easy-rsa/pki/private/ca.key", RSA, 0o600),
    ),
    *gone(
        "tls.postfix",
        at("/var/lib/postfix/{smtp_scache,smtpd_scache}.db", b"\x00MARK", 0o600, (104, 109)),
        at("/var/lib/postfix/prng_exch", b"\x00MARK", 0o600, (104, 109)),
    ),
    *told(
        "tls.postfix",
        at("/etc/postfix/smtpd.key", KEY, 0o600),
        at("/etc/pki/tls/private/postfix.key", KEY, 0o600, on="R"),
    ),
    *kept(
        "tls.postfix",
        folder("/var/lib/postfix", 0o755, (104, 109)),
        at("/var/lib/postfix/master.lock", "", 0o600, (104, 109)),
        at("/etc/postfix/master.cf", "smtp inet n - y - - smtpd\n"),
    ),
    *gone(
        "tls.dovecot",
        at("/etc/pki/dovecot/private/dovecot.pem", KEY, 0o600, on="R"),
        at("/etc/pki/dovecot/certs/dovecot.pem", SELF_MADE, on="R"),
        at("/var/lib/dovecot/ssl-parameters.dat", b"\x00MARK", on="R"),
        at("/var/lib/dovecot/instances", "MARK\n", on="DR"),
    ),
    *told("tls.dovecot", at("/etc/dovecot/private/dovecot.pem", KEY, 0o600, on="D")),
    *kept(
        "tls.dovecot",
        at("/etc/dovecot/dovecot.conf", "protocols = imap\n", on="DR"),
        at("/etc/pki/dovecot/dovecot-openssl.cnf", "[ req ]\n", on="R"),
    ),
    *told(
        "tls.exim",
        at("/etc/exim4/exim.key", RSA, 0o640, (0, 111), on="D"),
        at("/etc/pki/tls/private/exim.pem", KEY, 0o600, on="R"),
    ),
    *gone(
        "tls.cockpit",
        at("/etc/cockpit/ws-certs.d/0-self-signed.{cert,key}", CERTIFICATE + KEY, 0o640, on="DRS"),
        at("/etc/cockpit/ws-certs.d/0-self-signed-ca.pem", CERTIFICATE, on="DRS"),
    ),
    *told("tls.cockpit", at("/etc/cockpit/ws-certs.d/50-site.key", KEY, 0o640, on="DRS")),
    *told(
        "tls.webmin",
        at("/etc/webmin/miniserv.pem", KEY, 0o600, on="DR"),
        at("/etc/usermin/miniserv.pem", KEY, 0o600, on="D"),
        at("/etc/stunnel/stunnel.pem", KEY + CERTIFICATE, 0o600),
    ),
    *gone(
        "tls.cups",
        at("/etc/cups/ssl/{golden.crt,golden.key}", KEY, 0o600, (0, 7)),
        at("/var/cache/cups/{job.cache,remote.cache}", "<Job 1>\nMARK\n", 0o600, (0, 7)),
    ),
    *kept(
        "tls.cups",
        folder("/etc/cups/ssl", 0o700, (0, 7)),
        folder("/var/cache/cups", 0o770, (0, 7)),
        at("/etc/cups/cupsd.conf", "Listen localhost:631\n", 0o640),
    ),
    *asked(
        "tls.mysql",
        at("/var/lib/mysql/{ca-key,server-key,client-key,private_key}.pem", RSA, 0o600, (101, 101), on="DR"),
        at("/var/lib/mysql/{ca,server-cert,client-cert}.pem", CERTIFICATE, 0o644, (101, 101), on="DR"),
    ),
    *kept("tls.mysql", at("/var/lib/mysql/ibdata1", b"\x00innodb", 0o640, (101, 101), on="DR")),
    *told(
        "tls.pg",
        at("/var/lib/pgsql/data/server.key", KEY, 0o600, (26, 26), on="RS"),
        at("/var/lib/postgresql/15/main/server.key", KEY, 0o600, (105, 112), on="D"),
    ),
    *told(
        "tls.le",
        at(
            "/etc/letsencrypt/accounts/acme-v02.api.letsencrypt.org/directory/MARK/private_key.json",
            '{"n":"MARK"}\n',
            0o400,
        ),
        at("/etc/letsencrypt/archive/www.example.net/privkey1.pem", KEY, 0o600),
        at("/etc/letsencrypt/keys/0000_key-certbot.pem", KEY, 0o600),
        at("/var/lib/acme/keys/MARK/privkey", KEY, 0o600),
        at("{home}/.acme.sh/account.conf", "ACCOUNT_EMAIL='a@example.net'\nSAVED_CF_Token='MARK'\n", 0o600),
        at("/var/lib/caddy/.local/share/caddy/acme/x/users/default/default.key", KEY, 0o600, (999, 999)),
        at("/etc/traefik/acme.json", '{"le":{"Account":{"PrivateKey":"MARK"}}}\n', 0o600),
    ),
    *kept(
        "tls.le",
        link("/etc/letsencrypt/live/www.example.net/privkey.pem", "../../archive/www.example.net/privkey1.pem"),
        at("/etc/letsencrypt/renewal-hooks/deploy/reload", "#!/bin/sh\n", 0o755),
    ),
    *gone(
        "tls.bind",
        at("/etc/bind/rndc.key", RNDC, 0o640, (113, 119), on="D"),
        at("/etc/rndc.key", RNDC, 0o640, (0, 25), on="R"),
    ),
    *kept(
        "tls.bind",
        at("/etc/bind/{bind.keys,named.conf}", "trust-anchors { };\n", on="D"),
        at("/etc/named.root.key", "trust-anchors { };\n", on="R"),
    ),
    *gone("tls.unbound", at("/etc/unbound/{unbound_control,unbound_server}.{key,pem}", KEY, 0o640, (0, 998), on="R")),
    *gone("tls.unbound", at("/etc/unbound/{unbound_control,unbound_server}.key", KEY, 0o640, on="DA")),
    *kept(
        "tls.unbound",
        at("/etc/unbound/unbound.conf", "server:\n", on="DRA"),
        at("/var/lib/unbound/root.key", ". 172800 IN DNSKEY 257 3 8 AwEAA\n", 0o644, (114, 120), on="DR"),
    ),
    *gone("tls.fwupd", at("/var/lib/fwupd/pki/{secret.key,client.pem}", KEY, 0o600, on="DRS")),
    *kept("tls.fwupd", at("/var/lib/fwupd/pending.db", b"SQLite format 3\x00", on="DRS")),
    *told(
        "tls.libvirt",
        at("/etc/pki/libvirt/private/serverkey.pem", KEY, 0o600, on="RS"),
        at("/etc/libvirt/libvirtd.conf", 'host_uuid = "UUID"\n', on="DRS"),
        at("/etc/libvirt/secrets/MARK.base64", "MARK\n", 0o600, on="DRS"),
    ),
    *gone("tls.pegasus", at("/etc/Pegasus/{server.pem,file.pem,client.pem,ssl.cnf,ca.srl}", KEY, 0o600, on="R")),
    *kept(
        "tls.pegasus",
        at("/etc/Pegasus/access.conf", "-: ALL EXCEPT pegasus\n", on="R"),
        at("/etc/Pegasus/cimserver_planned.conf", "x=y\n", on="R"),
    ),
    *told(
        "tls.rabbit",
        at("/var/lib/rabbitmq/.erlang.cookie", "MARK", 0o400, (116, 122)),
        at("/var/lib/rabbitmq/mnesia/rabbit@golden/cluster_nodes.config", "{[rabbit@MARK],[]}.\n", 0o640, (116, 122)),
    ),
    *told(
        "tls.apps",
        at("/etc/gitlab/gitlab-secrets.json", '{"gitlab_rails":{"secret_key_base":"MARK"}}\n', 0o600, on="DRS"),
        at("/var/lib/jenkins/secrets/master.key", "MARK", 0o600, (112, 118)),
        at("/var/lib/jenkins/identity.key.enc", b"\x01MARK", 0o600, (112, 118)),
        at("/etc/grafana/grafana.ini", "[security]\nsecret_key = MARK\n", 0o640, (0, 117)),
        at(
            "/var/www/nextcloud/config/config.php",
            "<?php $CONFIG = array('passwordsalt' => 'MARK', 'secret' => 'MARK');\n",
            0o640,
            (33, 33),
        ),
        at(
            "/var/www/html/wp-config.php",
            "<?php define('AUTH_KEY', 'MARK'); define('DB_PASSWORD', 'MARK');\n",
            0o640,
            (33, 33),
        ),
        at("/srv/app/.env", "APP_KEY=base64:MARK\nDB_PASSWORD=MARK\n", 0o600),
        at("/opt/site/settings.py", "SECRET_KEY = 'django-insecure-MARK'\n", 0o640),
    ),
    *kept(
        "tls.apps",
        at("/etc/grafana/ldap.toml", "[[servers]]\n", 0o640, (0, 117)),
        at("/var/www/html/wp-config-sample.php", "<?php define('AUTH_KEY', 'put your unique phrase here');\n"),
        at("/srv/app/app.py", "print('hello')\n"),
    ),
    *told("tls.munge", at("/etc/munge/munge.key", b"\x9eMARK" * 30, 0o400, (996, 996), on="DRS")),
    *kept(
        "tls.dh",
        at("/etc/ssl/dhparam.pem", "-----BEGIN DH PARAMETERS-----\nMIIBCAKCAQEA\n-----END DH PARAMETERS-----\n"),
    ),
    *kept("tls.nss", at("/etc/pki/nssdb/{cert9.db,key4.db,pkcs11.txt}", "SQLite format 3", on="RS")),
]
