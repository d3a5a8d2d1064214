"""Access tokens and keys of services, each with the prefix that its maker gave it to be found by.

The forms are those the makers document for secret scanning (GitHub, "Supported secret scanning
patterns"; GitLab, "Token overview"; Slack, "Token types"; AWS IAM, "Unique identifiers").
"""

from __future__ import annotations

import re
from re import Match

from guestseal.check.residue.needles import Needle
from guestseal.seal.operation import Kind

REMEDY = "revoke it at its service, and remove it"

_BEFORE, _AFTER = rb"(?<![A-Za-z0-9_])", rb"(?![A-Za-z0-9_])"


def _is_random(match: Match[bytes]) -> bool:
    """Whether it can be a real one: documentation repeats a character or says that it is an example."""
    value = match[0]
    return b"EXAMPLE" not in value.upper() and b"XXXX" not in value.upper() and len(set(value)) > 8


def _token(what: str, anchors: tuple[bytes, ...], form: bytes, *, longer: bool = True) -> Needle:
    """One whose ``form`` means the same to Python and to grep; ``longer``: more may follow, as makers reserve."""
    pattern = re.compile(_BEFORE + form + (rb"[A-Za-z0-9_-]{0,300}" if longer else b"") + _AFTER)
    sieve = form.replace(rb"(?:", rb"(")
    return Needle("access-token", Kind.SECRET, f"holds {what}", REMEDY, anchors, pattern, sieve, accepts=_is_random)


def _keyed(what: str, anchors: tuple[bytes, ...], pattern: bytes, sieve: bytes) -> Needle:
    """One that is known by the name it is given, or by what is around it."""
    compiled = re.compile(pattern)
    return Needle("access-token", Kind.SECRET, f"holds {what}", REMEDY, anchors, compiled, sieve, accepts=_is_random)


NEEDLES = (
    _token("an access key of AWS", (b"AKIA", b"ASIA"), rb"(?:AKIA|ASIA)[A-Z2-7]{16}", longer=False),
    _token("a token of GitHub", (b"ghp_", b"gho_", b"ghu_", b"ghs_", b"ghr_"), rb"gh[pousr]_[A-Za-z0-9]{36}"),
    _token("a token of GitHub", (b"github_pat_",), rb"github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}"),
    _token(
        "a token of GitLab",
        (b"glpat-", b"gldt-", b"glrt-", b"glcbt-", b"glptt-", b"glsoat-"),
        rb"gl(?:pat|dt|rt|cbt|ptt|soat)-[A-Za-z0-9_-]{20}",
    ),
    _token(
        "a token of Slack",
        (b"xoxb-", b"xoxp-", b"xoxa-", b"xoxr-", b"xoxs-", b"xapp-"),
        rb"(?:xox[abprs]|xapp)-[0-9]+-[0-9A-Za-z-]{20}",
    ),
    _token(
        "a webhook of Slack",
        (b"hooks.slack.com/services/",),
        rb"hooks\.slack\.com/services/T[A-Z0-9]{6,12}/B[A-Z0-9]{6,12}/[A-Za-z0-9]{20,32}",
    ),
    _token("an API key of Google", (b"AIza",), rb"AIza[0-9A-Za-z_-]{35}", longer=False),
    _token("a client secret of Google", (b"GOCSPX-",), rb"GOCSPX-[A-Za-z0-9_-]{28}"),
    _token("a secret key of Stripe", (b"sk_live_", b"rk_live_"), rb"[sr]k_live_[0-9A-Za-z]{24}"),
    _token("a token of npm", (b"npm_",), rb"npm_[A-Za-z0-9]{36}"),
    _token("a token of PyPI", (b"pypi-AgE",), rb"pypi-AgE[A-Za-z0-9_-]{50}"),
    _token("a token of DigitalOcean", (b"dop_v1_", b"doo_v1_"), rb"do[op]_v1_[a-f0-9]{64}"),
    _token("a token of HashiCorp Vault", (b"hvs.", b"hvb."), rb"hv[sb]\.[A-Za-z0-9_-]{24}"),
    _keyed(
        "a secret key of AWS",
        (b"aws_secret_access_key", b"AWS_SECRET_ACCESS_KEY", b"SecretAccessKey"),
        rb"(?:aws_secret_access_key|AWS_SECRET_ACCESS_KEY|SecretAccessKey)[\"']?\s{0,4}[=:]\s{0,4}[\"']?"
        rb"(?P<value>[A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])",
        rb"aws_secret_access_key|AWS_SECRET_ACCESS_KEY|SecretAccessKey",
    ),
    _keyed(
        "a key of Azure storage",
        (b"AccountKey=", b"SharedAccessKey="),
        rb"(?:AccountKey|SharedAccessKey)=(?P<value>[A-Za-z0-9+/]{42,88}={0,2})",
        rb"(AccountKey|SharedAccessKey)=[A-Za-z0-9+/]{42}",
    ),
    _keyed(
        "a shared access signature of Azure",
        (b"sv=20",),
        rb"sv=20\d\d-\d\d-\d\d&[^\s\"'<>]{0,300}?sig=(?P<value>[A-Za-z0-9%+/]{40,})",
        rb"sv=20[0-9]{2}-[0-9]{2}-[0-9]{2}&.*sig=",
    ),
    _keyed(
        "the key of a Kubernetes client",
        (b"client-key-data",),
        rb"client-key-data[\"']?:\s{0,4}[\"']?(?P<value>[A-Za-z0-9+/=]{40,200})",
        rb"client-key-data[\"']?:",
    ),
    _keyed(
        "a signed token (JWT)",
        (b"eyJ",),
        rb"(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{10,2000}\.eyJ[A-Za-z0-9_-]{10,4000}\.(?P<value>[A-Za-z0-9_-]{16,1000})",
        rb"eyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{16}",
    ),
)
