"""Empty the caches of language package managers and of appstream

What pip, npm, yarn, pnpm, uv, Go, Composer and Bundler downloaded or built is not needed
to run anything. Emptied as well are appstream's cache and ldconfig's, which the next run
makes anew.

Only these: a wholesale ``rm -rf /var/cache/*`` takes away debconf's answers and directories
that services need. Left on purpose: caches of manual pages and fonts, cracklib's dictionary,
and what Go and Cargo call modules and registry, from which builds without a network work.
"""

from __future__ import annotations

from guestseal.seal.operation import Kind, Operation

OPERATION = Operation(
    kind=Kind.CLUTTER,
    remove=(
        *(
            "{home}/.cache/pip",
            "{home}/.cache/uv",
            "{home}/.cache/yarn",
            "{home}/.cache/pnpm",
            "{home}/.cache/go-build",
        ),
        *("{home}/.cache/composer", "{home}/.npm/_cacache", "{home}/.npm/_logs", "{home}/.bundle/cache"),
        "/var/cache/ldconfig/aux-cache",
    ),
    empty=("/var/cache/swcatalog/cache", "/var/cache/app-info/cache"),
)
