"""What a guest's firewall surely refuses, read from its files: one module for each program that sets one up."""
