"""A clone's boots: sources say what the platform wants, steps make it so, the runner keeps both in bounds."""
