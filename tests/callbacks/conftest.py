"""The whole gateway of the journeys, for callbacks too."""

from tests.journeys.conftest import any_database, any_world, first_day, first_day_on_postgresql, voice_mode, world

__all__ = ["any_database", "any_world", "first_day", "first_day_on_postgresql", "voice_mode", "world"]
