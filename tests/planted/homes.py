"""Histories and secrets of accounts: section 1F of the catalogue."""

from __future__ import annotations

from planted.seed import asked, at, gone, kept, link, told

KEY = "-----BEGIN PRIVATE KEY-----\nMIIEvMARK\n-----END PRIVATE KEY-----\n"
H = "{home}/"

SECTION = "1F"
SEEDS = [
    *gone(
        "us.hist.shell",
        at(H + ".{bash,zsh,ash,sh,ksh,mksh,tcsh}_history", "mysql -pMARK\n", 0o600),
        at(H + ".{zhistory,histfile,history,xonsh_history}", "export TOKEN=MARK\n", 0o600),
        at(H + ".local/share/fish/fish_history", "- cmd: MARK\n  when: 1\n", 0o600),
        at(H + ".config/fish/fish_history", "- cmd: MARK\n  when: 1\n", 0o600),
        at(H + ".local/state/bash/history", "MARK\n", 0o600),
        at(H + ".bash_sessions/MARK.history", "MARK\n", 0o600),
        at(H + ".zsh_sessions/MARK.session", "MARK\n", 0o600),
        at(H + ".config/nushell/history.txt", "MARK\n", 0o600),
        at(H + ".local/share/atuin/history.db", b"SQLite format 3\x00MARK", 0o600),
        at(H + ".local/share/atuin/key", "MARK", 0o600),
        at(H + ".config/zsh/.zsh_history", "export TOKEN=MARK\n", 0o600),
        at(H + ".local/state/zsh/history", "export TOKEN=MARK\n", 0o600),
        at(H + ".local/share/powershell/PSReadLine/ConsoleHost_history.txt", "MARK\n", 0o600),
        at(H + ".bash_history-01234.tmp", "MARK\n", 0o600),
        at(H + ".my-secret-shell-log", "curl -H MARK\n", 0o600),
    ),
    *kept(
        "us.hist.shell",
        at(H + ".bashrc", 'export HISTSIZE=1000\nHISTFILE="$HOME/.my-secret-shell-log"\n'),
        at(H + ".profile", "umask 022\n"),
        at(H + ".history-notes.txt", "my notes\n"),
        link(H + ".rhosts_history", "/dev/null"),
        at(H + ".config/fish/config.fish", "set -g fish_greeting\n"),
        at(H + ".config/nushell/config.nu", "# config\n"),
    ),
    *gone(
        "us.hist.apps",
        at(
            H + ".{python,mysql,psql,sqlite,rediscli,node_repl,irb,pry,gdb,units,calc,bpython,php,scapy}_history",
            "CREATE USER x IDENTIFIED BY 'MARK';\n",
            0o600,
        ),
        at(H + ".mongodb/mongosh/mongosh_repl_history", "db.auth('MARK')\n", 0o600),
        at(H + ".{dbshell,lesshst,viminfo,octave_hist,Rhistory,wget-hsts}", "MARK\n", 0o600),
        at(H + ".local/share/nvim/shada/main.shada", b"\x01MARK", 0o600),
        at(H + ".local/state/nvim/shada/main.shada", b"\x01MARK", 0o600),
        at(H + ".vim/undo/%etc%shadow-MARK", b"VimMARK", 0o600),
        at(H + ".vim/swap/.x.swp", b"b0VIMMARK", 0o600),
        at(H + ".julia/logs/repl_history.jl", "# MARK\n", 0o600),
        at(H + ".ipython/profile_default/history.sqlite", b"SQLite format 3\x00MARK", 0o600),
        at(H + ".local/share/recently-used.xbel", "<xbel>MARK</xbel>\n", 0o600),
        at(H + ".nano/search_history", "MARK\n", 0o600),
        at(H + ".local/share/nano/search_history", "MARK\n", 0o600),
        at(H + ".{duckdb,influx,mycli,iredis}_history", "AUTH MARK\n", 0o600),
        at(
            H + ".{mycli-history,config/pgcli/history,cassandra/cqlsh_history}",
            "MARK\n",
            0o600,
        ),
        at(H + ".local/state/{lesshst,python_history,psql_history}", "MARK\n", 0o600),
        at(H + ".lftp/rl_history", "open -u u,MARK ftp\n", 0o600),
    ),
    *kept(
        "us.hist.apps",
        at(H + ".{vimrc,selected_editor}", "syntax on\n"),
        at(H + ".vim/colors/site.vim", "hi clear\n"),
        at(H + ".ipython/profile_default/ipython_config.py", "c = get_config()\n"),
    ),
    *gone(
        "us.cloudcreds",
        at(H + ".aws/credentials", "[default]\naws_access_key_id=AKIAMARK\naws_secret_access_key=MARK\n", 0o600),
        at(H + ".aws/{cli/cache/MARK.json,sso/cache/MARK.json}", '{"accessToken":"MARK"}\n', 0o600),
        at(H + ".azure/{accessTokens.json,msal_token_cache.json}", '{"refreshToken":"MARK"}\n', 0o600),
        at(
            H + ".config/gcloud/{credentials.db,application_default_credentials.json}",
            '{"refresh_token":"MARK"}\n',
            0o600,
        ),
        at(H + ".boto", "[Credentials]\ngs_oauth2_refresh_token = MARK\n", 0o600),
        at(H + ".s3cfg", "[default]\nsecret_key = MARK\n", 0o600),
        at(H + ".oci/{config,oci_api_key.pem}", KEY, 0o600),
        at(H + ".config/doctl/config.yaml", "access-token: MARK\n", 0o600),
        at(H + ".config/hcloud/cli.toml", 'token = "MARK"\n', 0o600),
        at(H + ".config/linode-cli", "[DEFAULT]\ntoken = MARK\n", 0o600),
        at(H + ".aliyun/config.json", '{"access_key_secret":"MARK"}\n', 0o600),
        at(H + ".config/scw/config.yaml", "secret_key: MARK\n", 0o600),
        at(H + ".config/openstack/clouds.yaml", "clouds: {x: {auth: {password: MARK}}}\n", 0o600),
        at(H + "{openrc,openrc.sh,admin-openrc.sh}", "export OS_PASSWORD=MARK\n", 0o600),
        at(H + ".terraform.d/credentials.tfrc.json", '{"credentials":{"app.terraform.io":{"token":"MARK"}}}\n', 0o600),
        at(H + ".terraformrc", 'credentials "app.terraform.io" { token = "MARK" }\n', 0o600),
        at(H + ".vault-token", "hvs.MARK", 0o600),
        at(H + ".config/sops/age/keys.txt", "AGE-SECRET-KEY-1MARK\n", 0o600),
        at(H + ".pulumi/credentials.json", '{"current":"x","accessTokens":{"x":"MARK"}}\n', 0o600),
        at(H + ".config/rclone/rclone.conf", "[nas]\ntype = sftp\npass = MARK\n", 0o600),
    ),
    *kept(
        "us.cloudcreds",
        at(H + ".config/htop/htoprc", "fields=0 48\n"),
        at(H + ".terraform.d/plugins/README", "plugins\n"),
    ),
    *gone(
        "us.devcreds",
        at(H + ".netrc", "machine git.example.net login u password MARK\n", 0o600),
        at(H + ".git-credentials", "https://u:MARK@git.example.net\n", 0o600),
        at(H + ".config/git/credentials", "https://u:MARK@git.example.net\n", 0o600),
        at(H + ".config/gh/hosts.yml", "github.com:\n    oauth_token: gho_MARK\n", 0o600),
        at(H + ".config/glab-cli/config.yml", "hosts: {gitlab.com: {token: MARK}}\n", 0o600),
        at(H + ".pypirc", "[pypi]\nusername = __token__\npassword = pypi-MARK\n", 0o600),
        at(H + ".cargo/{credentials,credentials.toml}", '[registry]\ntoken = "MARK"\n', 0o600),
        at(H + ".gem/credentials", ":rubygems_api_key: rubygems_MARK\n", 0o600),
        at(H + ".config/composer/auth.json", '{"github-oauth":{"github.com":"MARK"}}\n', 0o600),
        at(H + ".docker/config.json", '{"auths":{"r.example.net":{"auth":"MARK"}}}\n', 0o600),
        at(H + ".config/containers/auth.json", '{"auths":{"r.example.net":{"auth":"MARK"}}}\n', 0o600),
        at(H + ".kube/config", "users:\n- name: admin\n  user: {token: MARK}\n", 0o600),
        at(H + ".kube/cache/discovery/MARK.json", "{}\n", 0o600),
        at(H + ".config/helm/registry/config.json", '{"auths":{"r":{"auth":"MARK"}}}\n', 0o600),
        at(H + ".ansible/{galaxy_token,tmp/ansible-tmp-MARK/x.py}", "token: MARK\n", 0o600),
        at(H + ".vault_pass.txt", "MARK\n", 0o600),
        at(H + ".subversion/auth/svn.simple/MARK", "K 8\npassword\nV 4\nMARK\n", 0o600),
        at(H + ".config/hub", "github.com:\n- user: u\n  oauth_token: MARK\n", 0o600),
    ),
    *told(
        "us.devcreds",
        at(H + ".npmrc", "registry=https://npm.example.net/\n//npm.example.net/:_authToken=npm_MARK\n", 0o600),
        at(H + ".yarnrc.yml", "npmAuthToken: MARK\n", 0o600),
        at(
            H + "{.config/pip/pip.conf,.pip/pip.conf}",
            "[global]\nindex-url = https://u:MARK@pypi.example.net/simple\n",
            0o600,
        ),
        at(
            H + ".m2/settings.xml",
            "<settings><servers><server><id>n</id><password>MARK</password></server></servers></settings>\n",
            0o600,
        ),
        at(H + ".gradle/gradle.properties", "nexusPassword=MARK\n", 0o600),
        at(
            H + ".nuget/NuGet/NuGet.Config",
            '<configuration><packageSourceCredentials><x><add key="ClearTextPassword" value="MARK" '
            "/></x></packageSourceCredentials></configuration>\n",
            0o600,
        ),
    ),
    *kept(
        "us.devcreds",
        at(H + ".gitconfig", "[user]\n\tname = K\n"),
        at(H + ".cargo/config.toml", "[build]\njobs = 2\n"),
        at(H + ".subversion/servers", "[global]\n"),
    ),
    *told(
        "us.dbcreds",
        at(H + ".my.cnf", "[client]\nuser=root\npassword=MARK\n", 0o600),
        at(H + ".mylogin.cnf", b"\x00\x00MARK", 0o600),
        at(H + ".pgpass", "db:5432:*:u:MARK\n", 0o600),
        at(H + ".pg_service.conf", "[x]\nhost=db\npassword=MARK\n", 0o600),
        at(H + ".odbc.ini", "[x]\nPWD=MARK\n", 0o600),
        at(H + ".local/share/DBeaverData/workspace6/General/.dbeaver/credentials-config.json", b"\x8fMARK", 0o600),
        at(H + "{.msmtprc,.fetchmailrc}", "poll mail.example.net user u password MARK\n", 0o600),
        at(H + ".muttrc", "set imap_pass = 'MARK'\n", 0o600),
        at(H + ".smbcredentials", "username=u\npassword=MARK\n", 0o600),
    ),
    *gone(
        "us.gpg",
        at(H + ".gnupg/.#lk0x5eed.golden.77", "MARK\n", 0o600),
        at(H + ".gnupg/pubring.db.lock", "MARK\n", 0o600),
    ),
    *told(
        "us.gpg",
        at(H + ".gnupg/private-keys-v1.d/MARK.key", b"(21:protected-private-key MARK)", 0o600),
        at(H + ".gnupg/secring.gpg", b"\x95MARK", 0o600),
        at(H + ".gnupg/openpgp-revocs.d/MARK.rev", "MARK\n", 0o600),
        at(H + ".password-store/web/MARK.gpg", b"\x85MARK", 0o600),
        at(H + ".local/share/keyrings/login.keyring", b"GnomeKeyring\n\rMARK", 0o600),
        at(H + ".local/share/kwalletd/kdewallet.kwl", b"KWALLET\nMARK", 0o600),
        at(H + ".pki/nssdb/key4.db", b"SQLite format 3\x00MARK", 0o600),
    ),
    *kept("us.gpg", at(H + ".gnupg/pubring.kbx", b"\x00KBXf", 0o600), at(H + ".gnupg/gpg.conf", "use-agent\n", 0o600)),
    *gone(
        "us.x",
        at(H + ".{Xauthority,ICEauthority,pulse-cookie,esd_auth}", b"\x01MARK", 0o600),
        at(H + "{.xsession-errors,.xsession-errors.old}", "MARK\n", 0o600),
        at(H + ".cache/{thumbnails/large/MARK.png,JetBrains/IdeaIC2023.1/log/MARK.log,MARK.bin}", b"MARK", 0o600),
        at(H + ".dbus/session-bus/5eed66660000111122223333444455cc-0", "DBUS_SESSION_BUS_ADDRESS=unix:MARK\n", 0o600),
        at(H + ".config/pulse/cookie", b"\x02MARK", 0o600),
        at(H + ".local/share/Trash/files/MARK.txt", "MARK\n", 0o600),
        at(H + ".thumbnails/normal/MARK.png", b"MARK", 0o600),
        at(H + ".local/share/gvfs-metadata/home", b"\xda\x1ameta\x01\x00MARK", 0o600),
        at(H + ".local/share/{baloo/index,tracker/data/tracker-store.journal}", b"MARK", 0o600),
        link(H + ".config/chromium/SingletonLock", "golden-MARK"),
        at(
            H + ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ".vscode-server/{data/logs/20260101T000000/remoteagent.log,.5eed.log,.5eed.token,cli/servers/Stable-5eed/log.txt}",
            "MARK\n",
            0o600,
        ),
    ),
    *told(
        "us.x",
        at(H + ".mozilla/firefox/abcd.default/logins.json", '{"logins":[{"encryptedPassword":"MARK"}]}\n', 0o600),
        at(H + ".config/{google-chrome,chromium}/Default/Login Data", b"SQLite format 3\x00MARK", 0o600),
    ),
    *kept(
        "us.x",
        at(H + ".config/gnome-initial-setup-done", "yes"),
        at(H + ".config/user-dirs.dirs", 'XDG_DESKTOP_DIR="$HOME/Desktop"\n'),
        at(H + ".hushlogin", ""),
    ),
    *gone(
        "us.sudo-as-admin", at(H + "{.sudo_as_admin_successful,.cloud-warnings.skip,.cloud-locale-test.skip}", "MARK")
    ),
    *asked(
        "us.dead", at(H + "{dead.letter,nohup.out,core,core.1234}", "MARK\n", 0o600), at(H + "build-MARK.log", "x\n")
    ),
    *kept("us.dead", at(H + "core.txt", "the core of it\n"), at(H + "Documents/core", "a folder's file\n")),
    *gone(
        "us.installers",
        at(
            "/root/{install.log,install.log.syslog,anaconda-ks.cfg,anaconda-post.log,original-ks.cfg,initial-setup-ks.cfg}",
            "rootpw --iscrypted $6$MARK\n",
            0o600,
            on="R",
        ),
        at("/root/autoinst.xml", "<user_password>MARK</user_password>\n", 0o600, on="S"),
        at("/root/openscap_data/eval_MARK.xml", "<x/>\n", 0o600, on="R"),
        at(
            "/home/kim/{user_configuration,user_credentials}.json",
            '{"!root-password": "MARK"}\n',
            0o600,
            (1000, 1000),
            on="X",
        ),
    ),
]
