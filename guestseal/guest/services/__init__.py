"""Services of a guest: what starts at boot, and the keys and files of some."""
