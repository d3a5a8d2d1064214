"""Searching a guest for what is left of its own identity, and for secrets, anywhere.

It knows nothing of the operations that seal: what they overlook, it finds.
``guestseal.check.residue.runner.residue`` is the search, ``identifiers`` what is searched for.
"""
