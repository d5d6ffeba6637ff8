"""Moments of the journeys, in UTC; Paris is an hour ahead in winter."""

from datetime import UTC, datetime

OPEN = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
"""Tuesday, 10:00 in Paris: every desk is open."""
SUNDAY = datetime(2026, 3, 8, 9, 0, tzinfo=UTC)
"""Everything is closed until Monday, 8:30."""
