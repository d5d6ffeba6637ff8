"""Speaking over a prompt, measured: how soon it falls silent, what does not stop it, how soon the answer begins.

    python -m benchmarks.barge_in [--recordings FOLDER] [--calls N] [--models FOLDER]

First the detector alone (`transcripts/interruption.py`), in seconds of audio: sentences of py-nanotts voices at three
speeds on a quiet and a noisy line, then (with --recordings, a folder of WAV files of 8 or 16 kHz) people's own
recordings; and made coughs, hums and hesitations, which should end nothing. Then whole calls in real time: the gateway
in duplex mode (`guichet serve --embedded`, the English model), the simulated carrier, and a caller who speaks over the
question: from their first sound to the `clear` of the prompt, from their last sound to the first audio of the answer.
"""

import argparse
import asyncio
import os
import secrets
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from statistics import quantiles

import numpy as np

from benchmarks.first_call import free_port, serving
from guichet.carrier.simulator.calls import CallRecord
from guichet.carrier.simulator.log import Kind
from guichet.carrier.simulator.pace import Pace
from guichet.carrier.simulator.parties import Answers, Speak
from guichet.carrier.simulator.simulator import Simulator, SimulatorSettings
from guichet.carrier.voice import load, synthesise
from guichet.core.language import Language
from guichet.gateway import settings
from guichet.transcripts.interruption import Interruption
from guichet.transcripts.model_files import model_folder
from guichet.transcripts.mulaw import RATE, decode, encode

FRAME = RATE // 50
LINE, CALLER = "+442079460010", "+33639981006"
PUBLIC_URL = "https://guichet.example"
ACCOUNT = "AC" + "0" * 31 + "1"
TARGET = 0.3
VOICES = {"fr-FR": Language.FR, "en-GB": Language.EN, "en-US": Language.EN}
SENTENCES = {
    Language.FR: ("oui", "non", "un agent", "je voudrais un acte de naissance", "non pas ça", "allô", "attendez"),
    Language.EN: ("yes", "no", "an agent please", "I need a birth certificate", "not that", "hello", "wait"),
}
HESITATIONS = {Language.FR: ("euh", "hum"), Language.EN: ("uh", "um", "hmm")}
LONGEST_SECONDS = 60.0
QUESTION_SECONDS = 13.0
"""After how many seconds of our speech the question is being asked."""
SPOKEN = "I need a birth certificate"


def noticed(audio: bytes) -> float | None:
    """Return after how many seconds the detector notices somebody."""
    interruption = Interruption()
    for number, start in enumerate(range(0, len(audio), FRAME)):
        if interruption.feed(audio[start : start + FRAME]):
            return (number + 1) * FRAME / RATE
    return None


