"""The SQL tables of calls and their turns. No I/O."""

import sqlalchemy as sa

from guichet.core.tables import UtcDateTime, identifier, metadata

calls = sa.Table(
    "calls",
    metadata,
    sa.Column("id", identifier(), primary_key=True),
    sa.Column("contact", identifier(), nullable=False, index=True),
    sa.Column("line", sa.String(20), nullable=False),
    sa.Column("caller", sa.String(20)),
    sa.Column("language", sa.String(2), nullable=False),
    sa.Column("started_at", UtcDateTime, nullable=False),
    sa.Column("ended_at", UtcDateTime),
    sa.Column("turn", sa.Integer, nullable=False),
    sa.Column("request", identifier()),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("answer", sa.Text, nullable=False),
)

turns = sa.Table(
    "turns",
    metadata,
    sa.Column("call", identifier(), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("contact", identifier(), nullable=False),
    sa.Column("language", sa.String(2), nullable=False),
    sa.Column("expects", sa.Text, nullable=False),
    sa.Column("keys", sa.Integer, nullable=False),
    sa.Column("listen", sa.Boolean, nullable=False),
    sa.Column("opened_at", UtcDateTime, nullable=False),
    sa.Column("stream", sa.String(8), nullable=False),
    sa.Column("result", sa.Text),
    # What was asked for and given (a date, a number): apart, so that it can be emptied when it has served.
    sa.Column("value", sa.String(200)),
)
