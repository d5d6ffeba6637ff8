"""The SQL tables of the API: tokens, and answers kept for repeated requests. No I/O."""

import sqlalchemy as sa

from guichet.core.tables import UtcDateTime, identifier, metadata

api_tokens = sa.Table(
    "api_tokens",
    metadata,
    sa.Column("id", identifier(), primary_key=True),
    sa.Column("name", sa.String(200), nullable=False),
    # Of the secret there is only this: who reads the table opens nothing with it.
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("scopes", sa.JSON, nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("expires_at", UtcDateTime),
    sa.Column("last_used_at", UtcDateTime),
    sa.Column("revoked_at", UtcDateTime),
)

api_answers = sa.Table(
    "api_answers",
    metadata,
    # A key belongs to a token: two systems may think of the same.
    sa.Column("token", identifier(), primary_key=True),
    sa.Column("key", sa.String(200), primary_key=True),
    sa.Column("fingerprint", sa.String(64), nullable=False),
    sa.Column("status", sa.Integer),
    sa.Column("headers", sa.JSON, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False, index=True),
)
