"""What brings a network card up at boot: one module for each program that does, read from its own files."""
