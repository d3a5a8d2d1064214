"""Agents, clusters and their keys: the second half of section 1I of the catalogue."""

from __future__ import annotations

from planted.seed import at, gone, kept, told

KEY = "-----BEGIN PRIVATE KEY-----\nMIIEvMARK\n-----END PRIVATE KEY-----\n"
RSA = "-----BEGIN RSA PRIVATE KEY-----\nMIIEpMARK\n-----END RSA PRIVATE KEY-----\n"
SSS = (0, 0)

SECTION = "1I"
SEEDS = [
    *gone("rg.edr.falcon", at("/opt/CrowdStrike/{falconstore,falconstore.bak}", b"MARK", 0o600, on="DRS")),
    *told(
        "rg.edr.others",
        at("/etc/opt/microsoft/mdatp/mdatp_onboard.json", '{"orgId":"MARK"}\n', 0o600, on="DRS"),
        at("/var/opt/ds_agent/dsa_core/ds_agent.crt", "MARK\n", 0o600, on="DRS"),
    ),
    *gone(
        "rg.scan",
        at("/opt/nessus_agent/var/nessus/{agent.uuid,uuid}", "UUID\n", 0o600, on="DRS"),
        at("/etc/tenable_tag", "HEX\n", on="DRS"),
        at("/etc/qualys/hostid", "UUID\n", on="DRS"),
        at("/opt/rapid7/ir_agent/components/bootstrap/common/bootstrap.cfg", "[x]\nagent_id=MARK\n", 0o600, on="DRS"),
    ),
    *kept("rg.scan", at("/opt/nessus_agent/sbin/nessusd", b"\x7fELF", 0o755, on="DRS")),
    *gone(
        "rg.mon",
        at("/var/ossec/etc/client.keys", "001 golden any MARK\n", 0o640, (0, 990)),
        at("/opt/Elastic/Agent/{fleet.enc,state.enc}", b"MARK", 0o600, on="DRS"),
        at("/var/lib/{filebeat,metricbeat}/meta.json", '{"uuid":"UUID"}\n', 0o600, on="DRS"),
        at("/var/osquery/osquery.db/CURRENT", "MANIFEST-MARK\n", 0o600, on="DRS"),
        at("/opt/splunkforwarder/etc/instance.cfg", "[general]\nguid = UUID\n", 0o600, on="DRS"),
        at("/var/lib/netdata/registry/netdata.public.unique.id", "UUID", 0o644, (201, 201)),
        at("/var/lib/netdata/cloud.d/private.pem", RSA, 0o600, (201, 201)),
        at(
            "/var/lib/cmk-agent/registered_connections.json",
            '{"connections":{"x":{"uuid":"UUID"}}}\n',
            0o600,
            (992, 992),
            on="DRS",
        ),
    ),
    *told(
        "rg.mon",
        at("/etc/zabbix/zabbix_agentd.psk", "MARK\n", 0o640),
        at(
            "/etc/zabbix/zabbix_agentd.conf",
            "Server=192.0.2.9\nHostname=NAME\nTLSPSKFile=/etc/zabbix/zabbix_agentd.psk\n",
        ),
        at("/etc/datadog-agent/datadog.yaml", "api_key: MARK\nhostname: golden\n", 0o640, on="DRS"),
        at("/etc/datadog-agent/auth_token", "MARK", 0o600, on="DRS"),
        at("/etc/newrelic-infra.yml", "license_key: MARK\n", 0o600),
        at(
            "/opt/splunkforwarder/etc/system/local/server.conf",
            "[general]\nserverName = golden\nsslPassword = MARK\n",
            0o600,
            on="DRS",
        ),
        at("/var/lib/icinga2/certs/golden.key", RSA, 0o600, (993, 993)),
    ),
    *kept(
        "rg.mon",
        at("/var/ossec/etc/ossec.conf", "<ossec_config/>\n", 0o640, (0, 990)),
        at("/etc/filebeat/filebeat.yml", "filebeat.inputs: []\n", 0o600, on="DRS"),
    ),
    *gone(
        "rg.mesh",
        at("/var/lib/tailscale/{tailscaled.state,tailscaled.log.conf}", '{"_machinekey":"MARK"}\n', 0o600),
        at("/var/lib/zerotier-one/identity.{secret,public}", "5eed:0:MARK\n", 0o600, (988, 988)),
        at("/var/lib/teleport/host_uuid", "UUID", 0o600),
        at("/var/lib/teleport/proc/sqlite.db", b"SQLite format 3\x00MARK", 0o600),
    ),
    *told(
        "rg.mesh",
        at("/etc/netbird/config.json", '{"PrivateKey":"MARK="}\n', 0o600),
        at(
            "/etc/nebula/host.key",
            "-----BEGIN NEBULA X25519 PRIVATE KEY-----\nMARK\n-----END NEBULA X25519 PRIVATE KEY-----\n",
            0o600,
        ),
        at("/etc/wireguard/wg0.conf", "[Interface]\nPrivateKey = MARK=\n", 0o600),
        at("/etc/openvpn/client/site.conf", "client\n<key>\n" + KEY + "</key>\n", 0o600),
        at(
            "/etc/openvpn/static.key",
            "-----BEGIN OpenVPN Static key V1-----\nMARK\n-----END OpenVPN Static key V1-----\n",
            0o600,
        ),
        at("/etc/ipsec.secrets", ': PSK "MARK"\n', 0o600),
        at("/etc/swanctl/private/site.pem", KEY, 0o600),
        at("/var/lib/ipsec/nss/key4.db", b"SQLite format 3\x00MARK", 0o600, on="R"),
        at("/etc/cloudflared/5eed.json", '{"TunnelSecret":"MARK"}\n', 0o600),
        at("/root/.cloudflared/{5eed.json,cert.pem}", '{"TunnelSecret":"MARK"}\n', 0o600),
    ),
    *kept(
        "rg.mesh",
        at("/etc/default/tailscaled", 'PORT="41641"\n', on="D"),
        at("/var/lib/zerotier-one/planet", b"\x01", 0o644, (988, 988)),
    ),
    *gone(
        "rg.cluster",
        at("/opt/consul/node-id", "UUID", 0o600, (987, 987)),
        at("/opt/nomad/data/client/{client-id,secret-id}", "UUID", 0o600),
        at("/var/lib/glusterd/glusterd.info", "UUID=UUID\noperating-version=100000\n", 0o600),
    ),
    *told(
        "rg.cluster",
        at("/etc/corosync/authkey", b"\x01MARK", 0o400),
        at("/etc/ceph/ceph.client.admin.keyring", "[client.admin]\n\tkey = MARK==\n", 0o600),
        at("/var/lib/etcd/member/snap/db", b"\xed\x0cMARK", 0o600),
        at("/opt/vault/data/core/_master", '{"Value":"MARK"}\n', 0o600),
        at("/var/lib/mysql/grastate.dat", "# GALERA saved state\nuuid:    UUID\n", 0o660, (101, 101)),
    ),
    *kept(
        "rg.cluster",
        at("/etc/corosync/corosync.conf", "totem { }\n"),
        at("/etc/ceph/ceph.conf", "[global]\n"),
        at("/etc/consul.d/consul.hcl", 'data_dir = "/opt/consul"\n'),
    ),
    *gone(
        "rg.container",
        at("/etc/docker/key.json", '{"kid":"MARK"}\n', 0o600),
        at("/var/lib/docker/engine-id", "UUID", 0o600),
    ),
    *told("rg.container", at("/var/lib/docker/swarm/docker-state.json", '{"LocalAddr":"MARK"}\n', 0o600, on="R")),
    *gone(
        "rg.container",
        at("/var/lib/incus/server.{crt,key}", KEY, 0o600, on="D"),
        at("/var/snap/lxd/common/lxd/server.{crt,key}", KEY, 0o600, on="D"),
    ),
    *kept(
        "rg.container",
        at("/var/lib/containers/storage/overlay/5eed/diff/x", "layer\n"),
        at("/etc/docker/daemon.json", '{"log-driver":"journald"}\n'),
        at("/var/lib/docker/overlay2/5eed/diff/etc/machine-id", "layer\n", on="D"),
    ),
    *gone(
        "rg.k8s",
        at("/etc/rancher/node/password", "MARK\n", 0o600, on="DA"),
        at("/var/lib/kubelet/pki/kubelet-client-current.pem", KEY, 0o600, on="DA"),
    ),
    *told(
        "rg.k8s",
        at("/etc/kubernetes/admin.conf", "users: [{user: {client-key-data: MARK}}]\n", 0o600, on="RS"),
        at("/etc/kubernetes/pki/ca.key", RSA, 0o600, on="RS"),
        at("/var/lib/rancher/k3s/server/token", "K10MARK::server:x\n", 0o600, on="S"),
        at("/var/lib/kubelet/pki/kubelet.key", RSA, 0o600, on="RS"),
    ),
    *gone("rg.db", at("/var/lib/mysql/auto.cnf", "[auto]\nserver-uuid=UUID\n", 0o640, (101, 101), on="DRS")),
    *told(
        "rg.db",
        at("/etc/mysql/debian.cnf", "[client]\nuser = debian-sys-maint\npassword = MARK\n", 0o600, on="D"),
        at("/var/lib/elasticsearch/nodes/0/_state/node-1.st", b"\x3f\xd7MARK", 0o600, (986, 986)),
        at("/var/lib/kafka/meta.properties", "broker.id=0\ncluster.id=MARK\n"),
    ),
    *told(
        "rg.licence", at("/etc/app-license.key", "LICENSE MARK\n"), at("/var/lib/app-licence/host.lic", "HOSTID=MARK\n")
    ),
    *told(
        "rg.ci",
        at(
            "/opt/actions-runner/{.credentials,.credentials_rsaparams,.runner}", '{"Data":{"clientId":"MARK"}}\n', 0o600
        ),
        at("/etc/gitlab-runner/config.toml", '[[runners]]\n  token = "glrt-MARK"\n', 0o600),
        at("/etc/gitlab-runner/.runner_system_id", "s_MARK", 0o600),
        at("/etc/buildkite-agent/buildkite-agent.cfg", 'token="MARK"\n', 0o600),
    ),
]
