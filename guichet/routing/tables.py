"""The tables of agents, of the rule book, and of what was not understood. No I/O."""

import sqlalchemy as sa

from guichet.core.tables import UtcDateTime, identifier, metadata

agents = sa.Table(
    "agents",
    metadata,
    sa.Column("id", identifier(), primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("phone", sa.String(20), nullable=False, unique=True),
    sa.Column("skills", sa.JSON, nullable=False),
    sa.Column("languages", sa.JSON, nullable=False),
    sa.Column("presence", sa.String(16), nullable=False),
    sa.Column("since", UtcDateTime, nullable=False),
    sa.Column("missed", sa.Integer, nullable=False, default=0, server_default=sa.text("0")),
    sa.Index("ix_agents_presence_since", "presence", "since"),
)

agent_abilities = sa.Table(
    "agent_abilities",
    metadata,
    # A skill together with a language: one look-up finds who can serve a queue in a language.
    sa.Column("skill", sa.String(64), primary_key=True),
    sa.Column("language", sa.String(2), primary_key=True),
    sa.Column("agent_id", identifier(), sa.ForeignKey("agents.id", ondelete="CASCADE"), primary_key=True),
)


def _versions(name: str) -> sa.Table:
    """Make the table of a book's versions."""
    return sa.Table(
        name,
        metadata,
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("author", sa.String(200), nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("published_at", UtcDateTime, nullable=False),
        sa.Column("in_force_at", UtcDateTime, nullable=False, index=True),
        sa.Column("restores", sa.Integer),
        sa.Column("withdrawn_at", UtcDateTime),
        sa.Column("text", sa.Text, nullable=False),
    )


rule_versions = _versions("rule_versions")
intent_versions = _versions("intent_versions")

urgent_messages = sa.Table(
    "urgent_messages",
    metadata,
    sa.Column("id", identifier(), primary_key=True),
    sa.Column("fr", sa.Text, nullable=False),
    sa.Column("en", sa.Text, nullable=False),
    sa.Column("closes", sa.Boolean, nullable=False),
    sa.Column("line", sa.String(20)),
    sa.Column("author", sa.String(200), nullable=False),
    sa.Column("put_up_at", UtcDateTime, nullable=False),
    sa.Column("expires_at", UtcDateTime, nullable=False, index=True),
    sa.Column("taken_down_at", UtcDateTime),
)

unclear_texts = sa.Table(
    "unclear_texts",
    metadata,
    sa.Column("contact", identifier(), primary_key=True),
    sa.Column("turn", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("channel", sa.String(8), nullable=False),
    sa.Column("language", sa.String(2), nullable=False),
    sa.Column("at", UtcDateTime, nullable=False, index=True),
    # Masked before it comes here.
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("settled_at", UtcDateTime),
)
