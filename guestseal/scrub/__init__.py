"""The scrub: what sealing deleted is not to be read from the powered-off disk, and that is looked at, not assumed."""
