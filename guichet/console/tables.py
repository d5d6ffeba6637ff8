"""The SQL tables of the console: the audit trail, accounts and their sessions, and the agents' work. No I/O."""

import sqlalchemy as sa

from guichet.core.tables import UtcDateTime, identifier, metadata

audit = sa.Table(
    "audit",
    metadata,
    # Ids sort by time: the latest come last.
    sa.Column("id", identifier(), primary_key=True),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("actor", sa.String(96), nullable=False),
    sa.Column("action", sa.String(64), nullable=False),
    sa.Column("subject", sa.String(96), nullable=False),
    sa.Column("detail", sa.JSON, nullable=False),
    sa.Index("ix_audit_actor", "actor", "id"),
    sa.Index("ix_audit_subject", "subject", "id"),
    sa.Index("ix_audit_action", "action", "id"),
)

accounts = sa.Table(
    "accounts",
    metadata,
    sa.Column("id", identifier(), primary_key=True),
    sa.Column("login", sa.String(200), nullable=False, unique=True),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("role", sa.String(16), nullable=False),
    sa.Column("language", sa.String(2), nullable=False),
    # An argon2 hash; empty: no password opens this account.
    sa.Column("password", sa.Text, nullable=False),
    sa.Column("totp", sa.String(64)),
    # The last step of thirty seconds whose code was taken: no code opens twice.
    sa.Column("totp_step", sa.BigInteger, nullable=False),
    sa.Column("recovery", sa.JSON, nullable=False),
    sa.Column("agent", identifier(), unique=True),
    sa.Column("openid", sa.String(400), unique=True),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("disabled_at", UtcDateTime),
)

console_sessions = sa.Table(
    "console_sessions",
    metadata,
    # The digest of the cookie: who reads the table opens no session with it.
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("account", identifier(), sa.ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("stage", sa.String(16), nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("seen_at", UtcDateTime, nullable=False),
    sa.Column("expires_at", UtcDateTime, nullable=False, index=True),
    sa.Column("address", sa.String(64), nullable=False),
    sa.Column("user_agent", sa.String(300), nullable=False),
    # The secret of a second factor that is being set up.
    sa.Column("offered", sa.String(64)),
)

login_attempts = sa.Table(
    "login_attempts",
    metadata,
    sa.Column("id", identifier(), primary_key=True),
    # A digest: people type their password into the wrong field.
    sa.Column("login", sa.String(64), nullable=False),
    sa.Column("address", sa.String(64), nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("succeeded", sa.Boolean, nullable=False),
    sa.Index("ix_login_attempts_login", "login", "at"),
    sa.Index("ix_login_attempts_address", "address", "at"),
)

case_notes = sa.Table(
    "case_notes",
    metadata,
    sa.Column("id", identifier(), primary_key=True),
    sa.Column("request", identifier(), nullable=False, index=True),
    sa.Column("account", identifier(), nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
)

case_drafts = sa.Table(
    "case_drafts",
    metadata,
    sa.Column("account", identifier(), primary_key=True),
    sa.Column("request", identifier(), primary_key=True),
    sa.Column("fields", sa.JSON, nullable=False),
    sa.Column("changed_at", UtcDateTime, nullable=False),
)

case_outcomes = sa.Table(
    "case_outcomes",
    metadata,
    sa.Column("id", identifier(), primary_key=True),
    sa.Column("request", identifier(), nullable=False, index=True),
    sa.Column("account", identifier(), nullable=False, index=True),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("outcome", sa.String(32), nullable=False),
    sa.Column("next_step", sa.Text, nullable=False),
    sa.Column("follow_up", sa.Date),
    sa.Column("settled_at", UtcDateTime),
)

case_flags = sa.Table(
    "case_flags",
    metadata,
    sa.Column("id", identifier(), primary_key=True),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("request", identifier(), nullable=False, index=True),
    sa.Column("account", identifier(), nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("settled_at", UtcDateTime),
    sa.Column("settled_by", identifier()),
)
IS_UNSETTLED = case_flags.c.settled_at.is_(None)
sa.Index(
    "ix_case_flags_unsettled",
    case_flags.c.kind,
    case_flags.c.at,
    sqlite_where=IS_UNSETTLED,
    postgresql_where=IS_UNSETTLED,
)
