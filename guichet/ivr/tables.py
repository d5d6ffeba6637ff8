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
    # Seconds of silence more than others have, before the first word.
    sa.Column("grace", sa.Float, nullable=False, server_default=sa.text("0")),
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

supervisors = sa.Table(
    "supervisors",
    metadata,
    sa.Column("number", sa.String(8), primary_key=True),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("pin", sa.String(200), nullable=False, doc="an argon2 hash"),
    sa.Column("wrong", sa.Integer, nullable=False),
    sa.Column("locked_until", UtcDateTime),
    sa.Column("disabled_at", UtcDateTime),
)

supervisor_calls = sa.Table(
    "supervisor_calls",
    metadata,
    sa.Column("id", identifier(), primary_key=True),
    sa.Column("at", sa.String(16), nullable=False),
    sa.Column("step", sa.Integer, nullable=False),
    sa.Column("number", sa.String(32), nullable=False),
    sa.Column("wrong", sa.Integer, nullable=False),
    sa.Column("misses", sa.Integer, nullable=False),
    sa.Column("language", sa.String(2), nullable=False),
    sa.Column("choice", sa.Integer, nullable=False),
    sa.Column("hours", sa.Integer, nullable=False),
    sa.Column("changed_at", UtcDateTime, nullable=False),
)

supervisor_deeds = sa.Table(
    "supervisor_deeds",
    metadata,
    # What was done on the supervisors' line, and every wrong PIN (never the PIN).
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("call", identifier(), nullable=False),
    sa.Column("number", sa.String(16), nullable=False),
    sa.Column("deed", sa.String(16), nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("message", identifier(), nullable=False),
)
