"""How long a test may take that is about waiting."""

LAG = 1.0
"""Seconds that a busy machine may add. What is waited for wrongly takes longer than that."""
