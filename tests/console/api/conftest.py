"""Fixtures of the API's tests: the whole gateway of the journeys, on each kind of database."""

import pytest

from tests.console.api.client import Client
from tests.journeys.conftest import any_database, any_world, first_day, first_day_on_postgresql, voice_mode, world
from tests.journeys.world import World

__all__ = ["any_database", "any_world", "first_day", "first_day_on_postgresql", "voice_mode", "world"]


@pytest.fixture
async def client(any_world: World) -> Client:
    """Give a system with every scope, on each kind of database."""
    return await Client.of(any_world)
