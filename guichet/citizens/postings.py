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
)
SELECT held.citizen
FROM queue JOIN citizen_keys AS held ON held.key = queue.key
WHERE queue.entries <= {most}
GROUP BY held.citizen
ORDER BY sum(CASE queue.key & 15 {weights} END) DESC, held.citizen
LIMIT :most
"""


def _sharers(asked_sql: str) -> sa.TextClause:
    """Return the statement that finds who shares most, reading rare keys first; `asked_sql` unpacks the keys."""
    weights = " ".join(f"WHEN {place} THEN {WEIGHTS[kind]}" for place, kind in enumerate(KINDS))
    return sa.text(
        _SHARERS.format(asked=asked_sql, beyond=COMMON + 1, common=COMMON, most=MOST_ENTRIES, weights=weights)
    )


SHARERS = {
    "sqlite": _sharers("SELECT value AS key FROM json_each(:asked)"),
    "postgresql": _sharers("SELECT CAST(value AS bigint) AS key FROM json_array_elements_text(CAST(:asked AS json))"),
}
"""By dialect: the statement whose values are `asked` and `most`; its rows are the numbers of citizens, best first."""
