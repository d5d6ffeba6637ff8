"""The SQL tables of texts and consents."""

import sqlalchemy as sa

from guichet.core.tables import UtcDateTime, identifier, metadata

messages = sa.Table(
    "messages",
    metadata,
    sa.Column("id", identifier(), primary_key=True),
    sa.Column("direction", sa.String(4), nullable=False),
    sa.Column("number", sa.String(20), nullable=False),
    sa.Column("line", sa.String(20), nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("language", sa.String(8), nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("key", sa.String(160), nullable=False, unique=True),
    sa.Column("carrier_id", identifier(), unique=True),
    sa.Column("contact", identifier(), index=True),
    sa.Column("request", identifier(), index=True),
    sa.Column("parts", sa.Integer, nullable=False),
    sa.Column("error", sa.Integer),
    sa.Column("asked_at", UtcDateTime),
    sa.Column("encoding", sa.String(8)),
    sa.Column("cost", sa.BigInteger),
    sa.Column("currency", sa.String(3)),
    sa.Column("leaves_at", UtcDateTime),
    sa.Index("ix_messages_line_leaves_at", "line", "leaves_at"),
    sa.Index("ix_messages_created_at", "created_at"),
    sa.Index("ix_messages_number_line_created_at", "number", "line", "direction", "created_at"),
)

consents = sa.Table(
    "consents",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("number", sa.String(20), nullable=False),
    sa.Column("purpose", sa.String(16), nullable=False),
    sa.Column("granted", sa.Boolean, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("proof", sa.String(96), nullable=False),
    sa.Index("ix_consents_number_purpose", "number", "purpose"),
)

surveys = sa.Table(
    "surveys",
    metadata,
    sa.Column("id", identifier(), primary_key=True),
    sa.Column("number", sa.String(20), nullable=False),
    sa.Column("citizen", identifier()),
    sa.Column("request", identifier()),
    sa.Column("contact", identifier(), nullable=False),
    sa.Column("line", sa.String(20), nullable=False),
    sa.Column("channel", sa.String(8), nullable=False),
    sa.Column("intent", sa.String(64), nullable=False),
    sa.Column("queue", sa.String(64), nullable=False),
    sa.Column("language", sa.String(8), nullable=False),
    sa.Column("message", identifier(), nullable=False),
    sa.Column("asked_at", UtcDateTime, nullable=False),
    sa.Column("answered_at", UtcDateTime),
    sa.Column("score", sa.Integer),
    sa.Index("ix_surveys_asked_at", "asked_at"),
    sa.Index("ix_surveys_citizen", "citizen", "asked_at"),
    sa.Index("ix_surveys_number", "number", "asked_at"),
)
