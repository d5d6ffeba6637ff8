"""The recogniser process: it hears, it is watched, it dies with its parent and without its callers."""

import asyncio
import os
import select
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from guichet.core.errors import Unavailable
from guichet.core.language import Language
from guichet.transcripts.engine_link import Command
from guichet.transcripts.heard import Digits, Ending, FreeSpeech, YesNo
from guichet.transcripts.vosk_listening import VoskListening
from guichet.transcripts.vosk_recogniser import VoskRecogniser
from tests.transcripts.voices import frames, hum, silence

MODELS = Path(os.environ.get("GUICHET_MODELS_DIR", "var/models"))

PROGRAMS = {
    "echo": """
        from guichet.transcripts.decoder import Utterance
        class Said:
            def accept(self, samples): return False
            def is_hearing(self): return True
            def settle(self): pass
            def close(self): pass
            def finish(self): return Utterance((Word("hello", 0.0, 0.3, 0.5),), ("hallo",), True)
        open_decoder = lambda language, expects: Said()
    """,
    "slow": """
        import time
        from pathlib import Path
        from guichet.transcripts.decoder import Utterance
        class Slow:
            def accept(self, samples):
                while not Path({released!r}).exists(): time.sleep(0.01)
                return False
            def is_hearing(self): return True
            def settle(self): pass
            def close(self): pass
            def finish(self): return Utterance((Word("hello", 0.0, 0.3, 0.5),), (), True)
        open_decoder = lambda language, expects: Slow()
    """,
    "broken": """
        def open_decoder(language, expects): raise RuntimeError("secret")
    """,
}


def stand_in(program: str, released: Path) -> Command:
    """Return the command of a recogniser process whose decoder is made up; a slow one waits for a file."""
    decoder = textwrap.dedent(PROGRAMS[program]).replace("{released!r}", repr(str(released)))
    code = textwrap.dedent("""
        import os, socket, sys
        from guichet.transcripts.lanes import Lanes
        from guichet.transcripts.engine_process import Server, die_with_parent
        from guichet.transcripts.engine_wire import Question, Ready, Unpacker, pack
        from guichet.transcripts.heard import Word
        die_with_parent()
        connection = socket.socket(fileno=int(sys.argv[1]))
        {program}
        connection.sendall(pack(Ready()))
        unpacker = Unpacker(Question)
        server = Server(open_decoder, lambda answer: connection.sendall(pack(answer)), Lanes(2))
        while data := connection.recv(65536):
            for message in unpacker.messages(data): server.receive(message)
        os._exit(0)
    """).format(program=decoder)
    return lambda descriptor: (sys.executable, "-P", "-c", code, str(descriptor))


