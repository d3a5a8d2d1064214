"""The kernel's command line as parameters: Documentation/admin-guide/kernel-parameters.rst."""

from __future__ import annotations

import re

# lib/cmdline.c, next_arg(): double quotes keep spaces together, and are no part of the value.
_PARAMETER = re.compile(r'(?:"[^"]*"?|[^\s"])+')


def parameters(text: str) -> list[tuple[str, str]]:
    """Each parameter with its value, in order; one without a value has an empty one."""
    found = []
    for word in _PARAMETER.findall(text):
        name, _, value = word.replace('"', "").partition("=")
        found.append((name, value))
    return found


def values(text: str, *names: str) -> list[str]:
    """The values of the parameters of these names, in order; those that are empty are left out."""
    return [value for name, value in parameters(text) if name in names and value]
