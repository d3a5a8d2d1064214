"""SSH in a guest: what its sshd says, which keys it has, and who lets whom in."""
