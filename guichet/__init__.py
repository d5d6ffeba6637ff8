"""Guichet: the phone as a first-class counter of a public administration."""
