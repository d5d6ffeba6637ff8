"""The voice channel: script, dialogue, turns, media stream, hold."""
