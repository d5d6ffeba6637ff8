"""`guichet serve`: the gateway process."""

import click

from guichet.gateway.settings import Settings


@click.command()
@click.option("--role", type=click.Choice(["all", "web", "media"]), default="all", help="What this process serves.")
@click.option("--embedded", is_flag=True, help="Run a Redis and a worker of its own, and upgrade the database first.")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(1, 65535), default=8080, show_default=True)
@click.pass_obj
def serve(settings: Settings, role: str, host: str, port: int, *, embedded: bool) -> None:
    """Serve webhooks and media streams.

    guichet serve --embedded              one machine, nothing else to install
    guichet serve --role web --port 8080  webhooks only; media elsewhere
    guichet serve --role media            media streams only
    """
    from guichet.gateway.server import Address, serve_forever

    serve_forever(settings, Address(host, port), role=role, embedded=embedded)
