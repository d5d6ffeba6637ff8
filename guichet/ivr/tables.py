"""The SQL tables of calls, their turns and their recorded messages. No I/O."""

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

recordings = sa.Table(
    "recordings",
    metadata,
    sa.Column("id", identifier(), primary_key=True),
    sa.Column("contact", identifier(), nullable=False),
    sa.Column("call", identifier(), nullable=False),
    sa.Column("place", sa.Integer, nullable=False),
    sa.Column("language", sa.String(2), nullable=False),
    sa.Column("announced_at", UtcDateTime, nullable=False),
    sa.Column("seconds", sa.Integer),
    sa.Column("state", sa.String(12), nullable=False),
    sa.Column("worked", sa.Float, nullable=False),
    sa.Column("words", sa.Integer, nullable=False),
    sa.Column("reason", sa.String(200), nullable=False),
    sa.Column("deleted_at", UtcDateTime),
    sa.Column("kept_until", UtcDateTime, index=True),
    sa.UniqueConstraint("contact", "place"),
)
