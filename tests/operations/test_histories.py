"""Histories of every account, wherever its home is."""

from __future__ import annotations

from support.operation_cases import ALPINE, ARCH, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File, Hardlink, Link

PASSWD = {
    "/etc/passwd": File(
        "root:x:0:0:root:/root:/bin/bash\n"
        "daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin\n"
        "postgres:x:112:113::/var/lib/postgresql:/bin/bash\n"
        "kim:x:1000:1000:Kim:/srv/people/kim:/bin/bash\n"
    )
}
KIM = (1000, 1000)
SECRET = File("mysql -phunter2\n", 0o600)
KIMS = File("mysql -phunter2\n", 0o600, KIM)

EVERY_PROGRAM = (
    *(".bash_history", ".bash_history-01234.tmp", ".zsh_history.LOCK", ".history", ".zhistory", ".histfile"),
    *(".python_history", ".mysql_history", ".psql_history", ".sqlite_history", ".rediscli_history", ".gdb_history"),
    *(".lesshst", ".viminfo", ".viminfa.tmp", ".netrwhist", ".vim/undodir/%etc", ".vim/swap/x.swp", ".vim/.netrwhist"),
    *(".octave_hist", ".Rhistory", ".dbshell", ".wget-hsts", ".nano/search_history", ".mc/history"),
    *(".lftp/rl_history", ".mongodb/mongosh/mongosh_repl_history", ".mongodb/mongosh/0123_log"),
    *(".julia/logs/repl_history.jl", ".ipython/profile_default/history.sqlite", ".bash_sessions/1.history"),
    *(".zsh_sessions/1.history", ".local/share/fish/fish_history", ".config/fish/fish_history"),
    *(".local/share/atuin/history.db", ".local/share/xonsh/xonsh-1.json", ".config/nushell/history.txt"),
    *(".local/state/python_history", ".local/state/bash/history", ".local/state/nvim/shada/main.shada"),
    *(".local/share/nvim/shada/main.shada", ".local/share/nano/search_history", ".local/share/mc/history"),
    *(".local/share/lftp/rl_history", ".local/share/recently-used.xbel"),
    *(".clickhouse-client-history", ".config/pgcli/history", ".cassandra/cqlsh_history", ".mysqlsh/history.sql"),
    *(".local/share/powershell/PSReadLine/ConsoleHost_history.txt", ".emacs.d/history", ".w3m/history"),
    *(".lftp/transfer_log", ".local/share/lftp/transfer_log", ".local/state/lesshst", ".local/share/lesshst"),
    *(".config/zsh/.zsh_history", ".config/zsh/.zhistory"),
)
EMPTY_DIRECTORIES = (
    *("", "/.vim", "/.nano", "/.mc", "/.lftp", "/.mongodb/mongosh", "/.julia/logs", "/.ipython/profile_default"),
    *("/.local/share/fish", "/.config/fish", "/.local/share/xonsh", "/.config/nushell", "/.local/state/bash"),
    *("/.local/share/nvim", "/.local/share/nano", "/.local/share/mc", "/.local/share/lftp"),
    *("/.config/pgcli", "/.cassandra", "/.mysqlsh", "/.local/share/powershell/PSReadLine", "/.emacs.d", "/.w3m"),
    "/.config/zsh",
)

