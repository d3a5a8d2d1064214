"""Steps of the network stage: with the network up, before logins are possible."""