@asynccontextmanager
async def recogniser(
    tmp_path: Path, program: str = "echo", most_turns: int = 4, now: Callable[[], float] = time.monotonic
) -> AsyncIterator[VoskRecogniser]:
    """Give a started recogniser with a made-up decoder and a folder that looks like an English model."""
    folder = tmp_path / "vosk-model-small-en-us-0.15"
    for name in ("am/final.mdl", "conf/mfcc.conf"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    made = VoskRecogniser(tmp_path, command=stand_in(program, tmp_path / "released"), most_turns=most_turns, now=now)
    try:
        await made.start()
        yield made
    finally:
        await made.close()


def play(listening: VoskListening, mulaw: bytes) -> None:
    for frame in frames(mulaw):
        listening.feed(frame)


async def test_turns_are_heard_side_by_side_in_the_process(tmp_path: Path) -> None:
    async with recogniser(tmp_path) as vosk:
        turns = [await vosk.listen(Language.EN, expects) for expects in (FreeSpeech(), YesNo(), Digits(8, 8))]
        for turn in turns:
            play(turn, silence(0.5) + hum(1) + silence(2))
        heard = [await asyncio.wait_for(turn.heard(), 10) for turn in turns]
        assert [one.text for one in heard] == ["hello"] * 3
        assert [one.alternatives for one in heard] == [("hallo",)] * 3
        assert [one.ending for one in heard] == [Ending.ENDPOINT] * 3
        assert heard[1].seconds < heard[0].seconds < heard[2].seconds
        assert 0 <= heard[0].words[0].start <= 0.5
        assert all(one.cpu > 0 for one in heard)


async def test_a_stopped_turn_answers_and_a_closed_one_is_over(tmp_path: Path) -> None:
    async with recogniser(tmp_path) as vosk:
        turn = await vosk.listen(Language.EN, FreeSpeech())
        play(turn, hum(1))
        turn.stop()
        assert (await asyncio.wait_for(turn.heard(), 10)).ending is Ending.STOPPED
        await turn.close()
        turn.feed(hum(0.1))
        turn.stop()
        other = await vosk.listen(Language.EN, FreeSpeech())
        await other.close()
        await other.close()
        with pytest.raises(Unavailable):
            await other.heard()


async def test_a_language_without_a_model_and_a_turn_too_many_are_refused(tmp_path: Path) -> None:
    async with recogniser(tmp_path, most_turns=1) as vosk:
        assert (vosk.speaks(Language.EN), vosk.speaks(Language.FR)) == (True, False)
        with pytest.raises(Unavailable, match="guichet models install fr"):
            await vosk.listen(Language.FR, FreeSpeech())
        first = await vosk.listen(Language.EN, FreeSpeech())
        with pytest.raises(Unavailable, match="as many turns"):
            await vosk.listen(Language.EN, FreeSpeech())
        await first.close()
        await (await vosk.listen(Language.EN, FreeSpeech())).close()


async def test_a_recogniser_that_lags_refuses_more_turns_until_it_has_caught_up(tmp_path: Path) -> None:
    clock = [100.0]
    async with recogniser(tmp_path, "slow", now=lambda: clock[0]) as vosk:
        late = await vosk.listen(Language.EN, FreeSpeech())
        for frame in frames(hum(1) + silence(1.5)):
            late.feed(frame)
            clock[0] += 0.02
        assert vosk.load.lag > 1
        assert not vosk.has_room()
        with pytest.raises(Unavailable, match="as many turns"):
            await vosk.listen(Language.EN, FreeSpeech())
        assert vosk.load.refused == 1
        (tmp_path / "released").touch()
        assert (await asyncio.wait_for(late.heard(), 10)).text == "hello"
        assert vosk.load.lag == 0
        assert vosk.has_room()
        await (await vosk.listen(Language.EN, FreeSpeech())).close()


async def test_a_turn_that_goes_on_is_no_longer_late_once_its_audio_is_worked_through(tmp_path: Path) -> None:
    clock = [100.0]
    async with recogniser(tmp_path, "slow", now=lambda: clock[0]) as vosk:
        turn = await vosk.listen(Language.EN, FreeSpeech())
        play(turn, hum(0.5))
        clock[0] += 1.5
        play(turn, hum(0.02))
        assert not vosk.has_room()
        (tmp_path / "released").touch()
        async with asyncio.timeout(10):
            while turn.lag > 0:  # noqa: ASYNC110 - what changes it is a process
                await asyncio.sleep(0.01)
        assert vosk.has_room()


async def test_a_turn_that_breaks_fails_alone_and_tells_no_secret(tmp_path: Path) -> None:
    async with recogniser(tmp_path, "broken") as vosk:
        pid = vosk.pid
        turn = await vosk.listen(Language.EN, FreeSpeech())
        with pytest.raises(Unavailable, match="RuntimeError") as caught:
            await asyncio.wait_for(turn.heard(), 10)
        assert "secret" not in str(caught.value)
        assert vosk.pid == pid


async def test_a_killed_process_fails_its_turns_and_is_back_within_seconds(tmp_path: Path) -> None:
    async with recogniser(tmp_path) as vosk:
        killed = vosk.pid
        assert killed is not None
        turn = await vosk.listen(Language.EN, FreeSpeech())
        os.kill(killed, signal.SIGKILL)
        with pytest.raises(Unavailable):
            await asyncio.wait_for(turn.heard(), 10)
        turn.feed(hum(0.1))
        await vosk.start(10)
        assert vosk.pid not in {None, killed}
        again = await vosk.listen(Language.EN, FreeSpeech())
        play(again, hum(1) + silence(2))
        assert (await asyncio.wait_for(again.heard(), 10)).text == "hello"


async def test_a_process_that_cannot_start_makes_turns_unavailable(tmp_path: Path) -> None:
    vosk = VoskRecogniser(tmp_path, command=lambda _: ("/nowhere/at/all",))
    with pytest.raises(Unavailable):
        await vosk.start(0.3)
    await vosk.close()
    with pytest.raises(Unavailable, match="closed"):
        await vosk.start()


def test_the_process_dies_when_its_parent_is_killed(tmp_path: Path) -> None:
    code = f"""
import asyncio
from pathlib import Path
from guichet.transcripts.vosk_recogniser import VoskRecogniser
async def main():
    vosk = VoskRecogniser(Path({str(tmp_path)!r}))
    await vosk.start()
    print(vosk.pid, flush=True)
    await asyncio.Event().wait()
asyncio.run(main())
"""
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    child = next(int(line) for line in parent.stdout if line.strip().isdigit())
    descriptor = os.pidfd_open(child)
    parent.kill()
    parent.communicate()
    try:
        poll = select.poll()
        poll.register(descriptor)
        assert poll.poll(10_000), "the recogniser process outlived its parent"
    finally:
        os.close(descriptor)


@pytest.mark.model
async def test_the_english_model_hears_digits_in_its_own_process() -> None:
    vosk = VoskRecogniser(MODELS)
    try:
        await vosk.start()
        turn = await vosk.listen(Language.EN, Digits())
        play(turn, silence(1))
        turn.stop()
        heard = await asyncio.wait_for(turn.heard(), 10)
        assert (heard.text, heard.seconds, heard.ending) == ("", 1.0, Ending.STOPPED)
    finally:
        await vosk.close()
