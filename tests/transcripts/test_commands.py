"""`guichet models` and `guichet transcribe`, as scripts use them."""

import json
import os
import wave
from pathlib import Path

import pytest

from guichet.carrier.voice import synthesise
from guichet.core.language import Language
from guichet.gateway import cli
from guichet.transcripts.mulaw import RATE, decode
from tests.transcripts.voices import silence

MODELS = Path(os.environ.get("GUICHET_MODELS_DIR", "var/models")).absolute()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GUICHET_MODELS_DIR", str(tmp_path / "models"))
    return tmp_path


def record(path: Path, mulaw: bytes, channels: int = 1) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(decode(mulaw).tobytes())


def test_models_are_listed_with_their_folder_or_none(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["models", "list", "--json"]) == 0
    listed = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    sizes = [(one["language"], one["size"], one["folder"]) for one in listed]
    assert sizes == [(language, size, None) for size in ("small", "large") for language in ("fr", "en")]
    assert cli.run(["models", "list"]) == 0
    told = capsys.readouterr().out
    assert "not installed: guichet models install fr\n" in told
    assert "1400 MB  not installed: guichet models install fr --size large" in told


def test_a_model_of_ones_own_stands_in_the_place_of_the_small_one(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("am/final.mdl", "conf/mfcc.conf"):
        file = folder / "models" / "vosk-model-town-fr-1" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    assert cli.run(["models", "list", "--json"]) == 0
    listed = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [one["folder"] is not None for one in listed] == [True, False, False, False]


def test_verify_fails_without_a_model_and_names_the_faults(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["models", "verify"]) == 1
    assert cli.run(["models", "verify", "en", "--json"]) == 1
    (told,) = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert (told["right"], told["faults"]) == (False, ["not installed: guichet models install en"])


@pytest.mark.parametrize(
    ("arguments", "code", "reason"),
    [
        (["install", "de"], 2, "no speech model for 'de'"),
        (["install", "fr", "en", "--from", "x.zip"], 2, "one language"),
        (["install", "fr", "en", "--size", "large", "--sha256", "0" * 64], 2, "one language"),
        (["install", "fr", "--size", "large", "--sha256", "abc"], 2, "64 hexadecimal digits"),
        (["install", "fr", "--sha256", "0" * 64], 2, "is known, and is another one"),
        (["install", "fr", "--from", "nothing.zip"], 2, "no such file"),
        (["install", "fr", "--from", "http://127.0.0.1:9/"], 1, "cannot be reached"),
        (["install", "fr", "--from", "ftp://127.0.0.1/fr.zip"], 2, "only http and https"),
        (["install", "fr", "--from", "."], 2, "no regular file"),
    ],
)
def test_what_cannot_be_installed_is_one_line_on_standard_error(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, reason: str
) -> None:
    assert cli.run(["models", *arguments]) == code
    told = capsys.readouterr()
    assert told.out == ""
    assert reason in told.err
    assert len(told.err.splitlines()) == 1


def test_without_a_model_transcribe_says_what_to_install(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["transcribe", "x.wav", "--language", "fr"]) == 1
    assert "guichet models install fr" in capsys.readouterr().err
    assert cli.run(["transcribe", "x.wav", "--language", "tlh"]) == 2


@pytest.mark.model
def test_the_installed_english_model_is_right(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GUICHET_MODELS_DIR", str(MODELS))
    assert cli.run(["models", "verify", "en", "--json"]) == 0


@pytest.mark.model
def test_files_are_heard_one_line_each_and_bad_ones_are_named(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GUICHET_MODELS_DIR", str(MODELS))
    spoken = silence(0.5) + synthesise("one, two, three, four", Language.EN) + silence(0.5)
    record(folder / "good.wav", spoken)
    record(folder / "stereo.wav", spoken, channels=2)
    (folder / "raw.ulaw").write_bytes(spoken)
    (folder / "empty.wav").write_bytes(b"")
    (folder / "cut.wav").write_bytes((folder / "good.wav").read_bytes()[:-4000])
    files = ["good.wav", "stereo.wav", "empty.wav", "raw.ulaw", "cut.wav"]
    assert cli.run(["transcribe", *files, "--expect", "digits", "--json"]) == 2
    told = capsys.readouterr()
    first, second, third = [json.loads(line) for line in told.out.splitlines()]
    assert (first["file"], first["language"], first["value"]) == ("good.wav", "en", "1234")
    assert first["text"] == "one two three four" == " ".join(word["word"] for word in first["words"])
    assert set(first["words"][0]) == {"word", "start", "end", "confidence"}
    assert first["seconds"] == pytest.approx(len(spoken) / RATE, abs=0.01)
    assert isinstance(first["alternatives"], list)
    assert (second["file"], second["value"]) == ("raw.ulaw", "1234")
    assert [one["cut"] for one in (first, second, third)] == [False, False, True]
    assert [line.split(":")[0] for line in told.err.splitlines()] == ["guichet"] * 3
    assert "cut.wav is cut short" in told.err
    assert "2 channels" in told.err


@pytest.mark.model
@pytest.mark.parametrize(
    ("kind", "said", "value"),
    [
        ("phone", "zero six, three nine, nine eight, one zero, zero one", "+33639981001"),
        ("postcode", "seven five oh one one", "75011"),
    ],
)
def test_telephone_numbers_and_postcodes_give_their_value(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], kind: str, said: str, value: str
) -> None:
    monkeypatch.setenv("GUICHET_MODELS_DIR", str(MODELS))
    record(folder / "said.wav", silence(0.5) + synthesise(said, Language.EN) + silence(0.5))
    assert cli.run(["transcribe", "said.wav", "--expect", kind, "--json"]) == 0
    assert value in json.loads(capsys.readouterr().out)["value"].splitlines()


@pytest.mark.model
def test_people_get_a_line_they_can_read(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GUICHET_MODELS_DIR", str(MODELS))
    record(folder / "silence.wav", silence(1))
    assert cli.run(["transcribe", "silence.wav"]) == 0
    assert capsys.readouterr().out == "silence.wav  (1.0 s)  —\n"
