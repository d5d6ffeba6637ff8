"""The SQL table of transcripts. No I/O."""

import sqlalchemy as sa

from guichet.core.tables import UtcDateTime, identifier, metadata

transcript_lines = sa.Table(
    "transcript_lines",
    metadata,
    sa.Column("contact", identifier(), primary_key=True),
    sa.Column("turn", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("source", sa.String(20), primary_key=True),
    sa.Column("at", UtcDateTime, nullable=False, index=True),
    sa.Column("language", sa.String(2), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    # Lists of [text, start, end, confidence].
    sa.Column("words", sa.JSON, nullable=False),
    sa.Column("alternatives", sa.JSON, nullable=False),
    sa.Column("seconds", sa.Float, nullable=False),
    sa.Column("confidence", sa.Float, nullable=False),
    sa.Column("ending", sa.String(20), nullable=False),
)
