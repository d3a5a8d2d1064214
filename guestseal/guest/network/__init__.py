"""Network configuration of a guest: the formats of every tool, read and edited by key."""
