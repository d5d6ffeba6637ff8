"""The tables of agents, of the rule book, and of what was not understood. No I/O."""

import sqlalchemy as sa

from guichet.core.tables import UtcDateTime, identifier, metadata

agents = sa.Table(
    "agents",
    metadata,
    sa.Column("id", identifier(), primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("phone", sa.String(255), nullable=False, unique=True),
    sa.Column("skills", sa.JSON, nullable=False),
    sa.Column("levels", sa.JSON, nullable=False, default=dict, server_default=sa.text("'{}'")),
    sa.Column("languages", sa.JSON, nullable=False),
    sa.Column("presence", sa.String(16), nullable=False),
    sa.Column("since", UtcDateTime, nullable=False),
    sa.Column("missed", sa.Integer, nullable=False, default=0, server_default=sa.text("0")),
    sa.Column("reason", sa.String(100), nullable=False, default="", server_default=sa.text("''")),
    sa.Column("until", UtcDateTime),
    sa.Column("lengthened", sa.Boolean, nullable=False, default=False, server_default=sa.false()),
    sa.Column("attempt", identifier()),
    sa.Column("afterwards", sa.String(16)),
    sa.Column("afterwards_reason", sa.String(100), nullable=False, default="", server_default=sa.text("''")),
    sa.Index("ix_agents_presence_since", "presence", "since"),
)

agent_abilities = sa.Table(
    "agent_abilities",
    metadata,
    # A skill together with a language: one look-up finds who can serve a queue in a language.
    sa.Column("skill", sa.String(64), primary_key=True),
    sa.Column("language", sa.String(2), primary_key=True),
    sa.Column("agent_id", identifier(), sa.ForeignKey("agents.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("level", sa.Integer, nullable=False, default=2, server_default=sa.text("2")),
    # Since when the agent is free, as in `agents`; NULL while they are not.
    sa.Column("free_since", UtcDateTime),
    sa.Index("ix_agent_abilities_agent_id", "agent_id"),
)
IS_FREE = agent_abilities.c.free_since.is_not(None)
sa.Index(
    "ix_agent_abilities_free",
    agent_abilities.c.skill,
    agent_abilities.c.language,
    agent_abilities.c.level.desc(),
    agent_abilities.c.free_since,
    agent_abilities.c.agent_id,
    sqlite_where=IS_FREE,
    postgresql_where=IS_FREE,
)

agent_presences = sa.Table(
    "agent_presences",
    metadata,
    # Each change of presence but for calls, which the attempts tell of.
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("agent", identifier(), nullable=False),
    sa.Column("presence", sa.String(16), nullable=False),
    sa.Column("reason", sa.String(100), nullable=False),
    sa.Column("attempt", identifier()),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Index("ix_agent_presences_agent_at", "agent", "at"),
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

rule_drafts = sa.Table(
    "rule_drafts",
    metadata,
    # What supervisors have kept under a name; `revision` grows with each change.
    sa.Column("name", sa.String(60), primary_key=True),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("author", sa.String(200), nullable=False),
    sa.Column("note", sa.String(500), nullable=False),
    sa.Column("based_on", sa.Integer, nullable=False),
    sa.Column("changed_at", UtcDateTime, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
)

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