CASES = (
    Case(
        "every program",
        DEBIAN,
        {f"/root/{name}": SECRET for name in EVERY_PROGRAM},
        {f"/root{name}": Dir() for name in EMPTY_DIRECTORIES},
    ),
    Case(
        "homes outside /home, and the skeleton of homes to come",
        REDHAT,
        {
            **PASSWD,
            "/var/lib/postgresql/.psql_history": SECRET,
            "/srv/people/kim": Dir(0o700, KIM),
            "/srv/people/kim/.bash_history": KIMS,
            "/home/left-over/.bash_history": KIMS,
            "/etc/skel/.bash_history": SECRET,
        },
        {
            **PASSWD,
            "/var/lib/postgresql": Dir(),
            "/srv/people/kim": Dir(0o700, KIM),
            "/home/left-over": Dir(),
            "/etc/skel": Dir(),
        },
    ),
    Case(
        "history that somebody switched off",
        SUSE,
        {"/root/.bash_history": Link("/dev/null"), "/root/.lesshst": Link("/dev/null"), "/root/.viminfo": SECRET},
        {"/root/.bash_history": Link("/dev/null"), "/root/.lesshst": Link("/dev/null")},
    ),
    Case(
        "a link goes, what it leads to stays",
        ALPINE,
        {"/root/.ash_history": Link("/srv/history"), "/srv/history": SECRET},
        {"/root": Dir(), "/srv/history": SECRET},
    ),
    Case(
        "a second name elsewhere keeps its content",
        DEBIAN,
        {**PASSWD, "/etc/shadow": SECRET, "/srv/people/kim/.bash_history": Hardlink("/etc/shadow")},
        {**PASSWD, "/etc/shadow": SECRET, "/srv/people/kim": Dir()},
    ),
    Case(
        "HISTFILE within the home",
        ARCH,
        {
            **PASSWD,
            "/root/.zshrc": File('export HISTFILE="$HOME/.zsh/log"\n# HISTFILE=~/notes\n'),
            "/root/.zsh/log": SECRET,
            "/root/notes": SECRET,
            "/srv/people/kim/.bashrc": File("HISTFILE=~/deep/er/past HISTSIZE=9\n", owner=KIM),
            "/srv/people/kim/.profile": File("HISTFILE=${HOME}/.bash_history\n", owner=KIM),
            "/srv/people/kim/.kshrc": File("HISTFILE=/srv/people/kim/.shell\n", owner=KIM),
            "/srv/people/kim/.bash_history": KIMS,
            "/srv/people/kim/.shell": KIMS,
            "/srv/people/kim/deep/er/past": KIMS,
        },
        {
            **PASSWD,
            "/root/.zshrc": File('export HISTFILE="$HOME/.zsh/log"\n# HISTFILE=~/notes\n'),
            "/root/.zsh": Dir(),
            "/root/notes": SECRET,
            "/srv/people/kim/.bashrc": File("HISTFILE=~/deep/er/past HISTSIZE=9\n", owner=KIM),
            "/srv/people/kim/.profile": File("HISTFILE=${HOME}/.bash_history\n", owner=KIM),
            "/srv/people/kim/.kshrc": File("HISTFILE=/srv/people/kim/.shell\n", owner=KIM),
            "/srv/people/kim/deep/er": Dir(),
        },
    ),
    Case(
        "an account cannot point at the files of others",
        REDHAT,
        {
            **PASSWD,
            "/srv/people/kim/.bashrc": File("HISTFILE=/etc/passwd\nHISTFILE=~/../../../etc/passwd\n", owner=KIM),
            "/srv/people/kim/.zshrc": File("HISTFILE=~/.zsh/log\n", owner=KIM),
            "/srv/people/kim/.profile": Link("/etc/shadow", KIM),
            "/srv/people/kim/.zsh": Link("/etc", KIM),
            "/etc/log": SECRET,
            "/srv/people/kim/.local": Link("/etc", KIM),
            "/etc/shadow": SECRET,
            "/etc/state/bash/history": SECRET,
        },
    ),
    Case(
        "configuration beside histories",
        SUSE,
        {
            "/root/.bashrc": File("HISTSIZE=0\n"),
            "/root/.vim/vimrc": File("set nocp\n"),
            "/root/.config/fish/config.fish": File("set x\n"),
            "/root/.lftp/rc": File("set x\n"),
            "/root/.config/pgcli/config": File("[main]\n"),
            "/root/.mysqlsh/prompt.json": File("{}\n"),
            "/root/.selected_editor": File("x\n"),
            "/root/history": File("of a town\n"),
        },
    ),
)
