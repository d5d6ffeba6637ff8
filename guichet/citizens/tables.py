"""The SQL tables of citizens, their numbers and search keys, and contacts. No I/O."""

import sqlalchemy as sa

from guichet.core.tables import UtcDateTime, identifier, metadata

citizens = sa.Table(
    "citizens",
    metadata,
    sa.Column("id", identifier(), primary_key=True),
    sa.Column("external_id", sa.String(200), nullable=False, unique=True),
    sa.Column("given_names", sa.String(200), nullable=False),
    sa.Column("birth_name", sa.String(200), nullable=False),
    sa.Column("usual_name", sa.String(200), nullable=False),
    sa.Column("birth_date", sa.Date),
    sa.Column("email", sa.String(320), nullable=False),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("postcode", sa.String(16), nullable=False),
    sa.Column("town", sa.String(200), nullable=False),
    sa.Column("language", sa.String(2)),
    sa.Column("never_call", sa.Boolean, nullable=False),
    sa.Column("birth_place", sa.String(200), nullable=False, server_default=""),
    sa.Column("other_emails", sa.JSON, nullable=False, server_default="[]"),
    sa.Column("channel", sa.String(8)),
    sa.Column("notes", sa.Text, nullable=False, server_default=""),
    # The import that saw them last, the source it reads, and when they had gone from it.
    sa.Column("source", sa.String(64), nullable=False, server_default=""),
    sa.Column("seen_in", identifier()),
    sa.Column("left_at", UtcDateTime),
    # What stands for the citizen in citizen_keys (see postings.py).
    sa.Column("number", sa.BigInteger, nullable=False, index=True),
    # Who lives where: households.
    sa.Index(None, "postcode", "address"),
)

citizen_phones = sa.Table(
    "citizen_phones",
    metadata,
    sa.Column("citizen_id", identifier(), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("number", sa.String(20), nullable=False, index=True),
    sa.Column("kind", sa.String(8), nullable=False, server_default=""),
    sa.Column("shared", sa.Boolean, nullable=False, server_default=sa.false()),
)

citizen_files = sa.Table(
    "citizen_files",
    metadata,
    sa.Column("citizen_id", identifier(), primary_key=True),
    sa.Column("number", sa.String(64), primary_key=True),
    sa.Column("kind", sa.String(200), nullable=False),
    sa.Column("state", sa.String(200), nullable=False),
    # The digits of the number, by which it is looked up (see file_number.py); empty where they are too few.
    sa.Column("digits", sa.String(40), nullable=False, server_default="", index=True),
    sa.Column("source", sa.String(64), nullable=False, index=True),
    sa.Column("seen_in", identifier(), nullable=False),
    sa.Column("left_at", UtcDateTime),
    sa.Index(None, "number"),
)

citizen_mandates = sa.Table(
    "citizen_mandates",
    metadata,
    # Of whom, and the key of the mandate among theirs (mandate.py).
    sa.Column("citizen_id", identifier(), primary_key=True),
    sa.Column("key", sa.String(300), primary_key=True),
    sa.Column("holder_id", identifier(), index=True),
    sa.Column("holder_name", sa.String(200), nullable=False),
    sa.Column("holder_phone", sa.String(20), index=True),
    sa.Column("role", sa.String(16), nullable=False),
    sa.Column("scope", sa.JSON, nullable=False),
    sa.Column("until", sa.Date),
    sa.Column("proof", sa.String(200), nullable=False),
    sa.Column("source", sa.String(64), nullable=False, index=True),
    sa.Column("seen_in", identifier(), nullable=False),
    sa.Column("left_at", UtcDateTime),
)

imports = sa.Table(
    "imports",
    metadata,
    sa.Column("id", identifier(), primary_key=True),
    sa.Column("source", sa.String(64), nullable=False),
    # What was read, as a digest: only the same thing can be gone on with.
    sa.Column("fingerprint", sa.String(64), nullable=False),
    sa.Column("part", sa.String(16), nullable=False),
    sa.Column("lines", sa.Integer, nullable=False),
    sa.Column("counts", sa.JSON, nullable=False),
    sa.Column("started_at", UtcDateTime, nullable=False),
    sa.Column("changed_at", UtcDateTime, nullable=False),
    sa.Column("ended_at", UtcDateTime),
    sa.Index(None, "source", "started_at"),
)

erased_citizens = sa.Table(
    "erased_citizens",
    metadata,
    # Of whom: a digest of the external id, and the name of the key it was made with (see erased.py).
    sa.Column("digest", sa.String(64), primary_key=True),
    sa.Column("key", sa.String(16), nullable=False),
)

citizen_keys = sa.Table(
    "citizen_keys",
    metadata,
    # Numbers, see postings.py. The key comes first: a look-up reads one stretch of the primary key and nothing else.
    sa.Column("key", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("citizen", sa.BigInteger, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)

contacts = sa.Table(
    "contacts",
    metadata,
    sa.Column("id", identifier(), primary_key=True),
    sa.Column("channel", sa.String(8), nullable=False),
    sa.Column("carrier_id", identifier(), nullable=False),
    sa.Column("line", sa.String(20), nullable=False),
    sa.Column("caller", sa.String(20)),
    sa.Column("language", sa.String(2), nullable=False),
    sa.Column("started_at", UtcDateTime, nullable=False, index=True),
    sa.Column("ended_at", UtcDateTime),
    sa.Column("citizen", identifier()),
    sa.Column("intent", sa.String(64)),
    sa.Column("outcome", sa.String(32), nullable=False),
    sa.Column("request", identifier()),
    sa.Column("file", sa.JSON, nullable=False),
    sa.Column("listened_seconds", sa.Float, nullable=False, server_default="0"),
    sa.Column("cpu_seconds", sa.Float, nullable=False, server_default="0"),
    sa.UniqueConstraint("channel", "carrier_id"),
    sa.Index(None, "citizen", "started_at"),
    sa.Index(None, "caller", "started_at"),
)
IS_ABOUT_SOMETHING = contacts.c.intent.is_not(None)
sa.Index(
    "ix_contacts_intent_outcome",
    contacts.c.intent,
    contacts.c.outcome,
    sqlite_where=IS_ABOUT_SOMETHING,
    postgresql_where=IS_ABOUT_SOMETHING,
)
