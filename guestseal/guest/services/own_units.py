"""The units of guestseal in a guest that give its clones what is theirs."""

LOCAL_STAGE = "guestseal-local.service"
"""Makes host keys and a host name before there is a network."""
NETWORK_STAGE = "guestseal-firstboot.service"
"""Brings what the platform says: host name, SSH keys, password."""
