"""The access right, erasure and retention: what is kept of somebody in every feature's tables."""