def onset(audio: bytes) -> float:
    """Return when a sound begins: the first 20 ms at a twentieth of its loudest."""
    samples = decode(audio).astype(np.float64)
    rms = np.sqrt((samples[: len(samples) // FRAME * FRAME].reshape(-1, FRAME) ** 2).mean(axis=1))
    return float(np.argmax(rms > max(60.0, rms.max() / 20))) * FRAME / RATE


def noise(seconds: float, loudness: float, random: np.random.Generator) -> bytes:
    """Return steady noise; its loudness is its deviation against full scale."""
    return encode((random.normal(0, loudness, int(seconds * RATE)) * 32767).clip(-32768, 32767).astype(np.int16))


def coughs(count: int, random: np.random.Generator) -> Iterator[bytes]:
    """Make coughs: one or two coloured bursts of noise that die away, with a little voice in them."""
    for _ in range(count):
        parts = []
        for _burst in range(random.integers(1, 3)):
            time = np.arange(int(RATE * random.uniform(0.12, 0.35))) / RATE
            burst = random.normal(size=len(time)) * np.exp(-time / random.uniform(0.03, 0.12))
            burst = np.convolve(burst, random.normal(size=8), "same")
            voice = np.sin(2 * np.pi * random.uniform(100, 220) * time) * np.exp(-time / 0.06) * random.uniform(0, 0.5)
            whole = burst / np.abs(burst).max() + voice
            parts += [whole / np.abs(whole).max() * random.uniform(4000, 16000), np.zeros(RATE // 8)]
        yield encode(np.concatenate(parts).astype(np.int16))


def tell(name: str, delays: Sequence[float | None]) -> None:
    """Print the delays of sounds that should stop a prompt."""
    known = sorted(delay for delay in delays if delay is not None)
    if len(known) < 2:
        print(f"{name:42} {len(known)} of {len(delays)} noticed")
        return
    p50, p95 = quantiles(known, n=20)[9], quantiles(known, n=20)[18]
    soon = sum(delay <= TARGET for delay in known)
    print(f"{name:42} {len(known)} of {len(delays)}; p50 {p50:.2f} s, p95 {p95:.2f} s; {soon} within {TARGET} s")


def detector(recordings: Path | None) -> None:
    """Measure the detector alone."""
    random = np.random.default_rng(1)
    lines = {"a quiet line": b"\xff" * (RATE // 2), "a noisy line": noise(0.5, 0.003, random)}
    for name, line in lines.items():
        delays: list[float | None] = []
        for voice, language in VOICES.items():
            for text in SENTENCES[language]:
                for speed in (0.9, 1.0, 1.15):
                    speech = synthesise(text, language, voice=voice, speed=speed)
                    at = noticed(line + speech + line)
                    delays.append(None if at is None else at - len(line) / RATE - onset(speech))
        tell(f"synthesised speech, {name}", delays)
    if recordings is not None:
        spoken = [load(path) for path in sorted(recordings.rglob("*.wav"))]
        pad = b"\xff" * (RATE // 2)
        found = [(noticed(pad + speech), onset(speech)) for speech in spoken]
        tell("recordings of people", [None if at is None else at - 0.5 - begins for at, begins in found])
    pad = b"\xff" * (RATE // 2)
    made = list(coughs(200, random))
    paused = sum(noticed(pad + one + pad) is not None for one in made)
    print(f"{'made coughs':42} {paused} of {len(made)} pause a prompt, which then goes on")
    hums = [
        synthesise(text, language, voice=voice, speed=speed)
        for voice, language in VOICES.items()
        for text in HESITATIONS[language]
        for speed in (0.8, 1.0, 1.15)
    ]
    paused = sum(noticed(pad + one + pad) is not None for one in hums)
    print(f"{'hesitations (euh, um)':42} {paused} of {len(hums)} pause a prompt, which then goes on")


async def calls(count: int, gateway_port: int, token: str) -> list[tuple[float, float]]:
    """Call in real time; return seconds to the silence of the prompt, and to the first audio of the answer."""
    speech = synthesise(SPOKEN, Language.EN)
    begins, ends = onset(speech), len(speech.rstrip(b"\xff\x7f")) / RATE
    settings = SimulatorSettings(
        account_sid=ACCOUNT,
        auth_token=token,
        gateway_url=f"http://127.0.0.1:{gateway_port}",
        public_url=PUBLIC_URL,
        pace=Pace(1.0),
        ears=lambda _: "audio",
    )
    measured = []
    async with Simulator(settings) as simulator:
        for number in range(count):
            party = Answers([Speak(speech, SPOKEN, early=QUESTION_SECONDS)], ring=0.0)
            record, call = simulator.ring(CALLER, LINE, party)
            found = None
            while found is None and not call.done() and record.seconds < LONGEST_SECONDS:
                await asyncio.sleep(0.1)
                found = _found(record, begins, ends)
            call.cancel()
            await asyncio.gather(call, return_exceptions=True)
            if found is not None:
                measured.append(found)
            print(f"call {number + 1} of {count}", file=sys.stderr)
    return measured


def _found(record: CallRecord, begins: float, ends: float) -> tuple[float, float] | None:
    """Return seconds from the first sound to the `clear` and from the last to the first audio after it, once known."""
    spoke = next((event.at + QUESTION_SECONDS for event in record.log.of(Kind.SPOKE)), None)
    if spoke is None:
        return None
    clears = [event.at for event in record.log.of(Kind.STREAM) if event.what == "cleared" and event.at > spoke]
    after = [event.at for event in record.log.of(Kind.SAID) if event.at > spoke + ends]
    return (clears[0] - spoke - begins, after[0] - spoke - ends) if clears and after else None


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--recordings", type=Path, help="a folder of WAV files of people speaking")
    parser.add_argument("--calls", type=int, default=5, help="whole calls in real time; 0 leaves them out")
    parser.add_argument("--models", type=Path, default=settings.load().models_dir, help="the folder of speech models")
    options = parser.parse_args()
    detector(options.recordings)
    if not options.calls:
        return
    if model_folder(options.models, Language.EN) is None:
        sys.exit(f"no English model in {options.models}: guichet models install en, or --models FOLDER")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="guichet-benchmark-")))
        token, port = secrets.token_hex(16), free_port()
        os.environ.update(
            GUICHET_PUBLIC_URL=PUBLIC_URL,
            GUICHET_TWILIO_ACCOUNT_SID=ACCOUNT,
            GUICHET_TWILIO_AUTH_TOKENS=token,
            GUICHET_DATA_DIR=str(folder),
            GUICHET_MODELS_DIR=str(options.models.resolve()),
            GUICHET_VOICE_MODE="duplex",
        )
        command = [sys.executable, "-m", "guichet", "serve", "--embedded", "--port", str(port)]
        stack.enter_context(serving(command, port, "/readyz", folder / "gateway.log"))
        measured = asyncio.run(calls(options.calls, port, token))
    tell("whole calls: first sound to silence", [silence for silence, _ in measured])
    tell("whole calls: last sound to the answer", [answer for _, answer in measured])


if __name__ == "__main__":
    main()
