"""Agents of clouds and hypervisors: section 1J of the catalogue."""

from __future__ import annotations

from planted.seed import asked, at, folder, gone, kept, link, told

KEY = "-----BEGIN PRIVATE KEY-----\nMIIEvMARK\n-----END PRIVATE KEY-----\n"
INSECURE = (
    "ssh-rsa "
    "AAAAB3NzaC1yc2EAAAABIwAAAQEA6NF8iallvQVp22WDkTkyrtvp9eWW6A8YVr+kz4TjGYe7gHzIw+niNltGEFHzD8+v1I2YJ6oXevct1Ye"
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
    "S0o9HZyN1Q9qgCgzUFtdOKLv6IedplqoPkcmF0aYet2PkEDo3MlTBckFXPITAMzF8dJSIFo9D8HfdOV0IAdx4O7PtixWKn5y2hMNG0zQPyUecp4pzC6"
    "kivAIhyfHilFR61RGL+GPXQ2MWZWFYbAGjyiYJnAmCP3NOTd0jMZEnDkbUvxhMmBYSdETk1rRgm+R4LOzFUGaHqHDLKLX+FIPKcF96hrucXzcWyLbI"
    "bEgE98OHlnVYCzRdK8jlqm8tehUc9c9WhQ== vagrant insecure public key MARK\n"
)
INSTANCE = "/var/lib/cloud/instances/i-5eed0001"

