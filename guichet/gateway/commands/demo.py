"""`guichet demo`: see it work, everything embedded."""

import asyncio
import json
import time
from typing import Protocol

import click
from rich.console import Console

from guichet.carrier.simulator.log import Event
from guichet.gateway.demo.account import Account
from guichet.gateway.demo.calling_back import call_back
from guichet.gateway.demo.people import employ
from guichet.gateway.demo.player import play
from guichet.gateway.demo.stage import Stage, stage
from guichet.gateway.demo.telling import Teller
from guichet.gateway.settings import Settings


@click.command()
@click.option("--keep", is_flag=True, help="Leave everything up afterwards, and print the addresses.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a contact, on one line, instead.")
@click.pass_obj
def demo(settings: Settings, *, keep: bool, as_json: bool) -> None:
    """Play calls and texts on a simulated carrier, with real audio, a real recogniser, database, Redis and worker.

    guichet demo
    guichet demo --json | jq .decision
    guichet demo --keep
    """
    console = Console(stderr=as_json, highlight=False)
    people = Teller(console)
    asyncio.run(_run(settings, people, JsonLines() if as_json else people, console if keep else None))


class Telling(Protocol):
    """Tells the contacts."""

    def begun(self, title: str) -> None:
        """Announce a contact."""
        ...

    def happened(self, event: Event) -> None:
        """Tell what happens in a call."""
        ...

    def account(self, title: str, account: Account) -> None:
        """Tell what became of a contact."""
        ...

    def summary(self, seconds: float) -> None:
        """Sum up."""
        ...


class JsonLines:
    """Tells programs: one object a contact on stdout, and nothing else."""

    def begun(self, title: str) -> None:
        """Say nothing."""

    def happened(self, event: Event) -> None:
        """Say nothing."""

    def account(self, title: str, account: Account) -> None:  # noqa: ARG002  # the protocol's signature
        """Print a line."""
        click.echo(json.dumps(account.as_json(), ensure_ascii=False))

    def summary(self, seconds: float) -> None:
        """Say nothing."""


async def _run(settings: Settings, people: Teller, telling: Telling, keeps: Console | None) -> None:
    """Set the stage, play every contact, and leave it up if wanted."""
    async with stage(settings, people.step) as up:
        began = time.monotonic()
        async for played in play(up, telling.begun, telling.happened):
            telling.account(played.title, played.account)
        telling.summary(time.monotonic() - began)
        if telling is people:
            people.begun("An agent of the civil registry signs in and calls the first caller back")
            for line in await call_back(up) or ("it took too long to be shown here",):
                people.step(line)
        if keeps is not None:
            await _leave_up(up, keeps)


async def _leave_up(up: Stage, console: Console) -> None:
    """Say how to go on, and wait for Ctrl-C."""
    console.print(f"\nThe gateway is up on {up.settings.public_url} (/readyz, /metrics); Ctrl-C ends everything.")
    console.print(f"The console is at {up.settings.public_url}/console/ for:", highlight=False)
    for person in await employ(up):
        console.print(f"  {person.role.value:<14} login {person.login:<14} password {person.password}", highlight=False)
    console.print("Ring it, or write to it, from another terminal:", highlight=False)
    for command in ('call --say "I need a birth certificate" --language en', 'text --from 0639981019 "un rdv svp"'):
        console.print(f"  GUICHET_CONFIG={up.config} guichet {command}", soft_wrap=True, highlight=False)
    await asyncio.Event().wait()
