"""Nobody logs in over SSH with a password

Machines of public clouds are tried with passwords from their first minute on. Images for everybody have
PasswordAuthentication no, no dialogue that asks for one (KbdInteractiveAuthentication with UsePAM), and
root's account closed to passwords (PermitRootLogin no or prohibit-password; a warning where sshd takes
no password anyway, as on SUSE's images). What stands under a Match is not looked at.
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.check.check import Check, Inapplicable, Problem, Subject
from guestseal.errors import printable
from guestseal.guest.ssh import ssh_login
from guestseal.guest.ssh.sshd_config import CONFIGS, SshdConfig

_CLOSED = ("no", "prohibit-password", "forced-commands-only")


def _look(subject: Subject) -> Iterator[Problem]:
    tree = subject.tree
    if not ssh_login.installed(tree):
        raise Inapplicable("no SSH server is installed")
    config = SshdConfig.read(tree)
    path = next((path for path in CONFIGS if tree.is_file(path)), "")
    if config.password_authentication:
        yield Problem("sshd takes passwords", "set PasswordAuthentication no", path)
    if config.keyboard_interactive:
        what = "sshd lets PAM ask for a password (KbdInteractiveAuthentication)"
        yield Problem(what, "set KbdInteractiveAuthentication no", path)
    if config.permit_root_login not in _CLOSED:
        what = f"sshd lets root in by whatever it takes: PermitRootLogin {printable(config.permit_root_login)}"
        taken = config.password_authentication or config.keyboard_interactive
        yield Problem(what, "set PermitRootLogin prohibit-password, or no", path, fails=taken)


CHECK = Check(
    _look,
    source='AWS Marketplace, "AMI-based product requirements"; cloud-image-tests, TestPasswordSecurity; sshd_config(5)',
    profiles=("aws", "gcp"),
)
