"""`guichet database`: migrations."""

import asyncio

import click

from guichet.gateway.settings import Settings


@click.group()
def database() -> None:
    """Look after the database's tables."""


@database.command()
@click.pass_obj
def upgrade(settings: Settings) -> None:
    """Bring the tables to this version (safe to repeat).

    guichet database upgrade
    """
    from guichet.gateway import migrations
    from guichet.gateway.services import open_database

    async def run() -> None:
        async with open_database(settings) as base:
            await base.upgrade()

    asyncio.run(run())
    click.echo(f"the database is at version {migrations.newest()}")
