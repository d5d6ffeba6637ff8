"""`guichet demo`: see it work, everything embedded."""

import asyncio
import json
import time
from typing import Any

import click

from guichet.gateway.settings import Settings


@click.command()
@click.option("--keep", is_flag=True, help="Leave everything up afterwards, and print the addresses.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a contact, on one line, instead.")
@click.pass_obj
def demo(settings: Settings, *, keep: bool, as_json: bool) -> None:
    """Play calls and texts on a simulated carrier, with real audio, a real recogniser, database, Redis and worker.

    \b
    guichet demo
    guichet demo --json | jq .decision
    guichet demo --keep
    """  # noqa: D301 -- click's mark of a paragraph not to be filled
    from rich.console import Console

    from guichet.gateway.demo.player import play
    from guichet.gateway.demo.stage import Stage, stage
    from guichet.gateway.demo.telling import Teller

    console = Console(stderr=as_json, highlight=False)
    teller = Teller(console)

    def tell(_: Any) -> None:
        """Say nothing: JSON is wanted."""

    async def run() -> None:
        async with stage(settings, teller.step) as up:
            began = time.monotonic()
            async for played in play(up, tell if as_json else teller.begun, tell if as_json else teller.happened):
                if as_json:
                    click.echo(json.dumps(played.account.as_json(), ensure_ascii=False))
                else:
                    teller.account(played.title, played.account)
            if not as_json:
                teller.summary(time.monotonic() - began)
            if keep:
                await leave_up(up)

    async def leave_up(up: Stage) -> None:
        console.print(f"\nThe gateway is up on {up.settings.public_url} (/readyz, /metrics); Ctrl-C ends everything.")
        console.print("Ring it, or write to it, from another terminal:", highlight=False)
        for command in ('call --say "I need a birth certificate" --language en', 'text --from 0639981019 "un rdv svp"'):
            console.print(f"  GUICHET_CONFIG={up.config} guichet {command}", soft_wrap=True, highlight=False)
        await asyncio.Event().wait()

    asyncio.run(run())
