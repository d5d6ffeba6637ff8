"""The SQL tables of outgoing webhooks: who is told, of what, and what was sent. No I/O."""

import sqlalchemy as sa

from guichet.core.tables import UtcDateTime, identifier, metadata

hooks = sa.Table(
    "hooks",
    metadata,
    sa.Column("id", identifier(), primary_key=True),
    sa.Column("url", sa.String(500), nullable=False),
    # Needed as it is to sign: kept as carefully as the database itself.
    sa.Column("secret", sa.String(100), nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("failing_since", UtcDateTime),
    sa.Column("rests_until", UtcDateTime),
    sa.Column("disabled_at", UtcDateTime),
    sa.Column("disabled_why", sa.String(200), nullable=False),
)

hook_topics = sa.Table(
    "hook_topics",
    metadata,
    sa.Column("topic", sa.String(32), primary_key=True),
    sa.Column("hook", identifier(), sa.ForeignKey("hooks.id", ondelete="CASCADE"), primary_key=True),
)

hook_deliveries = sa.Table(
    "hook_deliveries",
    metadata,
    sa.Column("id", identifier(), primary_key=True),
    sa.Column("hook", identifier(), sa.ForeignKey("hooks.id", ondelete="CASCADE"), nullable=False),
    sa.Column("event", identifier(), nullable=False),
    sa.Column("topic", sa.String(32), nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False, index=True),
    sa.Column("due_at", UtcDateTime),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("tried_at", UtcDateTime),
    sa.Column("status", sa.Integer),
    sa.Column("error", sa.String(100), nullable=False),
    sa.Index("ix_hook_deliveries_hook", "hook", "id"),
    sa.Index("ix_hook_deliveries_state", "hook", "state"),
)
