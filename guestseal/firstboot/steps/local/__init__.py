"""Steps of the local stage: before sysinit.target, without any network."""
