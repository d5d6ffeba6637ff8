"""The SQL table of the trail: what was exported, erased and tidied, without a word of whom. No I/O."""

import sqlalchemy as sa

from guichet.core.tables import UtcDateTime, identifier, metadata

privacy_events = sa.Table(
    "privacy_events",
    metadata,
    sa.Column("id", identifier(), primary_key=True),
    # export, erase or tidy.
    sa.Column("kind", sa.String(8), nullable=False),
    sa.Column("at", UtcDateTime, nullable=False, index=True),
    sa.Column("by", sa.String(200), nullable=False),
    sa.Column("counts", sa.JSON, nullable=False),
)
