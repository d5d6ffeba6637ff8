"""A book published by one process is followed by another that serves, without a restart."""

import json
import sqlite3
from contextlib import closing
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


async def test_a_running_gateway_learns_a_new_intent_book(tmp_path: Path) -> None:
    draft = tmp_path / "draft.yaml"
    async with gateway(tmp_path, "--embedded", "--role", "web") as node:
        own, texts = settings_of(tmp_path), 0

        async def means(matter: str) -> bool:
            nonlocal texts
            texts += 1
            assert (await node.text(f"SM{texts:032x}", "farfadoches zigomar", f"+336399{texts:05}"))[0] == 200
            with closing(sqlite3.connect(tmp_path / "guichet.sqlite")) as database:
                query = "SELECT intent FROM contacts ORDER BY started_at DESC, id DESC LIMIT 1"
                return bool(database.execute(query).fetchone() == (matter,))

        assert not await means("cantine_periscolaire")
        for text in ("farfadoches zigomar", "des farfadoches zigomar svp"):
            added = guichet(["intents", "add", "cantine_periscolaire", text, "--draft", str(draft)], own)
            assert added.returncode == 0, added.stderr
        published = guichet(["intents", "publish", str(draft), "--note", "un essai", "--json"], own)
        assert json.loads(published.stdout)["number"] == 2, published.stderr
        await until(lambda: means("cantine_periscolaire"), SOON * 3)
