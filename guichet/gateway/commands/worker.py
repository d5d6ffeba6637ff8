"""`guichet worker`: the process that sends texts, rings agents and does all other jobs."""

import click

from guichet.gateway.settings import Settings


@click.command()
@click.option("--burst", is_flag=True, help="End when there is nothing left to do.")
@click.pass_obj
def worker(settings: Settings, *, burst: bool) -> None:
    """Do the jobs of the queue; run as many as you like.

    guichet worker             until it is told to end, after the job under way
    guichet worker --burst     until there is nothing left to do
    """
    from guichet.gateway.worker import work

    work(settings, burst=burst)
