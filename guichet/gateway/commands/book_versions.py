"""What `guichet rules` and `guichet intents` share about versions of their books: options, words, a moment."""

import getpass
from datetime import datetime, tzinfo

import click

from guichet.core.errors import BadInput
from guichet.core.language import Bilingual
from guichet.routing.time_reader import local_moment

ROLLED_BACK = Bilingual(
    "version {number} publiée : le texte de la version {restores} est en vigueur",
    "version {number} is published: the text of version {restores} is in force",
)
WITHDRAWN = Bilingual("version {number} retirée", "version {number} is withdrawn")
note_option = click.option("--note", required=True, help="Why: kept in the history.")
author_option = click.option("--author", default=getpass.getuser, help="Who publishes (default: your user name).")


def moment_given(text: str | None, zone: tzinfo) -> datetime | None:
    """Read a moment by the clock of a zone, None where none is given. Raises BadInput."""
    if text is None:
        return None
    try:
        return local_moment(text)[0].replace(tzinfo=zone)
    except ValueError:
        raise BadInput(f"'{text}' is no moment: write '2026-12-24 08:00'") from None
