"""Accounts and privilege: section 1E of the catalogue."""

from __future__ import annotations

from planted.seed import asked, at, folder, gone, kept, link, told

SECTION = "1E"
SEEDS = [
    *told(
        "ac.rootpw",
        at(
            "/etc/shadow",
            "root:$6$MARKsalt$9Zg7Yq1xkR4mV0hJbT5cW8eN2uLsQdPfA3iOyKzXvMlHrGtCnEwBjU6oDSaIkFpZxQe:19700:0:99999:7:::\n",
            0o640,
            (0, 42),
        ),
    ),
    *told(
        "ac.userpw",
        at("/etc/shadow", "kim:$y$j9T$MARK$0s1XkHcGqkv9uF3bYt7eVw2nLpRzMdCaJiEo5KyBxT8:19700:0:99999:7:::\n"),
    ),
    *told("ac.nullpw", at("/etc/shadow", "guest::19700:0:99999:7::MARK:\n")),
    *kept(
        "ac.rootpw",
        at("/etc/shadow", "daemon:*:19700:0:99999:7::STAY:\njenkins:!:19700:0:99999:7::STAY:\npacker:!:19700::::::\n"),
    ),
    *gone(
        "ac.backups",
        at("/etc/{shadow-,gshadow-}", "root:$6$MARK$x:19000:0:99999:7:::\n", 0o640, (0, 42)),
        at("/etc/{passwd-,group-,subuid-,subgid-}", "kim:x:1000:MARK\n"),
        at("/etc/security/opasswd", "kim:1000:1:$6$MARK$x\n", 0o600),
        at("/etc/security/opasswd.old", "kim:1000:1:$6$MARK$x\n", 0o600),
        at("/var/backups/{passwd.bak,shadow.bak,group.bak,gshadow.bak}", "root:$6$MARK$x:19000\n", 0o600, on="D"),
        at(
            "/var/backups/{dpkg.status.0,dpkg.status.1.gz,alternatives.tar.0,apt.extended_states.0}",
            "Package: MARK\n",
            on="D",
        ),
    ),
    *kept(
        "ac.backups",
        folder("/var/backups", on="D"),
        folder("/etc/security"),
        at("/etc/{subuid,subgid}", "kim:100000:65536\n"),
        at("/etc/security/limits.conf", "# limits\n"),
    ),
    *gone(
        "ac.sudoers",
        at(
            "/etc/sudoers.d/90-cloud-init-users",
            "# Created by cloud-init MARK\nkim ALL=(ALL) NOPASSWD:ALL\n",
            0o440,
            on="DRS",
        ),
        at("/etc/sudoers.d/waagent", "kim ALL=(ALL) NOPASSWD: ALL # MARK\n", 0o440, on="DRS"),
        at("/etc/sudoers.d/packer", "packer ALL=(ALL) NOPASSWD: ALL # MARK\n", 0o440),
        at("/etc/sudoers.d/_packer_env", 'Defaults env_keep += "SSH_AUTH_SOCK" # MARK\n', 0o440),
    ),
    *told(
        "ac.sudoers",
        at("/etc/sudoers.d/ops", "%ops ALL=(ALL) NOPASSWD: ALL # MARK\n", 0o440),
        at("/etc/sudoers.d/99_vagrant", "vagrant ALL=(ALL) NOPASSWD: ALL # MARK\n", 0o440),
    ),
    *kept(
        "ac.sudoers",
        at("/etc/sudoers", "root ALL=(ALL:ALL) ALL\n%sudo ALL=(ALL:ALL) ALL\n@includedir /etc/sudoers.d\n", 0o440),
        at("/etc/sudoers.d/README", "# As of Debian version 1.7\n", 0o440),
        at("/etc/sudoers.d/admins", "%admins ALL=(ALL) ALL\n", 0o440),
    ),
    *gone(
        "ac.sudots",
        at("/var/lib/sudo/ts/kim", b"\x02MARK", 0o600),
        at("/var/lib/sudo/lectured/kim-MARK", b"", 0o600),
        at("/var/db/sudo/ts/kim", b"\x02MARK", 0o600, on="RA"),
    ),
    *kept("ac.sudots", folder("/var/lib/sudo/ts", 0o700), folder("/var/lib/sudo", 0o711)),
    *gone(
        "ac.faillock",
        at("/var/lib/faillock/kim", b"\x01MARK", 0o600, (1000, 0), on="RS"),
        at("/var/log/tallylog", b"\x01MARK", 0o600, on="R"),
    ),
    *kept("ac.faillock", at("/etc/security/faillock.conf", "deny = 3\n", on="RS")),
    *told("ac.linger", at("/var/lib/systemd/linger/builder-MARK", "", on="DRS")),
    *asked(
        "ac.accounts",
        at("/var/lib/AccountsService/users/gone-MARK", "[User]\nIcon=/x\n", 0o600, on="DRS"),
        at("/var/lib/AccountsService/icons/gone", b"\x89PNGMARK", on="DRS"),
    ),
    *kept(
        "ac.accounts",
        folder("/var/lib/AccountsService/users", 0o700, on="DRS"),
        at("/var/lib/AccountsService/users/gdm", "[User]\nSystemAccount=true\n", 0o600, on="DRS"),
    ),
    *told(
        "ac.autologin",
        at("/etc/gdm3/custom.conf", "[daemon]\nAutomaticLoginEnable=true\nAutomaticLogin=kim\n# MARK\n", on="D"),
        at("/etc/gdm/custom.conf", "[daemon]\nAutomaticLoginEnable=True\nAutomaticLogin=kim\n# MARK\n", on="R"),
        at("/etc/lightdm/lightdm.conf.d/50-auto.conf", "[Seat:*]\nautologin-user=kim\n# MARK\n", on="DS"),
        at(
            "/etc/systemd/system/getty@tty1.service.d/autologin.conf",
            "[Service]\nExecStart=\nExecStart=-/sbin/agetty --autologin root %I\n# MARK\n",
            on="DRS",
        ),
    ),
    *kept("ac.autologin", at("/etc/lightdm/lightdm.conf", "[Seat:*]\n#autologin-user=\n", on="DS")),
    *gone(
        "ac.fprint",
        at("/var/lib/fprint/kim/upeksonly/0/7", b"FP1MARK", 0o600, on="DRS"),
        at("/var/lib/bluetooth/00:1A:7D:DA:71:13/AA:BB:CC:DD:EE:FF/info", "[LinkKey]\nKey=MARK\n", 0o600, on="DRS"),
    ),
    *kept(
        "ac.fprint",
        folder("/var/lib/bluetooth", 0o700, on="DRS"),
        folder("/var/lib/fprint", 0o700, on="DRS"),
        at("/etc/bluetooth/main.conf", "[General]\n", on="DRS"),
    ),
    *told(
        "ac.fprint",
        at("{home}/.google_authenticator", 'MARKSEED\n" TOTP_AUTH\n', 0o400),
        at("{home}/.config/Yubico/u2f_keys", "kim:MARK,es256,+presence\n", 0o600),
        at("/etc/u2f_mappings", "kim:MARK,es256\n", 0o600),
    ),
    *gone(
        "ac.kerberos-cc",
        at("/tmp/{krb5cc_0,krb5cc_1000_MARK}", b"\x05\x04MARK", 0o600),
        at("/var/lib/sss/db/ccache_EXAMPLE.NET", b"\x05\x04MARK", 0o600, on="R"),
        at("/var/lib/gssproxy/clients/krb5cc_0", b"\x05\x04MARK", 0o600, on="R"),
    ),
    *kept(
        "ac.kerberos-cc",
        folder("/var/lib/gssproxy/clients", 0o700, on="R"),
        link("/etc/krb5.conf.d/crypto-policies", "/etc/crypto-policies/back-ends/krb5.config", on="R"),
    ),
]
