"""Accounts of a guest: their files, homes and ways in."""
