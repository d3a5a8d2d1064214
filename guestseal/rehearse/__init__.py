"""The rehearsal: a copy-on-write view of a guest is sealed, cloned and booted, and the clones are compared."""
