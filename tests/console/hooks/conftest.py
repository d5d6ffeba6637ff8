"""Fixtures of the hooks' tests: the whole gateway, allowed to tell this very machine."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.console.hooks.receiver import Receiver, open_receiver
from tests.journeys.conftest import any_database, first_day, first_day_on_postgresql
from tests.journeys.world import World, open_world

__all__ = ["any_database", "first_day", "first_day_on_postgresql"]


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with open_receiver() as listening:
        yield listening


@pytest.fixture
async def open_to_us(any_database: str, tmp_path: Path) -> AsyncIterator[World]:
    """Open a gateway on each kind of database that may tell this machine."""
    async with open_world(any_database, tmp_path, more={"hook_allow": ("127.0.0.1",)}) as running:
        yield running
