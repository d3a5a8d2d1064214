"""Network configuration in the language of each distribution's tool."""
