"""The readiness checks: a module is a check."""
