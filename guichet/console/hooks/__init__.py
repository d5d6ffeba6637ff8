"""Outgoing webhooks: other systems are told of what happens, signed, again until they have it."""
