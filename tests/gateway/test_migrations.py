"""What the migrations make is what the code expects, from an empty database and from the version before."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from guichet.console.said_tables import is_own, said
from guichet.core.tables import metadata
from guichet.gateway.migrations import FOLDER, current, newest, upgrade
from guichet.transcripts.tables import transcript_lines
from tests.conftest import SQL_BACKENDS, Engines


def _to(connection: sa.Connection, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    (command.downgrade if revision < (current(connection) or "") else command.upgrade)(config, revision)


def _differences(connection: sa.Connection) -> list[object]:
    options = {"compare_type": True, "include_object": lambda _, name, *__: not is_own(name)}
    return list(compare_metadata(MigrationContext.configure(connection, opts=options), metadata))


async def _empty(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        await connection.run_sync(metadata.drop_all)


@pytest.mark.parametrize("backend", SQL_BACKENDS)
async def test_the_migrations_make_what_the_code_expects(backend: str, engines: Engines) -> None:
    async with engines(backend) as engine:
        await _empty(engine)
        await upgrade(engine)
        async with engine.begin() as connection:
            assert await connection.run_sync(current) == newest()
            assert await connection.run_sync(_differences) == []


async def test_indexes_go_the_same_way_as_in_the_code(engines: Engines) -> None:
    """A comparison of the metadata does not see which way a column of an index goes; SQLite's own words do."""
    async with engines("sqlite") as engine:
        meant = await _indexes(engine)
        await _empty(engine)
        await upgrade(engine)
        assert await _indexes(engine) == meant


async def _indexes(engine: AsyncEngine) -> dict[str, str]:
    query = sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL")
    async with engine.connect() as connection:
        rows = (await connection.execute(query)).all()
    return {row.name: " ".join(row.sql.replace('"', "").split()) for row in rows if "alembic" not in row.name}


@pytest.mark.parametrize("backend", SQL_BACKENDS)
async def test_a_database_of_the_first_version_keeps_its_requests(backend: str, engines: Engines) -> None:
    async with engines(backend) as engine:
        await _empty(engine)
        async with engine.begin() as connection:
            await connection.run_sync(_to, "0001")
            await connection.execute(
                sa.text(
                    "INSERT INTO requests (id, reference, subject, kind, state, line, language, intent, queue,"
                    " priority, opened_at, target_at, changed_at, contact, reminders)"
                    " VALUES ('req_1', 'K7-4QX9', 'number:+33', 'callback', 'waiting', '+33199001010',"
                    " 'fr', 'etat_civil_acte', 'etat_civil', 0,"
                    " '2026-03-03 12:00:00', '2026-03-03 12:00:00', '2026-03-03 12:00:00', 'con_1', 0)"
                )
            )
        await upgrade(engine)
        async with engine.begin() as connection:
            row = (await connection.execute(sa.text("SELECT reference, not_before FROM requests"))).one()
            assert tuple(row) == ("K7-4QX9", None)
            await connection.run_sync(_to, "0002")
        async with engine.begin() as connection:
            assert await connection.run_sync(current) == "0002"


async def test_upgrading_twice_changes_nothing() -> None:
    engine = create_async_engine("sqlite+aiosqlite://")
    await upgrade(engine)
    await upgrade(engine)
    await engine.dispose()


@pytest.mark.parametrize("backend", SQL_BACKENDS)
async def test_every_step_can_be_undone_and_made_again_with_a_call_in_the_tables(
    backend: str, engines: Engines
) -> None:
    async with engines(backend) as engine:
        await _empty(engine)
        await upgrade(engine)
        async with engine.begin() as connection:
            await connection.execute(
                sa.text(
                    "INSERT INTO turns (call, number, contact, language, expects, keys, listen, opened_at, stream)"
                    " VALUES ('CA1', 1, 'con_1', 'fr', '{}', 1, true, '2026-03-03 12:00:00', 'none'),"
                    " ('CA1', 2, 'con_1', 'fr', '{}', 1, true, '2026-03-03 12:00:00', 'none')"
                )
            )
            for revision in ("0003", "0001"):
                await connection.run_sync(_to, revision)
            rows = (await connection.execute(sa.text("SELECT call, number FROM turns ORDER BY number"))).all()
        assert [tuple(row) for row in rows] == [("CA1", 1), ("CA1", 2)]
        await upgrade(engine)
        async with engine.begin() as connection:
            assert await connection.run_sync(_differences) == []


@pytest.mark.parametrize("backend", SQL_BACKENDS)
async def test_the_index_of_what_was_said_is_still_kept_when_every_migration_is_done(
    backend: str, engines: Engines
) -> None:
    async with engines(backend) as engine:
        await _empty(engine)
        await upgrade(engine)
        line = {"contact": "con_1", "turn": 1, "source": "caller", "at": datetime(2026, 3, 4, tzinfo=UTC)}
        rest = {"language": "fr", "words": [], "alternatives": [], "seconds": 1.0, "confidence": 1.0, "ending": "x"}
        async with engine.begin() as connection:
            await connection.execute(transcript_lines.insert().values(**line, **rest, text="Ma SŒUR"))
            assert (await connection.execute(sa.select(said.c.folded))).scalars().all() == ["ma soeur"]
            await connection.execute(transcript_lines.update().values(text="Élève"))
            assert len((await connection.execute(sa.select(said.c.folded))).all()) == 1
            await connection.execute(transcript_lines.delete())
            assert (await connection.execute(sa.select(said.c.folded))).all() == []
            triggers = "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'said_%'"
            if backend == "sqlite":
                assert (await connection.execute(sa.text(triggers))).scalar_one() == 8