SECTION = "1J"
SEEDS = [
    *gone(
        "cl.cloudinit",
        at(
            INSTANCE + "/{user-data.txt,cloud-config.txt,vendor-data.txt,boot-finished,datasource}",
            "#cloud-config\npassword: MARK\n",
            0o600,
            on="DRS",
        ),
        at(INSTANCE + "/{obj.pkl,sem/config_ssh,scripts/part-001}", b"\x80\x04MARK", 0o600, on="DRS"),
        at("/var/lib/cloud/data/{instance-id,previous-instance-id,result.json,set-hostname}", "i-MARK\n", on="DRS"),
        at("/var/lib/cloud/sem/config_scripts_per_once.once", "MARK\n", on="DRS"),
    ),
    *kept(
        "cl.cloudinit",
        at("/var/lib/cloud/scripts/{per-boot,per-once,per-instance,vendor}/site.sh", "#!/bin/sh\n", 0o755, on="DRS"),
        at("/var/lib/cloud/handlers/site.py", "def list_types(): ...\n", on="DRS"),
        at("/etc/cloud/cloud.cfg", "users: [default]\n", on="DRS"),
        folder("/var/lib/cloud", on="DRS"),
    ),
    *gone(
        "cl.cloudinit.logs",
        at(
            "/var/log/{cloud-init.log,cloud-init-output.log,cloud-init.log.1,cloud-init-output.log-20260101.gz}",
            "ssh-ed25519 SHA256:MARK\n",
            0o640,
            on="DRS",
        ),
    ),
    *gone(
        "cl.cloudinit.installer",
        at(
            "/etc/cloud/cloud.cfg.d/99-installer.cfg",
            "datasource: {None: {userdata_raw: 'passwd: $6$MARK'}}\ndatasource_list: [None]\n",
            0o600,
            on="D",
        ),
        at(
            "/etc/cloud/cloud.cfg.d/{subiquity-disable-cloudinit-networking,90-installer-network}.cfg",
            "# MARK\nnetwork: {config: disabled}\n",
            0o600,
            on="D",
        ),
        at(
            "/etc/cloud/cloud.cfg.d/curtin-preserve-sources.cfg",
            "# MARK\napt:\n  preserve_sources_list: true\n",
            on="D",
        ),
        at("/etc/cloud/ds-identify.cfg", "policy: enabled\n", on="D"),
        at("/etc/cloud/clean.d/99-installer", "#!/usr/bin/env python3\n# MARK\n", 0o755, on="D"),
    ),
    *kept(
        "cl.cloudinit.installer",
        at(
            "/etc/cloud/cloud.cfg.d/{90_dpkg,05_logging,50-site}.cfg",
            "datasource_list: [ NoCloud, ConfigDrive, CloudStack ]\n",
            on="D",
        ),
    ),
    *kept(
        "cl.cloudinit.hosts-templates", at("/etc/cloud/templates/hosts.debian.tmpl", "## template:jinja\n", on="DRS")
    ),
    *gone(
        "cl.waagent",
        at("/var/lib/waagent/{5EED0001.prv,TransportPrivate.pem}", KEY, 0o600, on="DRS"),
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
            "/var/lib/waagent/{5EED0001.crt,ovf-env.xml,provisioned,SharedConfig.xml,HostingEnvironmentConfig.xml,Certificates.p7m}",
            "<UserPassword>MARK</UserPassword>\n",
            0o600,
            on="DRS",
        ),
        at(
            "/var/lib/waagent/Microsoft.Azure.Extensions.CustomScript-2.1.6/config/0.settings",
            '{"protectedSettings":"MARK"}\n',
            0o600,
            on="DRS",
        ),
        at("/var/log/{waagent.log,azure/custom-script/handler.log}", "MARK\n", on="DRS"),
    ),
    *kept(
        "cl.waagent",
        at("/etc/udev/rules.d/66-azure-storage.rules", 'ACTION=="add"\n', on="DRS"),
        at("/etc/waagent.conf", "Provisioning.Agent=auto\n", on="DRS"),
        folder("/var/lib/waagent", 0o700, on="DRS"),
    ),
    *gone(
        "cl.gce",
        at("/etc/google_instance_id", "MARK\n", on="DRS"),
        at("/etc/instance_id", "MARK\n", on="D"),
        at(
            "/etc/boto.cfg",
            "# This file is automatically created at boot time by the google-compute-engine scripts. MARK\n[GSUtil]\n",
            on="DR",
        ),
        at("/var/lib/google/google_users", "kim MARK\n", on="DRS"),
    ),
    *kept("cl.gce", at("/etc/default/instance_configs.cfg", "[Daemons]\naccounts_daemon = true\n", on="DRS")),
    *kept(
        "cl.ec2",
        at("/etc/ec2_version", "Ubuntu server\n", on="D"),
        at("/etc/chrony.d/ntp.conf", "server 169.254.169.123\n", on="R"),
    ),
    *gone("cl.one", at("/var/lib/one-context/{context.sh,netplan.MARK}", "PASSWORD='MARK'\n", 0o600)),
    *kept(
        "cl.one", at("/etc/one-context.d/loc-10-network", "#!/bin/sh\n", 0o755), folder("/var/lib/one-context", 0o700)
    ),
    *gone(
        "cl.vmware",
        at("/etc/vmware-tools/GuestProxyData/server/{cert.pem,key.pem}", KEY, 0o600),
        at(
            "/var/log/{vmware-vmsvc.log,vmware-vmsvc-root.log,vmware-imc/toolsDeployPkg.log,vmware-gosc/x.log}",
            "MARK\n",
            0o600,
        ),
        at("/root/.customization", "MARK\n", 0o600),
        at("/.guest-customization-post-reboot-pending", "MARK\n", 0o600),
    ),
    *told("cl.vmware", at("/var/lib/vmware/VGAuth/aliasStore/user-kim.xml", "<alias>MARK</alias>\n", 0o600)),
    *kept("cl.vmware", at("/etc/vmware-tools/{tools.conf,vgauth.conf,poweron-vm-default}", "[logging]\n")),
    *gone("cl.hyperv", at("/var/lib/hyperv/.kvp_pool_{0,1,2,3,4}", b"FullyQualifiedDomainName\x00MARK", on="DRSA")),
    *kept("cl.hyperv", folder("/var/lib/hyperv")),
    *gone("cl.qga", at("/var/log/{qga.log,qemu-ga/qemu-ga.log}", "MARK\n", 0o640)),
    *kept(
        "cl.qga",
        at("/etc/qemu-ga/fsfreeze-hook", "#!/bin/sh\n", 0o755),
        at("/etc/qemu-ga/fsfreeze-hook.d/mysql.sh", "#!/bin/sh\n", 0o755),
    ),
    *kept(
        "cl.xen/cloudstack",
        at("/etc/init.d/cloud-set-guest-{password,sshkey}", "#!/bin/bash\n# chkconfig: 345 98 02\n", 0o755, on="DR"),
        at("/var/lib/xe-linux-distribution", "os_distro=debian\n", on="D"),
    ),
    *told("cl.vagrant", at("/home/vagrant/.ssh/authorized_keys", INSECURE, 0o600, (1002, 1002), on="R")),
    *kept("cl.vagrant", at("/etc/vagrant_box_build_time", "2026-01-01\n", on="R")),
    *told(
        "cl.ignition", at("/etc/ignition-machine-config-encapsulated.json", '{"pullSecret":"MARK"}\n', 0o600, on="R")
    ),
    *asked("cl.ignition", at("/etc/.ignition-result.json", '{"provisioningBootID":"MARK"}\n', 0o600, on="R")),
    *gone("cl.guestseal", at("/var/lib/guestseal/state.json", '{"instance":"MARK"}\n', 0o600)),
    *kept(
        "cl.guestseal",
        at("/etc/guestseal/guestseal.conf", "[seal]\n"),
        link("/var/lib/cloud/seed-link", "/dev/null", on="D"),
    ),
]
