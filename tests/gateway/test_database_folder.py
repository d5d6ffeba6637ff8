"""The folder of the SQLite file, which holds names, numbers and birth dates."""

from pathlib import Path

from guichet.gateway.database import make_engine


async def test_the_folder_of_a_new_database_is_closed_to_other_users(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite+aiosqlite:///{tmp_path / 'var' / 'guichet.sqlite'}")
    await engine.dispose()
    assert (tmp_path / "var").stat().st_mode & 0o077 == 0
