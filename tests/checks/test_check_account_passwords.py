"""Does an account of a public image have a password?"""

from __future__ import annotations

from support.check_cases import CheckCase
from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, UBUNTU
from support.trees import File, Tree

SHADOW, HASH = "/etc/shadow", "$6$salt$hash"
PASSWD = File(
    "root:x:0:0::/root:/bin/bash\nsystemd-network:x:998:998::/:/usr/sbin/nologin\nweb:x:33:33::/srv:/usr/sbin/nologin\n"
    "ada:x:1000:1000::/home/ada:/bin/bash\nnobody:x:65534:65534::/:/usr/sbin/nologin\n"
)


def shadow(root: str = "*", ada: str = "!", web: str = "*") -> Tree:
    lines = (f"root:{root}:19000:0:99999:7:::", "systemd-network:!*:19000::::::", f"web:{web}:19000::::::")
    text = "".join(f"{line}\n" for line in (*lines, f"ada:{ada}:19000:0:99999:7:::", "nobody:*:19000::::::"))
    return {"/etc/passwd": PASSWD, SHADOW: File(text, 0o640)}


LOCKED = shadow()

CASES = (
    CheckCase("Debian's", DEBIAN, LOCKED, profile="digitalocean"),
    CheckCase("Red Hat's", REDHAT, shadow("!!", "!!"), profile="aws"),
    CheckCase("no shadow", ALPINE, {"/etc/passwd": PASSWD}, skipped="no /etc/shadow", profile="gcp"),
    CheckCase(
        "root's", DEBIAN, shadow(root=HASH), ("the account root has a password",), mended=LOCKED, profile="digitalocean"
    ),
    CheckCase(
        "a user's", UBUNTU, shadow(ada=HASH), ("the account ada has a password",), mended=LOCKED, profile="azure"
    ),
    CheckCase("a service's", SUSE, shadow(web=HASH), ("the account web has a password",), mended=LOCKED, profile="aws"),
    CheckCase("none is asked", ALPINE, shadow(root=""), ("root asks for no password",), mended=LOCKED, profile="aws"),
    CheckCase(
        "one behind a lock", REDHAT, shadow(ada=f"!{HASH}"), ("behind its lock",), mended=LOCKED, profile="digitalocean"
    ),
    CheckCase(
        "a lock that the script does not know",
        DEBIAN,
        shadow(root="!*"),
        ("what an image checker takes for a password",),
        mended=LOCKED,
        profile="digitalocean",
    ),
    CheckCase(
        "the same elsewhere", DEBIAN, shadow(root="!*"), ("takes for",), fails=False, mended=LOCKED, profile="aws"
    ),
)
