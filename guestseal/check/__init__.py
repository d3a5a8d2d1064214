"""Looking whether a guest is clean. Read-only: nothing here holds a Root."""
