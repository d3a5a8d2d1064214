"""What a guest's package managers know."""
