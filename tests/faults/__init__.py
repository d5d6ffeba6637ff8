"""Faults at every step of the flows, and a checker that reads only the carrier's log and the final tables."""
