"""Plain texts of the code (docstrings, help, settings) as reStructuredText."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator

_MARKED = re.compile(
    r"``(?P<code>[^`]+)``|`(?P<quoted>[^`]+)`"
    r"|(?<![\w-])(?P<option>--[a-z][a-z-]*)"
    r"|(?P<page>[\w.@-]+)\((?P<section>[1-8])\)"
    r"|(?<![\w*/.])\*(?P<stressed>\w+)\*(?![\w*])"
)
"""What is marked in them: code and names, options, manual pages, and stress."""
# At the start of a paragraph these would begin a list or a directive.
_LISTLIKE = re.compile(r"[-+*•#.:(|>]|\w{1,5}[.)](\s|$)")


def prose(text: str) -> str:
    """Paragraphs, and blocks that are indented, which stay as they are."""
    return "".join(f"{block}\n\n" for block in _blocks(text))


def sentence(text: str) -> str:
    """Help of an option, which begins small and has no full stop, as a sentence."""
    return prose(f"{text[0].upper()}{text[1:]}.") if text else ""


def entry(term: str, *texts: str) -> str:
    """One item of a definition list: a term and paragraphs, both of them reStructuredText."""
    return f"{term}\n{textwrap.indent(''.join(texts).rstrip(), '    ')}\n\n"


def strong(words: str) -> str:
    """Words that are typed as they stand, in bold."""
    return f"**{_plain(words)}**"


def italic(words: str) -> str:
    """Words that stand for others."""
    return f"*{_plain(words)}*"


def subsection(heading: str) -> str:
    """The heading of a part of a section."""
    return f"{_plain(heading)}\n{'-' * (len(heading) + 8)}\n\n"


def inline(text: str) -> str:
    """One line or paragraph."""
    done, pieces = 0, []
    for found in _MARKED.finditer(text):
        pieces.append(_plain(text[done : found.start()]))
        before, after = text[: found.start()], text[found.end() :]
        # Markup must not touch a word, unless by a space that is none.
        pieces.append("\\ " if before and not before[-1].isspace() else "")
        pieces.append(_marked(found))
        pieces.append("\\ " if after and not after[0].isspace() else "")
        done = found.end()
    pieces.append(_plain(text[done:]))
    return ("\\ " if _LISTLIKE.match(text) else "") + "".join(pieces)


def _blocks(text: str) -> Iterator[str]:
    for block in filter(str.strip, re.split(r"\n\s*\n", text.strip("\n"))):
        if all(line.startswith("    ") for line in block.splitlines()):
            yield "::\n\n" + textwrap.indent(textwrap.dedent(block), "    ")
        else:
            yield inline(" ".join(block.split()))


def _marked(found: re.Match[str]) -> str:
    if found["page"]:
        return f"**{_plain(found['page'])}**\\ ({found['section']})"
    if found["stressed"]:
        return italic(found["stressed"])
    return strong(found["code"] or found["quoted"] or found["option"])


def _plain(text: str) -> str:
    return re.sub(r"([\\*`|_@:])", r"\\\1", text)


def joined(words: Iterable[str]) -> str:
    """Words that are typed, in a sentence: **a**, **b**, **c**."""
    return ", ".join(map(strong, words))
