"""`guichet doctor`: checks an installation, and says how to mend each fault."""

import asyncio
import json

import click

from guichet.gateway.settings import Settings


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list of objects: check, ok, mend.")
@click.pass_obj
def doctor(settings: Settings, *, as_json: bool) -> int:
    """Check settings, database, Redis, models, books, carrier, public address, console. Exit 1 if something is missing.

    guichet doctor
    guichet doctor --json | jq '.[] | select(.ok | not)'
    """
    from guichet.gateway.examination import examination

    faults = asyncio.run(examination(settings))
    if as_json:
        click.echo(json.dumps([{"check": name, "ok": not fault, "mend": fault} for name, fault in faults.items()]))
    else:
        for name, fault in faults.items():
            click.echo(f"{'missing' if fault else 'ok':>8}  {name}{': ' + fault if fault else ''}")
        missing = sum(bool(fault) for fault in faults.values())
        click.echo(f"{missing} of {len(faults)} checks find something missing" if missing else "all is well")
    return 1 if any(faults.values()) else 0
