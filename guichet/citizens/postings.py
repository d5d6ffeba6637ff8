"""Search keys as numbers, and the SQL that counts who shares them. Pure: statements are made here, not run.

A key is stored as 59 bits of its hash and 4 bits of its kind, a citizen as 63 bits of a hash of their id: an entry is
two integers, a third of what the texts take, and a look-up reads a few pages of one index. Two keys or two citizens of
one number (one pair in ten million among a million citizens) give a candidate too many, never one too few.
"""

import json
from collections.abc import Iterable
from hashlib import blake2b

import sqlalchemy as sa

from guichet.citizens.search_keys import COMMON, MOST_ENTRIES, WEIGHTS
from guichet.citizens.tables import citizen_phones, citizens
from guichet.core.ids import CitizenId

KINDS = tuple(WEIGHTS)


def _hash(text: str) -> int:
    """Return 64 bits of a text, the same on every machine."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")


def citizen_number(citizen_id: CitizenId) -> int:
    """Return the number that stands for a citizen in the index."""
    return _hash(citizen_id) >> 1


def key_number(key: str) -> int:
    """Return the number of a key; its last four bits are its kind."""
    return _hash(key) >> 5 << 4 | KINDS.index(key[0])


def asked(keys: Iterable[str]) -> str:
    """Return keys as the `asked` value of a statement of SHARERS."""
    return json.dumps(list({key_number(key): None for key in keys}))


_SHARERS = """
WITH asked AS MATERIALIZED ({asked}),
sized AS MATERIALIZED (
    SELECT key, (
        SELECT count(*) FROM (SELECT 1 FROM citizen_keys AS held WHERE held.key = asked.key LIMIT {beyond}) AS found
    ) AS size
    FROM asked
),
queue AS MATERIALIZED (
    SELECT key, sum(size) OVER (ORDER BY size, key) AS entries FROM sized WHERE size BETWEEN 1 AND {common}
),
best AS MATERIALIZED (
    SELECT held.citizen, sum(CASE queue.key & 15 {weights} END) AS weight
    FROM queue JOIN citizen_keys AS held ON held.key = queue.key
    WHERE queue.entries <= {most}
    GROUP BY held.citizen
    ORDER BY weight DESC, held.citizen
    LIMIT :most
),
found AS MATERIALIZED (
    SELECT id, max(weight) AS weight FROM (
        SELECT citizens.id AS id, best.weight AS weight FROM best JOIN citizens ON citizens.number = best.citizen
        UNION ALL
        SELECT id, 0 FROM (
            SELECT DISTINCT citizen_id AS id FROM citizen_phones WHERE number = :phone
            ORDER BY citizen_id LIMIT {owners}
        ) AS owner
    ) AS person
    GROUP BY id
)
SELECT {columns}, citizen_phones.number, citizen_phones.kind, citizen_phones.shared
FROM found
JOIN citizens ON citizens.id = found.id AND citizens.left_at IS NULL
LEFT JOIN citizen_phones ON citizen_phones.citizen_id = found.id
ORDER BY found.weight DESC, citizens.id, citizen_phones.position
"""
OWNERS = 20
"""People of one number who are looked at."""


def _sharers(asked_sql: str) -> sa.TextualSelect:
    """Return the statement that finds who shares most, reading rare keys first; `asked_sql` unpacks the keys."""
    columns = [column for column in citizens.c if column.name not in {"number", "source", "seen_in"}]
    names = ", ".join(str(column) for column in columns)
    weights = " ".join(f"WHEN {place} THEN {WEIGHTS[kind]}" for place, kind in enumerate(KINDS))
    statement = _SHARERS.format(
        asked=asked_sql,
        beyond=COMMON + 1,
        common=COMMON,
        most=MOST_ENTRIES,
        owners=OWNERS,
        weights=weights,
        columns=names,
    )
    phone = (citizen_phones.c.number, citizen_phones.c.kind, citizen_phones.c.shared)
    return sa.text(statement).columns(*columns, *phone)


SHARERS = {
    "sqlite": _sharers("SELECT value AS key FROM json_each(:asked)"),
    "postgresql": _sharers("SELECT CAST(value AS bigint) AS key FROM json_array_elements_text(CAST(:asked AS json))"),
}
"""By dialect: who shares most of the keys `asked`, `most` of them, then who has the number `phone`; best first.

One statement, because each trip to SQLite's thread costs more than what is done there. One row for each number that a
citizen has.
"""
