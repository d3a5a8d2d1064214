"""Sealing a template master: operations plan, the runner applies, the record says that it was done."""
