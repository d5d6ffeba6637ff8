"""The sound of recorded messages is deleted, here and at the carrier, before the rows that know of it go."""

import asyncio
from collections.abc import Sequence

import sqlalchemy as sa

from guichet.carrier.events import RecordingSid
from guichet.carrier.rest import TwilioCarrier
from guichet.gateway.database import Database
from guichet.gateway.services import carrier_settings
from guichet.gateway.settings import Settings
from guichet.ivr.tables import recordings


async def forget_sound(settings: Settings, database: Database, ids: Sequence[str]) -> None:
    """Delete the files of recordings. Raises Unavailable where the carrier does not answer: nothing is lost then."""
    for one in ids:
        file = settings.data_dir / "recordings" / f"{one}.wav"
        await asyncio.to_thread(file.unlink, missing_ok=True)
        await asyncio.to_thread(file.with_suffix(".part").unlink, missing_ok=True)
    query = sa.select(recordings.c.id).where(recordings.c.id.in_(ids), recordings.c.deleted_at.is_(None))
    async with database.read() as unit:
        there = (await unit.connection.scalars(query)).all() if ids else []
    if not there:
        return
    carrier = TwilioCarrier(carrier_settings(settings))
    try:
        for one in there:
            await carrier.delete_recording(RecordingSid(one))
    finally:
        await carrier.close()
