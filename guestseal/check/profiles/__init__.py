"""The platforms that images are made for: a module is a profile."""
