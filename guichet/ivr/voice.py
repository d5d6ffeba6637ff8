"""What we say ourselves, over the media socket: recorded by a person, or synthesised here, as µ-law at 8 kHz.

Synthesised speech is kept in memory only, the last used longest: it may name a reference or a number, and no disk may.
"""

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path

from guichet.core.language import Language

Synthesise = Callable[[str, Language], bytes]
"""Makes µ-law, 8 kHz, of a text; runs in a thread."""
MOST_BYTES = 16 << 20
"""Of synthesised speech in memory: half an hour."""


def file_name(text: str) -> str:
    """Return the name of the recording of a text, without its folder (`fr`, `en`)."""
    return f"{hashlib.blake2b(text.encode(), digest_size=8).hexdigest()}.wav"


class Voice:
    """Speaks. `recordings` is a folder with one of each language; `load` reads a recording."""

    def __init__(
        self, synthesise: Synthesise, recordings: Path | None = None, load: Callable[[Path], bytes] = Path.read_bytes
    ) -> None:
        self._synthesise = synthesise
        self._recordings = recordings
        self._load = load
        self._known: OrderedDict[tuple[str, Language], bytes] = OrderedDict()
        self._bytes = 0
        self._at_work: dict[tuple[str, Language], asyncio.Task[bytes]] = {}

    async def speech(self, text: str, language: Language) -> bytes:
        """Return a text as speech; whoever asks for the same at the same time waits for the same work."""
        key = (text, language)
        known = self._known.get(key)
        if known is not None:
            self._known.move_to_end(key)
            return known
        work = self._at_work.get(key)
        if work is None:
            work = self._at_work[key] = asyncio.create_task(asyncio.to_thread(self._made, text, language))
            work.add_done_callback(lambda _: self._at_work.pop(key, None))
        audio = await asyncio.shield(work)
        self._keep(key, audio)
        return audio

    def _made(self, text: str, language: Language) -> bytes:
        """Return the recording of a text, or have it synthesised; on a thread."""
        recording = self._recordings / language.value / file_name(text) if self._recordings else None
        if recording is not None and recording.is_file():
            return self._load(recording)
        return self._synthesise(text, language)

    def _keep(self, key: tuple[str, Language], audio: bytes) -> None:
        if key in self._known:
            return
        self._known[key] = audio
        self._bytes += len(audio)
        while self._bytes > MOST_BYTES:
            _, dropped = self._known.popitem(last=False)
            self._bytes -= len(dropped)
