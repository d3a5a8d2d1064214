"""The guest's files: one door, opened by directory descriptor."""
