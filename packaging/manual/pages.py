"""Manual pages: templates in reStructuredText, filled in and turned into roff by docutils."""

from __future__ import annotations

import re
import time
from pathlib import Path

import sections

from guestseal import __version__

TEMPLATES = Path(__file__).resolve().parent
ALIASES = {
    "seal.8": "guestseal.8",
    "guestseal-local.service.8": "guestseal-firstboot.service.8",
    "guestseal-retry.service.8": "guestseal-firstboot.service.8",
    "guestseal-retry.timer.8": "guestseal-firstboot.service.8",
    "guestseal-finalize.service.8": "guestseal-firstboot.service.8",
}
"""Names under which a page is found, too."""

PARTS = {
    "common-options": sections.common,
    "commands": sections.every_command,
    "operations": lambda: sections.catalog("operations"),
    "checks": lambda: sections.catalog("checks"),
    "profiles": lambda: sections.catalog("profiles"),
    "site-rules": sections.site_rules,
    "sources": lambda: sections.catalog("sources"),
    "steps": lambda: sections.catalog("steps"),
    "preflight": sections.before_a_seal,
    "files-of-settings": sections.files_of_settings,
    "settings": sections.every_setting,
    "exit-statuses": sections.exit_statuses,
    "events": sections.events,
}
"""What stands in the templates as a line ``@name@``."""

TIDY = (
    # Examples: docutils before 0.21 asks for the font C, which not every device has; .EE of later ones undoes .nh.
    (r"^\.ft [CP]\n", ""),
    (r"^\.EX$", ".nf"),
    (r"^\.EE$", ".fi"),
    # Headings have space of their own, and this one is where whatis(1) looks.
    (r"^(\.S[HS] .*\n)\.sp\n", r"\1"),
    (r"^\.SH Name$", ".SH NAME"),
    # Names of units and files are searched for and copied: no hyphens in them, and no stretched lines.
    (r"^(\.TH .*\n)", r"\1.nh\n.ad l\n"),
)
"""What makes the pages of every docutils from 0.16 on read alike, and well."""


def pages(epoch: int | None) -> dict[str, str]:
    """Every page by its file name. ``epoch``: the pages' date, in seconds since 1970; None: they have none."""
    date = "" if epoch is None else time.strftime("%Y-%m-%d", time.gmtime(epoch))
    made = {path.name[: -len(".rst")]: _page(path, date) for path in sorted(TEMPLATES.glob("*.rst"))}
    return {**made, **{name: f".so man8/{of}\n" for name, of in ALIASES.items()}}


def _page(template: Path, date: str) -> str:
    name, section, _ = template.name.rsplit(".", 2)
    about = f":Manual section: {section}\n:Version: guestseal {__version__}\n" + (f":Date: {date}" if date else "")
    parts = {**PARTS, "about": about.rstrip}
    text = re.sub(r"^@([a-z-]+)@$", lambda found: parts[found[1]](), template.read_text("utf-8"), flags=re.MULTILINE)
    names = [name, *(alias.rpartition(".")[0] for alias, of in ALIASES.items() if of == f"{name}.{section}")]
    # whatis(1) and apropos(1) find a page by every name that stands before the dash.
    listed = ", ".join(names).replace("-", "\\-")
    return re.sub(r"(?<=^\.SH NAME\n).*?(?= \\- )", lambda _: listed, _roff(text), count=1, flags=re.MULTILINE)


def _roff(text: str) -> str:
    from docutils.core import publish_string

    # Level 2 is a warning: a text that docutils does not understand is a mistake here.
    strict = {"output_encoding": "unicode", "report_level": 2, "halt_level": 2, "_disable_config": True}
    roff = str(publish_string(text, writer_name="manpage", settings_overrides=strict))
    for pattern, replacement in TIDY:
        roff = re.sub(pattern, replacement, roff, flags=re.MULTILINE)
    return roff
