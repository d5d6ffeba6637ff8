"""`guichet demo` as a real process: interrupted in mid-call it leaves nothing, and another can follow at once."""

import asyncio
import os
import signal
from pathlib import Path

import pytest

from guichet.gateway.cli import run
from tests.gateway.processes import of_folder, running, settings_of, until

MODELS = Path(os.environ.get("GUICHET_MODELS_DIR", "var/models")).resolve()


@pytest.mark.model
async def test_ended_in_mid_call_it_leaves_nothing_and_the_next_one_is_clean(tmp_path: Path) -> None:
    own = settings_of(tmp_path, models_dir=MODELS)
    both = ((signal.SIGINT, "caller says", ["demo"]), (signal.SIGTERM, "the gateway, its Redis", ["demo", "--json"]))
    for number, sight, arguments in both:
        log = tmp_path / f"{number.name}.log"
        with running(arguments, own, log) as demo:
            await until(lambda log=log, sight=sight: sight in log.read_text(), 60)  # type: ignore[misc]
            assert len(of_folder(tmp_path)) + len(of_folder(tmp_path / "demo")) >= 3
            demo.send_signal(number)
            assert await asyncio.to_thread(demo.wait, 20) == 130
        await until(lambda: not of_folder(tmp_path) and not of_folder(tmp_path / "demo"), 5)
        assert "Traceback" not in log.read_text()
        assert '"event"' not in log.read_text()


def test_without_the_model_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GUICHET_MODELS_DIR", str(tmp_path))
    assert run(["demo"]) == 1
    assert "guichet models install en" in capsys.readouterr().err
