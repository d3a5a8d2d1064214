"""Registrations and directory membership: the first half of section 1I of the catalogue."""

from __future__ import annotations

from planted.seed import asked, at, folder, gone, kept, told

KEY = "-----BEGIN PRIVATE KEY-----\nMIIEvMARK\n-----END PRIVATE KEY-----\n"
RSA = "-----BEGIN RSA PRIVATE KEY-----\nMIIEpMARK\n-----END RSA PRIVATE KEY-----\n"
SSS = (0, 0)

SECTION = "1I"
SEEDS = [
    *gone(
        "rg.rhsm",
        at("/etc/pki/consumer/{cert,key}.pem", RSA, 0o640, on="R"),
        at("/etc/pki/entitlement/{5eed0001,5eed0001-key}.pem", RSA, on="R"),
        at("/var/lib/rhsm/{cache/MARK.json,facts/MARK.facts,packages/MARK.json}", '{"x":"MARK"}\n', on="R"),
        at(
            "/etc/yum.repos.d/redhat.repo",
            "#\n# Certificate-Based Repositories\n# Managed by (rhsm) subscription-manager\n[rhel-MARK]\n",
            on="R",
        ),
    ),
    *kept(
        "rg.rhsm",
        at("/var/lib/rhsm/productid.js", "{}\n", on="R"),
        at("/etc/pki/product/479.pem", "-----BEGIN CERTIFICATE-----\n", on="R"),
        at("/etc/yum.repos.d/rocky.repo", "[baseos]\n", on="R"),
        folder("/etc/pki/consumer", on="R"),
        at("/etc/rhsm/ca/redhat-uep.pem", "-----BEGIN CERTIFICATE-----\n", on="R"),
    ),
    *told("rg.rhsm", at("/etc/rhsm/rhsm.conf", "[server]\nhostname = MARK.katello.example.net\n", on="R")),
    *gone(
        "rg.insights",
        at("/etc/insights-client/{machine-id,.registered,.unregistered,.lastupload}", "UUID\n", on="R"),
        at("/var/lib/insights/host-details.json", '{"MARK":1}\n', 0o600, on="R"),
    ),
    *kept("rg.insights", at("/etc/insights-client/insights-client.conf", "[insights-client]\n", on="R")),
    *gone(
        "rg.rhn",
        at("/etc/sysconfig/rhn/{systemid,osad-auth.conf}", "<name>MARK</name>\n", 0o600, on="RS"),
        at("/var/spool/up2date/loginAuth-MARK.pkl", "x\n", 0o600, on="R"),
    ),
    *gone(
        "rg.suse",
        at("/etc/zypp/credentials.d/{SCCcredentials,SLES15}", "username=SCC_MARK\npassword=MARK\n", 0o600, on="S"),
        at(
            "/etc/zypp/services.d/SLES15.service",
            "[SLES15]\nname=SLES15\nenabled=1\n"
            "url = https://scc.suse.com/access/services/MARK?credentials=SLES15\ntype = ris\n",
            on="S",
        ),
        at("/var/cache/cloudregister/MARK.dat", "x\n", 0o600, on="S"),
        at("/var/lib/cloudregister/MARK.dat", "x\n", 0o600, on="S"),
    ),
    *told("rg.suse", at("/etc/SUSEConnect", "---\nurl: https://rmt.MARK.example.net\n", on="S")),
    *kept("rg.suse", at("/etc/regionserverclnt.cfg", "[server]\n", on="S"), folder("/etc/zypp/credentials.d", on="S")),
    *gone(
        "rg.pro",
        at(
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            "/var/lib/ubuntu-advantage/{private/machine-token.json,machine-token.json,machine-access-esm-infra.json,jobs-status.json,status.json}",
            '{"machineToken":"MARK"}\n',
            0o600,
            on="D",
        ),
    ),
    *kept(
        "rg.pro", at("/etc/ubuntu-advantage/uaclient.conf", "contract_url: https://contracts.canonical.com\n", on="D")
    ),
    *gone(
        "rg.landscape",
        at("/var/lib/landscape/client/{broker.bpickle,broker.bpickle.old}", b"ds3:MARK", 0o600, (115, 121), on="D"),
    ),
    *told(
        "rg.landscape",
        at("/etc/landscape/client.conf", "[client]\ncomputer_title = golden\nregistration_key = MARK\n", 0o600, on="D"),
    ),
    *gone(
        "rg.ipa",
        at("/var/lib/ipa-client/sysrestore/5eed-MARK-krb5.conf", "x\n", 0o600, on="R"),
        at("/etc/ipa/default.conf", "[global]\nhost = MARK.example.net\n", on="R"),
        at("/etc/ipa/ca.crt", "-----BEGIN CERTIFICATE-----\nMARK\n", on="R"),
    ),
    *gone(
        "rg.ipa",
        at("/etc/pki/ca-trust/source/{ipa.p11-kit,anchors/ipa-ca.crt}", "MARK\n", on="R"),
        at("/var/lib/ipa-client/pki/ca-bundle.pem", "MARK\n", on="R"),
    ),
    *gone("rg.keytab", at("/etc/krb5.keytab", b"\x05\x02MARK", 0o600)),
    *told(
        "rg.keytab",
        at("/etc/httpd/httpd.keytab", b"\x05\x02MARK", 0o640, (0, 48), on="R"),
        at("/etc/apache2/http.keytab", b"\x05\x02MARK", 0o640, (0, 33), on="DS"),
        at("/var/kerberos/krb5/user/1000/client.keytab", b"\x05\x02MARK", 0o600, (1000, 1000), on="R"),
    ),
    *kept("rg.keytab", at("/etc/krb5.conf", "[libdefaults]\n")),
    *asked(
        "rg.kdc",
        at("/var/kerberos/krb5kdc/principal", b"\x00MARK", 0o600, on="R"),
        at("/var/lib/krb5kdc/principal", b"\x00MARK", 0o600, on="D"),
    ),
    *kept("rg.kdc", at("/var/kerberos/krb5kdc/{kadm5.acl,kdc.conf}", "*/admin@EXAMPLE.NET *\n", 0o600, on="R")),
    *gone(
        "rg.sssd",
        at("/var/lib/sss/db/cache_example.net.ldb", b"TDB file\nMARK", 0o600, SSS),
        at("/var/lib/sss/mc/passwd", b"MARK", 0o644),
        at("/var/lib/sss/secrets/{secrets.ldb,.secrets.mkey}", b"MARK", 0o600),
    ),
    *kept(
        "rg.sssd",
        folder("/var/lib/sss/{db,secrets}", 0o700),
        folder("/var/lib/sss/mc", 0o775),
        at("/etc/sssd/sssd.conf", "[sssd]\n", 0o600),
    ),
    *gone("rg.samba", at("/var/lib/samba/private/secrets.tdb", b"TDB file\nMARK", 0o600, on="DRS")),
    *kept(
        "rg.samba",
        at("/var/lib/samba/private/passdb.tdb", b"TDB file\n", 0o600, on="DRS"),
        at("/var/lib/samba/{registry,share_info}.tdb", b"TDB file\n", 0o600, on="DRS"),
        at("/etc/samba/smb.conf", "[global]\nsecurity = ADS\nworkgroup = EXAMPLE\nrealm = EXAMPLE.NET\n", on="DRS"),
    ),
    *told(
        "rg.realmd/pbis/centrify",
        at("/var/lib/pbis/db/registry.db", b"SQLite MARK", 0o600, on="DR"),
        at("/var/centrifydc/kset.MARK", b"x", 0o600, on="R"),
        at("/var/opt/quest/vas/vasd/vas_ident.vdb", b"SQLite MARK", 0o600, on="R"),
    ),
    *gone(
        "rg.salt",
        at("/etc/salt/minion_id", "NAME"),
        at("/etc/salt/pki/minion/{minion.pem,minion.pub}", RSA, 0o400),
        at("/etc/venv-salt-minion/minion_id", "NAME", on="S"),
        at("/etc/venv-salt-minion/pki/minion/minion.pem", RSA, 0o400, on="S"),
        at("/var/cache/salt/minion/extmods/MARK.py", "x\n"),
    ),
    *kept("rg.salt", at("/etc/salt/minion", "master: salt\n"), at("/etc/salt/minion.d/site.conf", "log_level: info\n")),
    *gone(
        "rg.puppet",
        at("/etc/puppetlabs/puppet/ssl/private_keys/golden.pem", RSA, 0o640),
        at("/etc/puppetlabs/puppet/ssl/certs/golden.pem", "-----BEGIN CERTIFICATE-----\nMARK\n"),
        at("/var/lib/puppet/ssl/private_keys/golden.pem", RSA, 0o640, on="DR"),
        at("/opt/puppetlabs/puppet/cache/state/MARK.yaml", "x\n"),
    ),
    *told(
        "rg.puppet", at("/etc/puppetlabs/puppet/puppet.conf", "[main]\nserver = puppet\ncertname = MARK.example.net\n")
    ),
    *kept(
        "rg.puppet",
        at("/etc/puppetlabs/puppet/hiera.yaml", "version: 5\n"),
        at("/opt/puppetlabs/puppet/lib/ruby/x.rb", "puts 1\n"),
    ),
    *gone(
        "rg.chef",
        at("/etc/chef/client.pem", RSA, 0o600),
        at("/etc/cinc/client.pem", RSA, 0o600, on="R"),
        at("/var/chef/cache/MARK.json", "{}\n", 0o600),
    ),
    *told(
        "rg.chef",
        at("/etc/chef/validation.pem", RSA, 0o600),
        at("/etc/chef/encrypted_data_bag_secret", "MARK\n", 0o600),
    ),
    *kept("rg.chef", at("/etc/chef/client.rb", 'chef_server_url "https://chef"\n')),
    *gone(
        "rg.ansible-pull/cfengine",
        at("/var/cfengine/ppkeys/localhost.{priv,pub}", RSA, 0o600),
        at("/var/lib/cfengine3/ppkeys/localhost.priv", RSA, 0o600, on="D"),
    ),
    *kept("rg.ansible-pull/cfengine", at("/var/cfengine/inputs/promises.cf", "body common control {}\n", 0o600)),
    *gone(
        "rg.ssm",
        at(
            "/var/lib/amazon/ssm/{registration,Vault/Store/RegistrationKey}",
            '{"ManagedInstanceID":"mi-MARK"}\n',
            0o600,
            on="DRS",
        ),
        at("/var/log/amazon/ssm/amazon-ssm-agent.log", "MARK\n", 0o600, on="DRS"),
    ),
]
