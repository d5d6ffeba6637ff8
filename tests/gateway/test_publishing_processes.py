"""A book published by one process is followed by another that serves, without a restart."""

import json
from pathlib import Path

from guichet.routing.rule_book import read_text
from tests.gateway.processes import SOON, gateway, guichet, settings_of, until


async def test_a_running_gateway_follows_what_is_published_and_rolled_back(tmp_path: Path) -> None:
    file = tmp_path / "other.yaml"
    file.write_text(read_text().replace("fr: Bonjour, vous êtes", "fr: Bienvenue, vous êtes"), encoding="utf-8")
    async with gateway(tmp_path, "--embedded", "--role", "web") as node:
        calls = 0

        async def greets(word: str) -> bool:
            nonlocal calls
            calls += 1
            return word in (await node.ring(f"CA{calls:032x}"))[1]

        assert await greets("Bonjour")
        own = settings_of(tmp_path)
        published = guichet(["rules", "publish", str(file), "--note", "un essai", "--json"], own)
        assert json.loads(published.stdout)["number"] == 2, published.stderr
        await until(lambda: greets("Bienvenue"), SOON)
        assert guichet(["rules", "rollback", "--note", "non"], own).returncode == 0
        await until(lambda: greets("Bonjour"), SOON)
