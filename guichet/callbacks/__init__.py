"""Requests, their order, their attempts; ringing and bridging an agent."""
