"""When a message that was not taken is sent again, and when a hook is no longer tried at all. Pure."""

from datetime import timedelta

from guichet.console.hooks.hook import Hook

FIRST = timedelta(seconds=5)
FACTOR = 4
LONGEST = timedelta(hours=6)
MOST_TRIES = 12
"""5 s, 20 s, 80 s, 5 min, 21 min, 85 min, 5.7 h, then every six hours: a little more than a day in all."""
LONGEST_REST = timedelta(minutes=5)
"""How long at most a hook that has failed is left alone before the next message tries it."""
PATIENCE = timedelta(days=3)
"""A hook that has taken nothing for so long is disabled."""
GONE = 410
"""The answer by which a receiver says that it wants no more."""


def next_delay(tries: int) -> timedelta | None:
    """Return how long to wait after so many tries; None: no more."""
    if tries >= MOST_TRIES:
        return None
    times: int = FACTOR ** (tries - 1)
    return min(LONGEST, FIRST * times)


def is_taken(status: int | None) -> bool:
    """Whether an answer says that the message was taken: a redirect does not."""
    return status is not None and 200 <= status < 300


def why_disabled(hook: Hook, failing: timedelta, status: int | None) -> str:
    """Return why a hook that has just failed, after failing for so long, is disabled; empty: it is not."""
    if status == GONE:
        return "its address answers 410: it is gone"
    if hook.disabled_at is None and failing >= PATIENCE:
        return f"it has taken nothing for {PATIENCE.days} days"
    return ""
