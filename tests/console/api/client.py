"""A system that uses the API, as tests see it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from guichet.console.api.token import Scope, new_token
from tests.journeys.world import World


@dataclass(frozen=True, slots=True)
class Got:
    """What was answered."""

    status: int
    headers: Mapping[str, str]
    body: Any = field(repr=True)


@dataclass(frozen=True, slots=True)
class Client:
    """Asks with a token."""

    world: World
    token: str
    token_id: str = ""

    @classmethod
    async def of(cls, world: World, *scopes: Scope) -> "Client":
        """Open a world to a new system; every scope if none is named."""
        made, text = new_token("GRU", frozenset(scopes or Scope), world.clock.now())
        async with world.services.database.begin() as unit:
            await unit.tokens.add(made)
        return cls(world, text, made.id)

    async def ask(self, method: str, path: str, body: object = None, **options: Any) -> Got:
        """Ask; `options` are aiohttp's, headers of ours win."""
        headers = {"Authorization": f"Bearer {self.token}", **options.pop("headers", {})}
        if body is not None:
            options["data"] = msgspec.json.encode(body)
            headers.setdefault("Content-Type", "application/json")
        async with self.world.http.request(
            method, f"{self.world.base}/api/v1{path}", headers=headers, **options
        ) as response:
            raw = await response.read()
            return Got(response.status, response.headers, msgspec.json.decode(raw) if raw else None)

    async def get(self, path: str, **query: object) -> Any:
        """Read something that is there."""
        got = await self.ask("GET", path, params={name: str(value) for name, value in query.items()})
        assert got.status == 200, got
        return got.body

    async def post(self, path: str, body: object, *, status: int = 201, **options: Any) -> Any:
        """Do something that can be done."""
        got = await self.ask("POST", path, body, **options)
        assert got.status == status, got
        return got.body
