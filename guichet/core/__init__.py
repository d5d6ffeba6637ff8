"""Shared words: phone numbers, ids, errors, clock, jobs. No I/O."""
