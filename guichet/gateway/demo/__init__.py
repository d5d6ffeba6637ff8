"""The demonstration: everything embedded, six contacts played with real audio, and what became of each."""
