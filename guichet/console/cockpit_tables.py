"""The SQL tables of supervisors' pages: drafts of the rule book, replays, notes to agents, planned presence. No I/O."""

import sqlalchemy as sa

from guichet.core.tables import UtcDateTime, identifier, metadata

rule_desk_drafts = sa.Table(
    "rule_desk_drafts",
    metadata,
    # One a person: what they are writing, saved while they write.
    sa.Column("account", identifier(), sa.ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("text", sa.Text, nullable=False),
    # The version they began with: publishing over another one is refused.
    sa.Column("based_on", sa.Integer, nullable=False),
    sa.Column("changed_at", UtcDateTime, nullable=False),
    # The named draft that it was taken from or kept as, and which revision of it was seen.
    sa.Column("name", sa.String(60), nullable=False, server_default=""),
    sa.Column("revision", sa.Integer, nullable=False, server_default="0"),
)

rule_replays = sa.Table(
    "rule_replays",
    metadata,
    sa.Column("id", identifier(), primary_key=True),
    sa.Column("account", identifier(), nullable=False, index=True),
    sa.Column("days", sa.Integer, nullable=False),
    # The digest of the draft's text, as decisions record it, and the version it was compared with.
    sa.Column("draft", sa.String(64), nullable=False),
    sa.Column("against", sa.Integer, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("total", sa.Integer, nullable=False),
    sa.Column("done", sa.Integer, nullable=False),
    sa.Column("result", sa.JSON),
    sa.Column("started_at", UtcDateTime, nullable=False),
    sa.Column("changed_at", UtcDateTime, nullable=False),
)

coaching_notes = sa.Table(
    "coaching_notes",
    metadata,
    sa.Column("id", identifier(), primary_key=True),
    # About whom, who reads it; and who wrote it.
    sa.Column("account", identifier(), sa.ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("author", sa.String(200), nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("read_at", UtcDateTime),
)

planned_presences = sa.Table(
    "planned_presences",
    metadata,
    sa.Column("id", identifier(), primary_key=True),
    sa.Column("account", identifier(), sa.ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False),
    sa.Column("starts_at", UtcDateTime, nullable=False),
    sa.Column("ends_at", UtcDateTime, nullable=False, index=True),
    sa.Index("ix_planned_presences_account_starts_at", "account", "starts_at"),
)
