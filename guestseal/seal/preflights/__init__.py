"""Every check of the running machine before it is sealed: one module each, see guestseal.seal.preflight."""
