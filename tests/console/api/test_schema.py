"""The OpenAPI document is true: schemathesis asks what it allows and what it forbids, and gets what it tells of.

The real gateway serves on a free port, on each kind of database; the seed is fixed and the examples are few, so that
the check takes the same two minutes each time. Further ones: `SCHEMATHESIS_EXAMPLES=200 pytest tests/console/api`.
"""

import asyncio
import os
import sys
from pathlib import Path

import pytest

from guichet.console.hooks.sender import Answered
from guichet.routing.rule_book import SAMPLE
from tests.console.api.client import Client
from tests.journeys.people import CATHERINE, STRANGER
from tests.journeys.world import World, open_world

EXAMPLES = os.environ.get("SCHEMATHESIS_EXAMPLES", "10")
CONFIG = Path(__file__).parent / "schemathesis.toml"


class Nowhere:
    """Tells nobody: the addresses are made up."""

    async def send(self, url: str, headers: dict[str, str], body: bytes) -> Answered:
        """Say that nobody is there."""
        return Answered(None, "no_connection")


async def something_of_everything(world: World) -> Client:
    """Have one of each thing there is to be read."""
    client = await Client.of(world)
    await world.text(CATHERINE, "Je voudrais un acte de naissance")
    await client.post("/requests", {"intent": "etat_civil_acte", "number": STRANGER})
    await client.post("/agents", {"name": "Awa", "phone": "+33199002009", "skills": ["etat_civil"]})
    await client.post("/rules/versions", {"text": SAMPLE.read_text("utf-8"), "note": "first"})
    await client.post("/hooks", {"url": "https://gru.example/", "topics": ["request.opened", "request.closed"]})
    await world.settled()
    return client


async def test_schemathesis_finds_no_answer_that_the_document_does_not_tell_of(
    any_database: str, tmp_path: Path
) -> None:
    async with open_world(any_database, tmp_path, more={"api_rate": 100_000_000}) as world:
        world.services.hooks._sender = Nowhere()
        client = await something_of_everything(world)
        running = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "schemathesis.cli", "--no-color", "--config-file", str(CONFIG), "run"),
            *(f"{world.base}/api/v1/openapi.json", "--header", f"Authorization: Bearer {client.token}"),
            *("--checks", "all", "--max-examples", EXAMPLES, "--seed", "1", "--continue-on-failure"),
            *("--generation-database", "none", "--request-timeout", "30", "--suppress-health-check", "all"),
            cwd=tmp_path,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        told, _ = await running.communicate()
        if running.returncode:
            pytest.fail(told.decode(errors="replace")[-20_000:])
