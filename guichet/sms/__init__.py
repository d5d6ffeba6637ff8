"""The text channel: conversation, opt-out, parts, outbox, delivery."""
