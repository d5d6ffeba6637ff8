"""Speech is made once, recordings come first, and memory is bounded."""

import asyncio
from pathlib import Path

from guichet.carrier.voice import load, synthesise
from guichet.core.language import Language
from guichet.ivr import voice as voice_module
from guichet.ivr.voice import Voice, file_name
from guichet.transcripts.mulaw import decode


class Maker:
    """Counts what it makes."""

    def __init__(self, size: int = 10) -> None:
        self.made: list[str] = []
        self._size = size

    def __call__(self, text: str, language: Language) -> bytes:
        """Make speech."""
        self.made.append(f"{language.value}:{text}")
        return bytes(self._size)


async def test_a_text_is_spoken_once_for_all_who_ask() -> None:
    maker = Maker()
    voice = Voice(maker)
    await asyncio.gather(*(voice.speech("bonjour", Language.FR) for _ in range(5)))
    await voice.speech("bonjour", Language.FR)
    await voice.speech("bonjour", Language.EN)
    assert maker.made == ["fr:bonjour", "en:bonjour"]


async def test_a_recording_is_played_rather_than_a_machine(tmp_path: Path) -> None:
    maker = Maker()
    (tmp_path / "fr").mkdir()
    (tmp_path / "fr" / file_name("bonjour")).write_bytes(b"recorded")
    voice = Voice(maker, tmp_path, Path.read_bytes)
    assert await voice.speech("bonjour", Language.FR) == b"recorded"
    assert await voice.speech("au revoir", Language.FR) == bytes(10)
    assert maker.made == ["fr:au revoir"]


async def test_what_is_not_used_is_forgotten() -> None:
    maker = Maker(voice_module.MOST_BYTES // 2)
    voice = Voice(maker)
    for text in ("a", "b", "a", "c", "a"):
        await voice.speech(text, Language.FR)
    assert maker.made == ["fr:a", "fr:b", "fr:c"]
    await voice.speech("b", Language.FR)
    assert maker.made[-1] == "fr:b"


async def test_a_voice_that_fails_fails_for_who_asked_and_is_asked_again() -> None:
    calls = 0

    def broken(text: str, language: Language) -> bytes:
        nonlocal calls
        calls += 1
        raise ValueError(f"{text} {language}")

    voice = Voice(broken)
    results = await asyncio.gather(*(voice.speech("a", Language.FR) for _ in range(2)), return_exceptions=True)
    assert all(isinstance(result, ValueError) for result in results)
    assert calls == 1
    await asyncio.gather(voice.speech("a", Language.FR), return_exceptions=True)
    assert calls == 2


async def test_a_real_voice_speaks_both_languages() -> None:
    voice = Voice(synthesise, None, load)
    for language, text in ((Language.FR, "Bonjour, vous êtes à la mairie."), (Language.EN, "Hello.")):
        samples = decode(await voice.speech(text, language))
        assert len(samples) > 4000
        assert abs(samples).max() > 1000
