"""Composition root, processes and command line."""
