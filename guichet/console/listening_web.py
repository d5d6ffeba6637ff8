"""The sound of messages that the rule book keeps: played to who works cases, each time with a line in the trail."""

import asyncio
from pathlib import Path

from aiohttp import hdrs, web

from guichet.carrier.events import RecordingSid
from guichet.console.audit import Entry
from guichet.console.desk_unit import BeginDesk
from guichet.console.visit import visit_of
from guichet.core.clock import Clock
from guichet.core.errors import NotFound


class ListeningPages:
    """Serves sound from the folder where the messages are kept."""

    def __init__(self, begin: BeginDesk, folder: Path, clock: Clock) -> None:
        self._begin = begin
        self._folder = folder
        self._clock = clock

    def routes(self) -> list[web.RouteDef]:
        """Return the route."""
        return [web.get("/recordings/{recording}", self._play, allow_head=False)]

    async def _play(self, request: web.Request) -> web.StreamResponse:
        """Send a message, whole or the part that a player asks for. Raises NotFound once it is kept no more."""
        now, account = self._clock.now(), visit_of(request).who
        async with self._begin() as unit:
            recording = await unit.recordings.get(RecordingSid(request.match_info["recording"]))
            if recording is None or recording.kept_until is None or recording.kept_until <= now:
                raise NotFound("this message is not kept (any more)")
            file = self._folder / f"{recording.id}.wav"
            if not await asyncio.to_thread(file.is_file):
                raise NotFound("the sound of this message is kept on another machine")
            detail = {"recording": recording.id}
            await unit.audit.note(Entry(now, account.actor, "recording.heard", f"contact:{recording.contact}", detail))
        return web.FileResponse(file, headers={hdrs.CONTENT_TYPE: "audio/wav"})
