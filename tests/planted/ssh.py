"""SSH: section 1B of the catalogue."""

from __future__ import annotations

from planted.seed import asked, at, folder, gone, kept, link, told

KEY = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmUAMARK\n-----END OPENSSH PRIVATE KEY-----\n"
PUBLIC = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMARK root@golden\n"

SECTION = "1B"
SEEDS = [
    *gone(
        "ssh.hostkeys",
        at("/etc/ssh/ssh_host_{rsa,ecdsa,ed25519}_key", KEY, 0o600),
        at("/etc/ssh/ssh_host_{rsa,ecdsa,ed25519}_key.pub", PUBLIC),
        at("/etc/ssh/ssh_host_ed25519_key-cert.pub", "ssh-ed25519-cert-v01@openssh.com AAAAMARK\n"),
        at("/etc/openssh/ssh_host_rsa_key", KEY, 0o600, on="R"),
        at("/usr/etc/ssh/ssh_host_rsa_key", KEY, 0o600, on="S"),
    ),
    *kept(
        "ssh.hostkeys.globs",
        at("/etc/ssh/ssh_config", "Host *\n"),
        at("/etc/ssh/sshd_config.d/20-keytypes.conf", "PubkeyAcceptedAlgorithms +ssh-rsa\n"),
        at("/etc/ssh/authorized_keys_command", "#!/bin/sh\nexec /usr/bin/false\n", 0o755),
        at("/etc/ssh/sshd_host.conf", "# of the site\n"),
    ),
    *kept(
        "ssh.sshd-config",
        at(
            "/etc/ssh/sshd_config",
            "Include /etc/ssh/sshd_config.d/*.conf\n"
            "AuthorizedKeysFile .ssh/authorized_keys /etc/ssh/authorized_keys/%u\n"
            "HostKey /etc/ssh/ssh_host_rsa_key\nHostKey /etc/ssh/ssh_host_ecdsa_key\n"
            "HostKey /etc/ssh/ssh_host_ed25519_key\n",
            0o600,
        ),
        at("/etc/ssh/sshd_config", "HostKey /srv/keys/ssh_host_site_key\n", on="DRS"),
        folder("/srv/keys"),
        at("/srv/keys/README", "keys of the site\n"),
    ),
    *gone(
        "ssh.hostkeys.configured",
        at("/srv/keys/ssh_host_site_key", KEY, 0o600, on="DRS"),
        at("/srv/keys/ssh_host_site_key.pub", PUBLIC, on="DRS"),
    ),
    *gone(
        "ssh.dropbear",
        at("/etc/dropbear/dropbear_{rsa,ecdsa,ed25519}_host_key", b"\x00\x00\x00\x07ssh-rsaMARK", 0o600, on="DA"),
    ),
    *kept("ssh.dropbear", at("/etc/dropbear/dropbear.conf", "DROPBEAR_ARGS=-s\n", on="DA")),
    *gone("ssh.dropbear", at("/etc/tinyssh/sshkeydir/{.ed25519.sk,ed25519.pk}", b"MARK", 0o600, on="DX")),
    *told(
        "ssh.dropbear",
        at("/etc/dropbear/initramfs/dropbear_rsa_host_key", b"\x00\x00\x00\x07ssh-rsaMARK", 0o600, on="D"),
        at("/etc/dropbear-initramfs/dropbear_ecdsa_host_key", b"\x00\x00\x00\x07ssh-MARK", 0o600, on="D"),
        at("/etc/dropbear/initramfs/authorized_keys", PUBLIC, 0o600, on="D"),
    ),
    *asked(
        "ssh.authkeys",
        at("{home}/.ssh/authorized_keys", PUBLIC, 0o600),
        at("{home}/.ssh/authorized_keys2", PUBLIC, 0o600),
        at("/etc/ssh/authorized_keys/kim", PUBLIC),
    ),
    *gone(
        "ssh.userkeys",
        at("{home}/.ssh/{id_rsa,id_ed25519,id_ecdsa_sk,identity,deploy-MARK,work.pem}", KEY, 0o600),
        at(
            "{home}/.ssh/old-putty", "-----BEGIN RSA PRIVATE KEY-----\nMIIEMARK\n-----END RSA PRIVATE KEY-----\n", 0o600
        ),
    ),
    *told(
        "ssh.userkeys",
        at("{home}/.ssh/config", "Host bastion-MARK\n  User root\n  ProxyJump hop\n", 0o600),
        at("{home}/.ssh/environment", "TOKEN=MARK\n", 0o600),
        at("{home}/.ssh/rc", "#!/bin/sh\necho MARK\n", 0o700),
    ),
    *gone("ssh.known", at("{home}/.ssh/{known_hosts,known_hosts.old}", "|1|MARK= ssh-rsa AAAA\n", 0o600)),
    *told("ssh.known", at("/etc/ssh/ssh_known_hosts", "git.example.net ssh-rsa AAAAMARK\n")),
    *gone(
        "ssh.cloudcfg",
        at("/etc/ssh/sshd_config.d/50-cloud-init.conf", "# MARK\nPasswordAuthentication yes\n", 0o600, on="DRS"),
    ),
    *kept("ssh.cloudcfg", at("/etc/ssh/sshd_config.d/60-site.conf", "PasswordAuthentication no\n")),
    *kept("ssh.perms", folder("/root/.ssh", 0o700)),
    *kept("ssh.sshd-misc", at("/etc/ssh/moduli", "20230101 2 6 100 2047 2 F5\n")),
    *kept(
        "ssh.revoked",
        at("/etc/ssh/revoked_keys", "ssh-ed25519 AAAArevoked\n", 0o600),
        link("/etc/ssh/ssh_host_dsa_key", "/dev/null"),
    ),
]
