"""Remove shell and tool histories

What was typed on a command line holds passwords and names of other machines; image
checkers fail an image that ships one. Histories of every account are overwritten and
removed, in the home directory that passwd names, wherever it is: those of shells (also
where HISTFILE in a start-up file of the account puts them), of database clients,
interpreters, debuggers, editors and pagers.

The shell that runs the seal writes its own history when it ends; the final sweep comes
after that.

Left on purpose: a link to /dev/null, which somebody made to have no history, and what
any other link leads to; a HISTFILE outside the account's home directory.
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.guest.accounts.histfiles import histfiles
from guestseal.guest.actions import Action, Remove
from guestseal.guest.facts import Guest
from guestseal.guest.patterns import quote
from guestseal.seal.operation import Kind, Operation

PATTERNS = (  # bash leaves .bash_history-01234.tmp behind, zsh .zsh_history.LOCK and .new
    *(".*_history", ".*_history[-.~]*", ".history", ".zhistory", ".histfile", ".bash_sessions", ".zsh_sessions"),
    *(".*-history", ".config/*cli/history", ".cassandra/*_history", ".mysqlsh/history.*"),  # clients of databases
    *(".local/share/powershell/PSReadLine/*_history.txt", ".emacs.d/history", ".w3m/history"),
    *(".config/zsh/.*_history", ".config/zsh/.zhistory"),  # where ZDOTDIR is set
    *(".lesshst", ".local/state/lesshst", ".local/share/lesshst"),  # less(1), LESSHISTFILE
    *(".viminfo", ".viminf?.tmp", ".netrwhist", ".vim/undo*", ".vim/swap*", ".vim/.netrwhist"),
    *(".octave_hist", ".Rhistory", ".dbshell", ".wget-hsts", ".nano/search_history", ".mc/history"),
    *(
        ".lftp/*history",
        ".lftp/*_log",
        ".local/share/lftp/*_log",
        ".mongodb/mongosh/*_history",
        ".mongodb/mongosh/*_log",
    ),
    *(".julia/logs/repl_history.jl", ".ipython/profile_*/history.sqlite*"),
    *(".local/share/fish/*_history", ".config/fish/*_history", ".local/share/atuin", ".local/share/xonsh/*"),
    *(".config/nushell/history.*", ".local/state/*_history", ".local/state/*/history", ".local/state/nvim"),
    *(".local/share/nvim/shada", ".local/share/nano/search_history", ".local/share/mc/history"),
    *(".local/share/lftp/*history", ".local/share/recently-used.xbel*"),
)


def _histfiles(guest: Guest) -> Iterator[Action]:
    for home in guest.homes:
        found = dict.fromkeys(histfiles(guest.tree, home))
        for name in PATTERNS if found else ():  # most name one that is removed anyway
            for path in guest.tree.glob(f"{quote(home)}/{name}"):
                found.pop(path, None)
        yield from (Remove(path, secret=True) for path in found)


OPERATION = Operation(kind=Kind.SECRET, remove=tuple(f"{{home}}/{name}" for name in PATTERNS), also=_histfiles)
