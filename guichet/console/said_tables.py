"""The index of what was said and written: one row a line of a transcript or a text, folded, and its words. No I/O.

The databases keep it themselves, by triggers: whatever writes, changes or erases a line does the same to its row, in
the same transaction. SQLite finds words by FTS5 (https://sqlite.org/fts5.html), PostgreSQL by its text search.
"""

# ruff: noqa: S608 - statements are made of names in this file, never of anything that comes in
from typing import Any

import sqlalchemy as sa

from guichet.core.tables import UtcDateTime, identifier, metadata
from guichet.sms.tables import messages
from guichet.transcripts.tables import transcript_lines

said = sa.Table(
    "said",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("contact", identifier(), nullable=False),
    # The source of a transcript's line, or `message`; and its turn, or the message's id.
    sa.Column("source", sa.String(20), nullable=False),
    sa.Column("place", identifier(), nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    # Lower case, without accents and ligatures where the database can; what is shown comes from the line itself.
    sa.Column("folded", sa.Text, nullable=False),
    sa.Index("ix_said_contact_source_place", "contact", "source", "place"),
)
WORDS = "said_words"
"""The words on SQLite: a virtual table, with tables of its own whose names begin like this."""

_TOKENS = "tokenize='unicode61 remove_diacritics 2'"
_ACCENTS = "àáâãäåçèéêëìíîïñòóôõöùúûüýÿ"
_PLAIN = "aaaaaaceeeeiiiinooooouuuuyy"


def _sqlite_fold(text: str) -> str:
    """Return SQL that folds what the tokenizer of FTS5 does not."""
    return f"lower(replace(replace(replace(replace({text}, 'œ', 'oe'), 'Œ', 'oe'), 'æ', 'ae'), 'Æ', 'ae'))"


def _postgresql_fold(text: str) -> str:
    return f"translate(replace(replace(lower({text}), 'œ', 'oe'), 'æ', 'ae'), '{_ACCENTS}', '{_PLAIN}')"


_LINE = "contact = old.contact AND source = old.source AND place = CAST(old.turn AS VARCHAR)"
_TEXT = "source = 'message' AND place = old.id AND contact = old.contact"
_COLUMNS = "INSERT INTO said (contact, source, place, at, folded)"


def _writes(fold: Any) -> dict[str, tuple[str, str, str]]:
    """Return each trigger: its name, what it comes after, on which table, and what it does."""
    line = f"{_COLUMNS} VALUES (new.contact, new.source, CAST(new.turn AS VARCHAR), new.at, {fold('new.text')});"
    text = (
        f"{_COLUMNS} SELECT new.contact, 'message', new.id, new.created_at, {fold('new.body')}"
        " WHERE new.contact IS NOT NULL;"
    )
    return {
        "said_line_added": ("INSERT", "transcript_lines", line),
        "said_line_removed": ("DELETE", "transcript_lines", f"DELETE FROM said WHERE {_LINE};"),
        "said_line_changed": ("UPDATE", "transcript_lines", f"DELETE FROM said WHERE {_LINE}; {line}"),
        "said_text_added": ("INSERT", "messages", text),
        "said_text_removed": ("DELETE", "messages", f"DELETE FROM said WHERE {_TEXT};"),
        "said_text_changed": ("UPDATE OF body, contact", "messages", f"DELETE FROM said WHERE {_TEXT}; {text}"),
    }


def sqlite_statements() -> tuple[str, ...]:
    """Return what makes the index on SQLite."""
    taken = f"INSERT INTO {WORDS}({WORDS}, rowid, folded) VALUES ('delete', old.id, old.folded);"
    given = f"INSERT INTO {WORDS}(rowid, folded) VALUES (new.id, new.folded);"
    return (
        f"CREATE VIRTUAL TABLE {WORDS} USING fts5(folded, content='said', content_rowid='id', {_TOKENS})",
        f"CREATE TRIGGER said_word_added AFTER INSERT ON said BEGIN {given} END",
        f"CREATE TRIGGER said_word_removed AFTER DELETE ON said BEGIN {taken} END",
        *(
            f"CREATE TRIGGER {name} AFTER {when} ON {table} BEGIN {does} END"
            for name, (when, table, does) in _writes(_sqlite_fold).items()
        ),
    )


def postgresql_statements() -> tuple[str, ...]:
    """Return what makes the index on PostgreSQL."""
    made: list[str] = ["CREATE INDEX ix_said_words ON said USING gin (to_tsvector('simple', folded))"]
    for name, (when, table, does) in _writes(_postgresql_fold).items():
        body = f"BEGIN {does} RETURN NULL; END"
        made += [
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $${body}$$",
            f"CREATE TRIGGER {name} AFTER {when} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
        ]
    return tuple(made)


def filling(dialect: str) -> tuple[str, ...]:
    """Return what fills the index with what is there already."""
    fold = _postgresql_fold if dialect == "postgresql" else _sqlite_fold
    columns = f"contact, source, CAST(turn AS VARCHAR), at, {fold('text')}"
    written = f"contact, 'message', id, created_at, {fold('body')}"
    return (
        f"{_COLUMNS} SELECT {columns} FROM transcript_lines ORDER BY at",
        f"{_COLUMNS} SELECT {written} FROM messages WHERE contact IS NOT NULL ORDER BY created_at",
    )


def undoing(dialect: str) -> tuple[str, ...]:
    """Return what takes the index away, before the table itself."""
    if dialect != "postgresql":
        names = (*_writes(_sqlite_fold), "said_word_added", "said_word_removed")
        return (*(f"DROP TRIGGER IF EXISTS {name}" for name in names), f"DROP TABLE IF EXISTS {WORDS}")
    writes = _writes(_postgresql_fold).items()
    return (
        *(f"DROP TRIGGER IF EXISTS {name} ON {table}" for name, (_, table, _) in writes),
        *(f"DROP FUNCTION IF EXISTS {name}()" for name, _ in writes),
        "DROP INDEX IF EXISTS ix_said_words",
    )


def making(dialect: str) -> tuple[str, ...]:
    """Return what makes the index."""
    return postgresql_statements() if dialect == "postgresql" else sqlite_statements()


def is_own(name: str | None) -> bool:
    """Whether a table or index is part of the index, which the metadata does not hold."""
    return name is not None and name.startswith((WORDS, "ix_said_words"))


def _after_create(_target: sa.MetaData, connection: sa.Connection, tables: Any = None, **_: Any) -> None:
    if {said, messages, transcript_lines} <= set(tables or ()):
        for statement in making(connection.dialect.name):
            connection.exec_driver_sql(statement)


def _before_drop(_target: sa.MetaData, connection: sa.Connection, tables: Any = None, **_: Any) -> None:
    if said in (tables or ()):
        for statement in undoing(connection.dialect.name):
            connection.exec_driver_sql(statement)


sa.event.listen(metadata, "after_create", _after_create)
sa.event.listen(metadata, "before_drop", _before_drop)
