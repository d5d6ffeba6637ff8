"""Ask the simulated carrier as a REST client does."""

import aiohttp

from guichet.carrier.simulator.credentials import basic
from guichet.carrier.simulator.simulator import Simulator

Form = list[tuple[str, str]]


async def post(sim: Simulator, path: str, form: Form | None = None, /, **fields: str) -> tuple[int, dict[str, object]]:
    """POST below the account; returns the status and the JSON body."""
    return await ask(sim, "POST", path, [*(form or []), *fields.items()])


async def get(sim: Simulator, path: str, **query: str) -> tuple[int, dict[str, object]]:
    """GET below the account."""
    return await ask(sim, "GET", path, list(query.items()))


async def ask(sim: Simulator, method: str, path: str, fields: Form) -> tuple[int, dict[str, object]]:
    """Ask with the right credentials."""
    settings = sim.settings
    url = f"{sim.api_url}/2010-04-01/Accounts/{settings.account_sid}{path}"
    async with aiohttp.ClientSession(headers=basic(settings.account_sid, settings.auth_token)) as session:
        given = {"params": fields} if method == "GET" else {"data": fields}
        async with session.request(method, url, **given) as response:  # type: ignore[arg-type]
            return response.status, await response.json() if response.content_type == "application/json" else {}
