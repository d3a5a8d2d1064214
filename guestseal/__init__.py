"""guestseal: seal a Linux template master, and make each clone of it a machine of its own."""

__version__ = "0.1.0"
