"""The SQL tables of requests. The partial unique indexes are what makes "one open request" true under any load."""

import sqlalchemy as sa

from guichet.callbacks.request import RequestState
from guichet.core.tables import UtcDateTime, identifier, metadata

_OPEN_STATES = ", ".join(f"'{state}'" for state in RequestState if state.is_open)

requests = sa.Table(
    "requests",
    metadata,
    sa.Column("id", identifier(), primary_key=True),
    sa.Column("reference", sa.String(16), nullable=False, unique=True),
    sa.Column("subject", sa.String(96), nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("state", sa.String(24), nullable=False),
    sa.Column("citizen", identifier()),
    sa.Column("number", sa.String(20)),
    sa.Column("line", sa.String(20), nullable=False),
    sa.Column("language", sa.String(8), nullable=False),
    sa.Column("intent", sa.String(64), nullable=False),
    sa.Column("queue", sa.String(64), nullable=False),
    sa.Column("priority", sa.Integer, nullable=False),
    sa.Column("opened_at", UtcDateTime, nullable=False),
    sa.Column("target_at", UtcDateTime, nullable=False),
    sa.Column("changed_at", UtcDateTime, nullable=False),
    sa.Column("closed_at", UtcDateTime),
    sa.Column("contact", identifier(), nullable=False),
    sa.Column("call", identifier()),
    sa.Column("agent", identifier()),
    sa.Column("reminders", sa.Integer, nullable=False),
    sa.Column("held_since", UtcDateTime),
    sa.Column("connected_at", UtcDateTime),
    sa.Column("not_before", UtcDateTime),
    sa.Column("callback_number", sa.String(20)),
    sa.Column("warned_at", UtcDateTime),
    sa.Column("put_off_until", UtcDateTime),
    sa.Column("entered_at", UtcDateTime),
    sa.Column("slot_at", UtcDateTime),
    sa.Column("slot_until", UtcDateTime),
    sa.Column("wanted", identifier()),
    sa.Column("passed_by", identifier()),
    sa.Column("passed_note", sa.String(300), nullable=False, default="", server_default=sa.text("''")),
    sa.Column("overtook", sa.Integer, nullable=False, server_default="0"),
    sa.Column("ask_for", sa.String(80)),
    sa.Column("asked_at", UtcDateTime),
    sa.Column("relayed", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.CheckConstraint(f"(closed_at IS NULL) = (state IN ({_OPEN_STATES}))", name="closed_is_ended"),
)

IS_OPEN = requests.c.closed_at.is_(None)

sa.Index(
    "uq_requests_open_subject_intent",
    requests.c.subject,
    requests.c.intent,
    unique=True,
    sqlite_where=IS_OPEN,
    postgresql_where=IS_OPEN,
)
sa.Index("ix_requests_open_agent", requests.c.agent, sqlite_where=IS_OPEN, postgresql_where=IS_OPEN)
sa.Index("ix_requests_open_number", requests.c.number, sqlite_where=IS_OPEN, postgresql_where=IS_OPEN)
sa.Index(
    "ix_requests_open_order",
    requests.c.queue,
    requests.c.state,
    requests.c.priority.desc(),
    requests.c.target_at,
    requests.c.id,
    sqlite_where=IS_OPEN,
    postgresql_where=IS_OPEN,
)
sa.Index(
    "ix_requests_one_order",
    requests.c.state,
    requests.c.priority.desc(),
    requests.c.target_at,
    requests.c.id,
    sqlite_where=IS_OPEN,
    postgresql_where=IS_OPEN,
)
sa.Index(
    "ix_requests_open_by_opening",
    requests.c.queue,
    requests.c.state,
    requests.c.opened_at,
    sqlite_where=IS_OPEN,
    postgresql_where=IS_OPEN,
)
_IS_IN_HAND = sa.and_(IS_OPEN, requests.c.state == sa.literal_column(f"'{RequestState.OFFERED}'"))
sa.Index(
    "uq_requests_in_hand",
    requests.c.agent,
    unique=True,
    sqlite_where=_IS_IN_HAND,
    postgresql_where=_IS_IN_HAND,
)
_HAS_SLOT = sa.and_(IS_OPEN, requests.c.slot_at.is_not(None))
sa.Index(
    "ix_requests_open_slots",
    requests.c.queue,
    requests.c.slot_at,
    sqlite_where=_HAS_SLOT,
    postgresql_where=_HAS_SLOT,
)
sa.Index("ix_requests_queue_connected_at", requests.c.queue, requests.c.connected_at)
sa.Index("ix_requests_citizen", requests.c.citizen)
sa.Index("ix_requests_opened_at", requests.c.opened_at)
sa.Index("ix_requests_changed_at", requests.c.changed_at)

request_contacts = sa.Table(
    "request_contacts",
    metadata,
    sa.Column("request", identifier(), sa.ForeignKey("requests.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("contact", identifier(), primary_key=True),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Index("ix_request_contacts_contact", "contact"),
)

attempts = sa.Table(
    "attempts",
    metadata,
    sa.Column("id", identifier(), primary_key=True),
    sa.Column("request", identifier(), sa.ForeignKey("requests.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("agent", identifier(), nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("started_at", UtcDateTime, nullable=False),
    sa.Column("call", identifier(), unique=True),
    sa.Column("ended_at", UtcDateTime),
    sa.Column("result", sa.String(64), nullable=False),
    sa.Column("citizen_call", identifier()),
    sa.Column("bridged_at", UtcDateTime),
    sa.Column("wrapped_up_at", UtcDateTime),
)

IS_LIVE = attempts.c.ended_at.is_(None)

sa.Index("uq_attempts_live_request", attempts.c.request, unique=True, sqlite_where=IS_LIVE, postgresql_where=IS_LIVE)
sa.Index("uq_attempts_live_agent", attempts.c.agent, unique=True, sqlite_where=IS_LIVE, postgresql_where=IS_LIVE)
sa.Index("uq_attempts_citizen_call", attempts.c.citizen_call, unique=True)
sa.Index("ix_attempts_ended_at", attempts.c.ended_at)
sa.Index("ix_attempts_agent_ended_at", attempts.c.agent, attempts.c.ended_at)

flags = sa.Table(
    "flags",
    metadata,
    sa.Column("id", identifier(), primary_key=True),
    sa.Column("subject", sa.String(96), nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("note", sa.String(300), nullable=False),
    sa.Column("request", identifier(), nullable=False),
    sa.Column("agent", identifier(), nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("expires_at", UtcDateTime, nullable=False),
    sa.Column("lifted_at", UtcDateTime),
    sa.Column("lifted_by", sa.String(200), nullable=False),
    sa.Index("ix_flags_subject_expires_at", "subject", "expires_at"),
)

request_events = sa.Table(
    "request_events",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("request", identifier(), sa.ForeignKey("requests.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("attempt", identifier()),
    sa.Column("before", sa.String(24), nullable=False),
    sa.Column("after", sa.String(24), nullable=False),
    sa.Column("actor", identifier(), nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("reason", sa.String(200), nullable=False),
)
