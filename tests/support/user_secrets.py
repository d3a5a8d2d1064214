"""Files in home directories that hold a secret among what somebody may need, and some that look like them."""

from __future__ import annotations

from support.trees import Entry, File

OPAQUE = (
    *(".gnupg/private-keys-v1.d/0A.key", ".gnupg/secring.gpg", ".gnupg/openpgp-revocs.d/0A.rev", ".gnupg/revoke.rev"),
    *(".config/sops/age/keys.txt", ".config/age/keys.txt", ".password-store/mail/me.gpg", ".mylogin.cnf", ".pgpass"),
    *(".local/share/keyrings/login.keyring", ".local/share/kwalletd/kdewallet.kwl"),
    *(".local/share/kwalletd/kdewallet.salt", ".pki/nssdb/key4.db", ".pki/nssdb/key3.db"),
    *(".local/share/DBeaverData/workspace6/General/.dbeaver/credentials-config.json",),
    ".dbeaver4/General/.dbeaver/credentials-config.json",
)
SETTINGS = {
    ".my.cnf": "[client]\nuser=root\npassword = hunter2\n",
    ".pg_service.conf": "[db]\npassword=hunter2\n",
    ".smbcredentials": "username=kim\npassword=hunter2\n",
    ".odbc.ini": "[db]\nUID = kim\nPWD = hunter2\n",
    ".msmtprc": "account x\npassword hunter2\n",
    ".config/msmtp/config": "password hunter2\n",
    ".fetchmailrc": "poll mail.example.com user kim password hunter2\n",
    ".muttrc": 'set imap_pass = "hunter2"\n',
    ".mutt/muttrc": 'set smtp_pass="hunter2"\n',
    ".config/mutt/muttrc": 'set imap_pass = "hunter2"\n',
    ".config/neomutt/neomuttrc": 'set imap_pass = "hunter2"\n',
    ".lftp/bookmarks": "site\tftp://kim:hunter2@ftp.example.com/\n",
    ".local/share/lftp/bookmarks": "site\tftp://kim:hunter2@ftp.example.com/\n",
    ".npmrc": "fund=false\n//registry.npmjs.org/:_authToken=npm_hunter2\n",
    ".yarnrc.yml": 'nodeLinker: node-modules\nnpmAuthToken: "hunter2"\n',
    ".config/pip/pip.conf": "[global]\nindex-url = https://kim:hunter2@pypi.example.com/simple\n",
    ".pip/pip.conf": "[global]\nextra-index-url = https://kim:hunter2@pypi.example.com/simple\n",
    ".condarc": "channels:\n  - https://kim:hunter2@conda.example.com\n",
    ".m2/settings.xml": "<settings><server><password>hunter2</password></server></settings>\n",
    ".gradle/gradle.properties": "org.gradle.daemon=true\nnexusPassword=hunter2\n",
    ".nuget/NuGet/NuGet.Config": '<add key="ClearTextPassword" value="hunter2" />\n',
    ".config/NuGet/NuGet.Config": '<add key="Password" value="AQAA" />\n',
    ".aws/config": "[default]\nregion=eu-west-1\naws_secret_access_key = hunter2\n",
    ".config/openstack/clouds.yaml": "clouds:\n  x:\n    auth:\n      password: hunter2\n",
    "admin-openrc.sh": 'export OS_USERNAME=admin\nexport OS_PASSWORD="hunter2"\n',
    "keystonerc_admin": "    export OS_PASSWORD='hunter2'\n",
    ".terraformrc": 'credentials "app.terraform.io" {\n  token = "hunter2"\n}\n',
    ".config/rclone/rclone.conf": "[remote]\ntype = crypt\npassword = hunter2\n",
}
STYLES = {
    ".config/openstack/clouds.yaml": "clouds:\n  x: {auth: {username: kim, password: hunter2}}\n",
    ".terraformrc": 'credentials "app.terraform.io" { token = "hunter2" }\n',
}
HARMLESS = {
    ".config/openstack/clouds.yaml": "clouds:\n  x: {auth: {username: kim}} # password: asked for\n",
    ".terraformrc": '# credentials { token = "none" }\n',
    ".my.cnf": "[client]\nuser=root\n# password = none\n",
    ".npmrc": "fund=false\n",
    ".config/pip/pip.conf": "[global]\nindex-url = https://pypi.example.com/simple\n",
    ".m2/settings.xml": "<settings><server><password>${env.PASSWORD}</password></server></settings>\n",
    ".gradle/gradle.properties": "# password=\norg.gradle.daemon=true\n",
    ".aws/config": "[default]\nregion=eu-west-1\n",
    "openrc.sh": "read -sr OS_PASSWORD_INPUT\nexport OS_PASSWORD=$OS_PASSWORD_INPUT\n",
    ".muttrc": "set sort = threads\n",
    ".config/rclone/rclone.conf": "[local]\ntype = local\n",
    ".gnupg/pubring.kbx": "KBXf\n",
    ".gnupg/gpg.conf": "use-agent\n",
    ".password-store/.gpg-id": "0A\n",
    "openrc/src/rc.c": "export OS_PASSWORD=hunter2\n",
}
DIRECTORIES = frozenset(f"/root/{name.rpartition('/')[0]}".rstrip("/") for name in (*OPAQUE, *SETTINGS))


def in_root(files: dict[str, str]) -> dict[str, Entry]:
    """These files in root's home."""
    return {f"/root/{name}": File(content, 0o600) for name, content in files.items()}


EVERY = {**in_root(dict.fromkeys(OPAQUE, "\x01opaque\n")), **in_root(SETTINGS)}
OTHER_STYLES = in_root(STYLES)
DECOYS = in_root(HARMLESS)
