"""The running machine: programs, network, firmware, clock. An offline guest has none of it."""
